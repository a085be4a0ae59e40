package import LedgerCore
import MerkleLog
package import Ordering
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
    /// the others of, or signed, so it is kept even where the engine can no longer give it. Nil if it gives other leaves now.
    package mutating func resume(_ stored: ForeignBlock, at time: Instant) throws -> [Event]? {
        guard let open = execute(stored) else { return nil }
        return try hold(open.block, open.undo, at: time)
    }

    /// Whether another party has come to something else, and nothing that is not final here is signed.
    package var isContested: Bool { finality?.isContested ?? false }

    /// Whether a batch that the engine gives fits what is executed and not final: it is what was executed at its place, where
    /// anything was, and nothing was executed between the batch given before it, at `last`, and this one.
    package func fits(_ batch: Batch, at position: UInt64, after last: UInt64) -> Bool {
        for block in open.reversed() {
            let seal = block.block.seal
            if seal.position <= last { break }
            if seal.position > position { continue }
            guard seal.position == position, seal.proposer == batch.proposer, seal.clock == batch.clock
            else { return false }
        }
        return true
    }

    /// The position of the newest final block.
    package var finalPosition: UInt64 { finalSeal?.position ?? 0 }

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
