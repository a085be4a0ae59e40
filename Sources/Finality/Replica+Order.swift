package import LedgerCore
import MerkleLog
package import Primitives

/// What outlasts a restart of the node, and the loss of the engine.
extension Replica {
    /// The newest final block's end; nil in an empty ledger.
    package var finalSize: UInt64? { finalSeal.map { $0.index + 1 } }

    /// The seal of the block that ends at `point` and is not final; nil if there is none.
    package func openSeal(at point: Point) -> Seal? {
        open.first { $0.block.size == point.size && $0.block.root == point.root }?.block.seal
    }

    /// A block counts that was stored before the node was started, and was not final then: it may be what this party has told
    /// the others of, or signed, so it is kept even where the engine can no longer give it.
    package mutating func resume(_ prepared: Prepared, at time: Instant) throws -> [Event] {
        guard let undo = prepared.undo else { return [] }
        return try hold(prepared.block, undo, at: time)
    }

    /// A stored block that was not final gives other leaves when it is executed again, as with another version of the program:
    /// it is forgotten, with what follows, and comes again from the engine or from the others.
    package func forgetStored() throws {
        guard let seal = machine.lastSeal else { return }
        try log.rollBack(above: seal.height, size: seal.index + 1)
    }

    /// The order begins anew after a log of `size` leaves, which is reached: what came after is taken back, unless it is final,
    /// and the others are told once more where this node stands.
    package mutating func beginAnew(after size: UInt64, at time: Instant) throws -> [Event] {
        while let last = open.last, last.block.size > size {
            machine.rollBack(last.undo)
            open.removeLast()
        }
        try forgetStored()
        let kept = max(size, finalSize ?? 0)
        let actions = finality?.beganAnew(after: kept) ?? []
        return try perform(actions, at: time)
    }
}
