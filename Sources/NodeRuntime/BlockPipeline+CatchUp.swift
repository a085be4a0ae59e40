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
        /// Who keeps the ledger after what is final.
        let network: NetworkRow?
        /// Whether the last block changes that.
        let isBarrier: Bool
    }

    /// The end of this node's copy.
    var end: End {
        let seal = replica.machine.lastSeal
        let network = replica.finalNetwork
        return End(
            height: seal?.height ?? 0, size: seal.map { $0.index + 1 } ?? 0, network: network,
            isBarrier: replica.machine.network != network)
    }

    /// How long, in ms, a change of the parties may be final elsewhere and not here before it is fetched from the others.
    private static let barrierPatience: Int64 = 10_000

    /// What made a change of the parties final may be gone from the engine, while the others have gone on: then that comes
    /// from them.
    func passBarrier() throws {
        guard parts.peers != nil, replica.isBarrierPassed else {
            changes.barrierSince = nil
            return
        }
        let now = parts.clock()
        let since = changes.barrierSince ?? now
        changes.barrierSince = since
        guard now >= since.advanced(byMilliseconds: BlockPipeline.barrierPatience) else { return }
        changes.barrierSince = nil
        throw CatchUpNeeded()
    }

    /// Takes back what is not final: it may be what the others do not have.
    func beginCatchUp() throws {
        try replica.rollBack(catchingUp: true)
        wereTakenBack()
    }

    /// Nothing more is to be had from the others: the engine is followed again from what is final.
    func endCatchUp() throws { try replica.rollBack() }

    /// Where the final part of this node's copy ends.
    var finalSize: UInt64 { replica.finalSize ?? 0 }

    /// Executes a block that others have made; its leaves end with the seal.
    func adopt(_ leaves: [[UInt8]]) async throws {
        guard let last = leaves.last, let seal = try? Seal(parsing: last) else { throw PeerFault.badBundle }
        let texts = leaves.compactMap { leaf in (try? TransactionText.parsingLeaf(leaf))?.0.bytes }
        let checked = await Rechecking(parts.admission).check(texts)
        let sound = checked.compactMap { $0 }
        guard sound.count == texts.count else { throw PeerFault.badTransaction }
        guard let prepared = replica.execute(sound.map(\.transaction), as: seal, leaves: leaves)
        else { throw PeerFault.otherLeaves }
        try deal(with: replica.store(prepared, at: parts.clock()))
    }

    /// Makes the adopted blocks final by a checkpoint; false if a quorum has not cosigned it, or it is not of their end.
    func finishCatchUp(_ checkpoint: SignedCheckpoint) throws -> Bool {
        guard let network = replica.finalNetwork,
            let policy = try? WitnessPolicy(log: parts.signer.logVerifier, network: network),
            (try? policy.require(checkpoint, using: CryptoEd25519.self)) != nil
        else { return false }
        let events = try replica.caughtUp(to: checkpoint, at: parts.clock())
        guard !events.isEmpty else { return false }
        try deal(with: events)
        return true
    }
}
