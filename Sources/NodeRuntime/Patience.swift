import Primitives

/// How long something has been so that may come right by itself.
struct Patience {
    private let limit: Int64
    private var since: Instant?

    /// Patience for so many ms.
    init(milliseconds limit: Int64) { self.limit = limit }

    /// Whether it has been so for too long; begins anew then, and whenever it is not so.
    mutating func isOver(_ isSo: Bool, at now: Instant) -> Bool {
        let began = since ?? now
        let isOver = isSo && now >= began.advanced(byMilliseconds: limit)
        since = isSo && !isOver ? began : nil
        return isOver
    }
}
