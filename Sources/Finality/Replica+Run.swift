import ContractKit
import LedgerCore
package import MerkleLog
package import Primitives

/// Taking over what others have made final, many blocks at a time: a commit each would keep a node that was away waiting for
/// its disk.
extension Replica {
    /// What became of a run of others' blocks.
    package enum Adoption: Sendable {
        /// It is stored, and final where a checkpoint came with it.
        case taken([Event])
        /// The block at this place of the run changes who keeps the ledger: it must become final under the old rule, by a
        /// checkpoint of its own, before anything after it counts. Nothing was taken.
        case barrier(Int)
        /// Executing a block gives other leaves. Nothing was taken.
        case otherLeaves
        /// The checkpoint is not the run's, or no quorum has cosigned it. Nothing was taken.
        case notCosigned
    }

    /// Executes blocks of others that follow this node's last one, holds them to the checkpoint, and stores them in one
    /// transaction, all or nothing: neither the machine nor the disk keeps anything of a run that does not hold. Without
    /// `head` they are stored as not final. `isEnd` is true for the last run.
    ///
    /// With `point` they are what people begin an order anew after: they must end there, and stay not final, also where one
    /// of them changes who keeps the ledger.
    ///
    /// Throws `BlockNotStored` where the log did not take it.
    package mutating func adopt(
        _ run: [ForeignBlock], by head: SignedCheckpoint?, isEnd: Bool, upTo point: Point? = nil, at time: Instant
    ) throws -> Adoption {
        guard var finality else { return .notCosigned }
        let network = finality.network
        var taken: [OpenBlock] = []
        var after = network
        for (place, foreign) in run.enumerated() {
            guard let next = execute(foreign) else {
                takeBack(taken)
                return .otherLeaves
            }
            machine.commit(next.block)
            taken.append(next)
            after = machine.network ?? network
            let actions = finality.executed(Point(size: next.block.size, root: next.block.root), network: after)
            for case .contradiction(let signed) in actions {
                takeBack(taken)
                // It stays stopped, whoever gives it blocks.
                finality.rolledBack(catchingUp: true)
                self.finality = finality
                return .taken([.contradiction(signed: signed)])
            }
            if point == nil, after != network, place < run.count - 1 || head == nil {
                takeBack(taken)
                return .barrier(place)
            }
        }
        guard let last = taken.last?.block else { return .notCosigned }
        if let point, point != Point(size: last.size, root: last.root) {
            takeBack(taken)
            return .otherLeaves
        }
        if let head, !isCosigned(head, of: last, by: network) {
            takeBack(taken)
            return .notCosigned
        }
        do {
            let rows = try taken.map { open in
                (block: open.block, checkpoint: try signer.checkpointText(size: open.block.size, root: open.block.root))
            }
            try log.append(rows, finalBy: head?.bytes)
        } catch {
            takeBack(taken)
            throw BlockNotStored(cause: error)
        }
        open += taken
        self.finality = finality
        guard let head else { return .taken([]) }
        let blocks = open.map(\.block)
        open = []
        finalSeal = last.seal
        let actions = self.finality?.caughtUp(
            to: Point(size: last.size, root: last.root), network: after, isEnd: isEnd)
        noteKeys(at: last.seal.time)
        return .taken(
            made(final: blocks, by: head) + (try perform(actions ?? [], at: time)) + (try readAgain(at: time)))
    }

    /// Executes a block as its seal says; nil if that gives other leaves.
    mutating func execute(_ foreign: ForeignBlock) -> OpenBlock? {
        let mark = machine.mark
        let seal = foreign.seal
        let block = machine.execute(
            foreign.transactions, unchecked: foreign.unchecked, at: seal.time, position: seal.position,
            proposer: seal.proposer, clock: seal.clock)
        let undo = machine.undo(block, to: mark)
        guard block.leaves == foreign.leaves else {
            machine.rollBack(undo, wasCommitted: false)
            return nil
        }
        return OpenBlock(block: block, undo: undo)
    }

    private mutating func takeBack(_ taken: [OpenBlock]) {
        for block in taken.reversed() { machine.rollBack(block.undo) }
    }

    private func isCosigned(_ head: SignedCheckpoint, of last: ExecutedBlock, by network: NetworkRow) -> Bool {
        guard head.checkpoint.size == last.size, head.checkpoint.root == last.root,
            let policy = try? WitnessPolicy(log: signer.logVerifier, network: network)
        else { return false }
        return (try? policy.require(head, using: CryptoEd25519.self)) != nil
    }
}
