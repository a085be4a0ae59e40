/// An instant on the wall clock of one fixed zone, worked out with integers.
package struct CalendarTime: Equatable, Sendable {
    /// Gregorian year.
    package let year: Int64
    /// Month, 1 to 12.
    package let month: Int64
    /// Day of the month, from 1.
    package let day: Int64
    /// Hour, 0 to 23.
    package let hour: Int64
    /// Minute, 0 to 59.
    package let minute: Int64
    /// Second, 0 to 59.
    package let second: Int64
    /// Day of the week, 0 for Sunday.
    package let weekday: Int64

    /// - Parameters:
    ///   - milliseconds: since 1970 UTC; held within the years 1 to 9999.
    ///   - offsetMinutes: the zone, east of UTC positive; China keeps +480 all year.
    package init(milliseconds: Int64, offsetMinutes: Int64 = 480) {
        let bounded = min(max(milliseconds, -62_135_596_800_000), 253_402_214_400_000)
        let seconds = CalendarTime.floorDivide(bounded, 1000) + min(max(offsetMinutes, -1_440), 1_440) * 60
        let days = CalendarTime.floorDivide(seconds, 86_400)
        let rest = seconds - days * 86_400
        hour = rest / 3600
        minute = rest / 60 % 60
        second = rest % 60
        weekday = ((days + 4) % 7 + 7) % 7
        // Days to date by eras of 400 years that begin on 1 March, so that the leap day is the last of its year.
        let shifted = days + 719_468
        let era = CalendarTime.floorDivide(shifted, 146_097)
        let dayOfEra = shifted - era * 146_097
        let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let shiftedMonth = (5 * dayOfYear + 2) / 153
        day = dayOfYear - (153 * shiftedMonth + 2) / 5 + 1
        month = shiftedMonth < 10 ? shiftedMonth + 3 : shiftedMonth - 9
        year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
    }

    /// "2026-03-05T14:30:00+08:00" for `<time datetime>` (RFC 3339).
    package func machineText(offsetMinutes: Int64 = 480) -> String {
        let sign = offsetMinutes < 0 ? "-" : "+"
        let zone = "\(sign)\(two(abs(offsetMinutes) / 60)):\(two(abs(offsetMinutes) % 60))"
        return "\(four(year))-\(two(month))-\(two(day))T\(two(hour)):\(two(minute)):\(two(second))\(zone)"
    }

    /// "14:30".
    package var clock: String { "\(two(hour)):\(two(minute))" }

    private func two(_ number: Int64) -> String { number < 10 ? "0\(number)" : "\(number)" }
    private func four(_ number: Int64) -> String {
        String(repeating: "0", count: max(0, 4 - "\(number)".utf8.count)) + "\(number)"
    }

    private static func floorDivide(_ number: Int64, _ divisor: Int64) -> Int64 {
        let quotient = number / divisor
        return number % divisor < 0 ? quotient - 1 : quotient
    }
}
