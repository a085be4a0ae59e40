import ContractKit
import Finality
import LedgerCore
import MerkleLog
import Primitives

/// Taking over blocks that others have made final.
extension BlockPipeline {
    /// Where the ledger ends here.
    struct End: Sendable {
        let height: UInt64
        let size: UInt64
    }

    /// The end of this node's copy.
    var end: End {
        let seal = replica.machine.lastSeal
        return End(height: seal?.height ?? 0, size: seal.map { $0.index + 1 } ?? 0)
    }

    /// What made a change of the parties final may be gone from the engine, while the others have gone on: then that comes
    /// from them.
    func passBarrier() throws {
        let isPassed = parts.peers != nil && replica.isBarrierPassed
        if changes.barrier.isOver(isPassed, at: parts.clock()) { throw CatchUpNeeded() }
    }

    /// Takes back what is not final: it may be what the others do not have.
    func beginCatchUp() throws {
        try replica.rollBack(catchingUp: true)
        wereTakenBack()
    }

    /// What was begun did not succeed: the engine is followed again from what is final.
    func endCatchUp() throws {
        try replica.rollBack()
        wereTakenBack()
    }

    /// Where the final part of this node's copy ends.
    var finalSize: UInt64 { replica.finalSize ?? 0 }

    /// Takes a run of blocks that others have made, each with its seal last, all or nothing; they are final by `head`, which
    /// is of their end, or not yet without it. Gives the place of a block that changes who keeps the ledger, where there is
    /// one that must be final by a checkpoint of its own first: nothing was taken then.
    func adopt(_ blocks: [[[UInt8]]], by head: SignedCheckpoint?, isEnd: Bool) async throws -> Int? {
        let run = try await read(blocks)
        switch try replica.adopt(run, by: head, isEnd: isEnd, at: parts.clock()) {
        case .taken(let events):
            for block in run { openTransactions += block.transactions.count }
            try deal(with: events)
            return nil
        case .barrier(let place): return place
        case .otherLeaves: throw PeerFault.otherLeaves
        case .notCosigned: throw PeerFault.notCosigned
        }
    }

    /// Checks the signatures of a whole run at once, on all cores.
    func read(_ blocks: [[[UInt8]]]) async throws -> [ForeignBlock] {
        let texts = blocks.map { $0.compactMap { (try? TransactionText.parsingLeaf($0))?.0.bytes } }
        let checked = await Rechecking(parts.admission).check(texts.flatMap { $0 })
        var run: [ForeignBlock] = []
        run.reserveCapacity(blocks.count)
        var start = 0
        for (leaves, own) in zip(blocks, texts) {
            guard let last = leaves.last, let seal = try? Seal(parsing: last) else { throw PeerFault.badBundle }
            let sound = checked[start..<start + own.count].compactMap { $0 }
            guard sound.count == own.count else { throw PeerFault.badTransaction }
            start += own.count
            run.append(
                ForeignBlock(
                    seal: seal, leaves: leaves, transactions: sound.map(\.transaction),
                    unchecked: Set(sound.lazy.filter { !$0.isChecked }.map(\.transaction.id))))
        }
        return run
    }
}
