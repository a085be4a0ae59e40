/// A point in time: whole milliseconds since 1970-01-01T00:00:00Z, as in every ledger format.
@frozen
public struct Instant: Hashable, Comparable, Sendable {
    /// Milliseconds since 1970 UTC.
    public let milliseconds: Int64

    /// Wraps a count of milliseconds since 1970 UTC.
    @inlinable
    public init(milliseconds: Int64) { self.milliseconds = milliseconds }

    /// Earlier is smaller.
    @inlinable
    public static func < (left: Instant, right: Instant) -> Bool { left.milliseconds < right.milliseconds }

    /// This instant moved by `duration` milliseconds; stays at the limit instead of overflowing.
    @inlinable
    public func advanced(byMilliseconds duration: Int64) -> Instant {
        let (sum, overflow) = milliseconds.addingReportingOverflow(duration)
        return Instant(milliseconds: overflow ? (duration < 0 ? .min : .max) : sum)
    }

    /// This instant moved by whole days of 24 hours.
    @inlinable
    public func advanced(byDays days: Int64) -> Instant {
        let (product, overflow) = days.multipliedReportingOverflow(by: Instant.day)
        return advanced(byMilliseconds: overflow ? (days < 0 ? .min : .max) : product)
    }

    /// Milliseconds in a second.
    public static let second: Int64 = 1_000
    /// Milliseconds in a minute.
    public static let minute: Int64 = 60_000
    /// Milliseconds in an hour.
    public static let hour: Int64 = 3_600_000
    /// Milliseconds in a day of 24 hours.
    public static let day: Int64 = 86_400_000
}
