import Ordering
import Primitives

/// How the positions of one order lie in etcd's revisions: those of the first are the revisions themselves; one that was
/// begun anew counts on from its start, whose revision stands for the position that it names.
struct EtcdOrder: Sendable, Equatable {
    let name: OrderName
    private let position: UInt64
    private let revision: Int64

    /// The order that the ledger began with.
    static let first = EtcdOrder(name: .first, position: 0, revision: 0)

    /// The order that `start` began when it was written at `revision`. The same text written once more is another order.
    init(_ start: OrderStart, at revision: Int64) {
        self.init(
            name: OrderName("\(start.time.milliseconds) \(revision)"), position: start.position, revision: revision)
    }

    private init(name: OrderName, position: UInt64, revision: Int64) {
        self.name = name
        self.position = position
        self.revision = revision
    }

    /// Where a position lies; its start for one that is before it.
    func revision(of place: UInt64) -> Int64 {
        let further = Int64(clamping: place > position ? place - position : 0)
        let (sum, isTooLarge) = revision.addingReportingOverflow(further)
        return isTooLarge ? .max : sum
    }

    /// The position of something written at a revision; the start's for what was there before it.
    func position(of place: Int64) -> UInt64 {
        let (sum, isTooLarge) = position.addingReportingOverflow(UInt64(clamping: place - revision))
        return isTooLarge ? .max : sum
    }
}
