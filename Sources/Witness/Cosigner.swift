import LedgerCore
package import Logging
package import MerkleLog
package import Primitives

/// The witness itself: checks that a log only grows, remembers how far it has come, and says so with its signature.
package struct Cosigner: Sendable {
    /// What it signs with.
    package let key: WitnessKey
    /// What it remembers.
    package let store: WitnessStore
    private let clock: @Sendable () -> Instant
    private let logger: Logger

    /// A witness; `clock` gives the time that cosignatures carry.
    package init(key: WitnessKey, store: WitnessStore, clock: @escaping @Sendable () -> Instant, logger: Logger) {
        self.key = key
        self.store = store
        self.clock = clock
        self.logger = logger
    }

    /// Checks a checkpoint in the order of tlog-witness, puts it on record and cosigns it.
    /// - Throws: ``WitnessRefusal``; anything else is a fault of this machine, and nothing was signed.
    package func cosign(_ request: AddCheckpointRequest) async throws -> NoteSignature {
        let head = request.checkpoint.checkpoint
        guard let log = try await store.log(head.origin) else { throw WitnessRefusal.unknownLog }
        try Self.checkSignatures(request.checkpoint, log.policy)
        guard request.oldSize <= head.size else { throw WitnessRefusal.oldSizeTooLarge }
        guard request.oldSize == log.head.size else { throw WitnessRefusal.conflict(log.head.size) }
        do {
            try Self.checkGrowth(request, from: log.head)
        } catch {
            // Proof that the log shows two histories; the signatures stand in the log's own checkpoints.
            if error == .otherRoot { warnOfTwoHistories(head, recorded: log.head) }
            throw error
        }
        let seconds = UInt64(clamping: clock().milliseconds / Instant.second)
        // A cosignature without a time is none.
        guard seconds > 0 else {
            throw WitnessError("witness.clock", "the clock stands before 1970", help: "set the clock")
        }
        let signature = try key.cosign(request.checkpoint.note.text, at: seconds)
        let kept = try Self.kept(request.checkpoint, log.policy, with: signature)
        guard try await store.record(kept, after: log.head, at: seconds) else {
            // Another request was quicker. The signature made here is dropped.
            guard let now = try await store.log(head.origin) else { throw WitnessRefusal.unknownLog }
            throw WitnessRefusal.conflict(now.head.size)
        }
        return signature
    }

    private func warnOfTwoHistories(_ head: Checkpoint, recorded: WatchedLog.Head) {
        logger.warning(
            "a log shows two histories",
            metadata: [
                "origin": "\(head.origin)", "size": "\(head.size)", "recorded": "\(recorded.root)",
                "shown": "\(head.root)",
            ])
    }

    /// The log's own signature, and the parties' quorum if the policy has one.
    private static func checkSignatures(
        _ checkpoint: SignedCheckpoint, _ policy: WitnessPolicy
    ) throws(WitnessRefusal) {
        do {
            try policy.require(checkpoint, using: CryptoEd25519.self)
        } catch .quorumMissing(let names) {
            throw .quorumMissing(names.map(\.description))
        } catch {
            throw .untrusted(error.code)
        }
    }

    /// That the tree of `old` is the beginning of the requested one.
    private static func checkGrowth(
        _ request: AddCheckpointRequest, from old: WatchedLog.Head
    ) throws(WitnessRefusal) {
        let head = request.checkpoint.checkpoint
        if head.size == 0, head.root != CryptoSHA256.emptyRoot { throw .notEmptyTree }
        // Every tree begins with the empty one: that needs no proof, and none may be given.
        guard old.size > 0 else {
            guard request.proof.isEmpty else { throw .inconsistent }
            return
        }
        if old.size == head.size, old.root != head.root { throw .otherRoot }
        do {
            try ConsistencyProof(firstSize: old.size, secondSize: head.size, hashes: request.proof)
                .verify(firstRoot: old.root, secondRoot: head.root, using: CryptoSHA256.self)
        } catch {
            throw .inconsistent
        }
    }

    /// The checkpoint as monitors get it: one signature of each key that was checked, and this witness's. What unknown
    /// keys signed is not handed on.
    private static func kept(
        _ checkpoint: SignedCheckpoint, _ policy: WitnessPolicy, with signature: NoteSignature
    ) throws -> SignedCheckpoint {
        let origin = checkpoint.checkpoint.origin
        let logs = policy.logs.map(\.key).filter { $0.name.text == origin }
        var kept = try SignedCheckpoint(checkpoint.checkpoint)
        for key in logs + policy.witnesses.map(\.key) where key.keyID != signature.keyID || key.name != signature.name {
            let given = checkpoint.note.signatures.first { $0.keyID == key.keyID && $0.name == key.name }
            if let given { kept.add(given) }
        }
        kept.add(signature)
        return kept
    }
}
