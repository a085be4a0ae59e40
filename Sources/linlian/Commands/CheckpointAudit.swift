import ContractKit
import LedgerCore
import MerkleLog
import NodeRuntime
import Primitives
import Storage
import Verifier

/// Asks for a policy's signatures, and says where they are missing.
enum PolicyCheck {
    static func require(_ policy: WitnessPolicy, _ head: SignedCheckpoint, at place: String) throws {
        do {
            try policy.require(head, using: CryptoEd25519.self)
        } catch {
            throw AuditFailure(at: place, check: error.code, expected: "the policy's signatures", found: "\(error)")
        }
    }
}

/// Who keeps a ledger that is replayed: before its last block, and after it.
struct Keepers {
    private(set) var before: NetworkRow?
    private(set) var after: NetworkRow?

    /// One more block was replayed.
    mutating func follow(_ machine: LedgerMachine) { (before, after) = (after, machine.network) }

    /// Whether the last block is the one that brought the parties together.
    var isFounding: Bool { before == nil && after != nil }

    /// Asks for a quorum of those who kept the ledger before its last block: a change of the parties becomes final under the
    /// rule before it. The block that brought them together may be cosigned by a quorum of the new parties instead.
    func require(_ head: SignedCheckpoint, log: VerifierKey, at place: String) throws {
        guard let network = before else { return }
        try PolicyCheck.require(try WitnessPolicy(log: log, network: network), head, at: place)
    }
}

/// Checks the checkpoints in a node's folder: whose signatures each one needs.
///
/// A ledger that one party keeps has a signed checkpoint at every block. Where several keep it, a checkpoint stands for all
/// blocks before it, so that only some have one; the newest final block must.
struct CheckpointAudit {
    let signer: NodeSigner
    /// The policy that the reader gave, for the newest final checkpoint.
    let given: WitnessPolicy?
    /// Height of the newest final block.
    let final: UInt64
    private(set) var isFoundingOpen = false
    private var keepers = Keepers()
    /// A checkpoint of the time when one party kept the ledger, which was perhaps another than this node's.
    private var unsure: AuditFailure?

    init(signer: NodeSigner, given: WitnessPolicy?, final: UInt64) {
        self.signer = signer
        self.given = given
        self.final = final
    }

    /// Checks the checkpoint of a block; `machine` is the ledger after it. Its size and root were compared already.
    mutating func check(_ row: LedgerStore.BlockRow, _ block: ExecutedBlock, _ machine: LedgerMachine) throws {
        keepers.follow(machine)
        guard row.height <= final else { return }
        let place = "checkpoint of block \(row.height)"
        let isShared = keepers.after != nil
        let isNewest = row.height == final
        if isShared, !isNewest, !row.isSigned { return }
        let head: SignedCheckpoint
        do {
            head = try SignedCheckpoint(parsing: row.checkpoint)
        } catch {
            throw AuditFailure(at: place, check: error.code, expected: "a signed checkpoint", found: "\(error)")
        }
        if let given, isNewest || !isShared { try PolicyCheck.require(given, head, at: place) }
        guard isShared else {
            if given != nil { return }
            do {
                try PolicyCheck.require(signer.soloPolicy(), head, at: place)
            } catch let failure as AuditFailure {
                unsure = unsure ?? failure
            }
            return
        }
        try keepers.require(head, log: signer.logVerifier, at: place)
        if keepers.isFounding, let network = keepers.after {
            try PolicyCheck.require(signer.logPolicy(), head, at: place)
            let policy = try WitnessPolicy(log: signer.logVerifier, network: network)
            isFoundingOpen = try !policy.evaluate(head, using: CryptoEd25519.self).isQuorumSatisfied && isNewest
        }
    }

    /// Says what is wrong with the checkpoints of a ledger that one party keeps.
    func finish() throws {
        if let unsure, keepers.after == nil { throw unsure }
    }
}
