import ContractKit
import Finality
import LedgerCore
import Logging
import MerkleLog
import Ordering
import Primitives
import Storage

/// What the pipeline remembers of changes of the parties.
struct PartyChanges {
    /// When the node's folder is looked at for a cosigner key again.
    var nextLookAtKeys = Instant(milliseconds: 0)
    /// Whether what waits is being handed to other parties' nodes.
    var isHandingOn = false
    /// Others may have gone on so long beyond a change of the parties that is not final here; then it is fetched from them.
    var barrier = Patience(milliseconds: 10_000)
    /// Whether what the engine gives now is in its order: at first it tells what parties had said already.
    var readsInOrder = false
    /// Which keys parties had before, as it is kept on disk.
    var formerKept: [UInt8]
}

/// Whether this node may put up batches now, under which key, and what becomes of batches that came too late.
extension BlockPipeline {
    /// Whose turn it is to put up a batch.
    enum Turn {
        /// This node's, signed so.
        case now(NodeSigner)
        /// This node's, once a change of its party is final or its key is here.
        case later
        /// Not this node's any more.
        case never(NodeError)
    }

    /// Whether a batch may be put up now. While a change of this party is executed and not final nobody knows yet under
    /// which key the next batch counts, so it waits for the moment that this takes.
    var turn: Turn {
        if let refusal = parts.refusal { return .never(refusal) }
        guard replica.isShared else { return .now(parts.signer) }
        if let refusal = refusalOfParty { return .never(refusal) }
        let party = parts.signer.party
        let isSettled = replica.machine.network?.member(party) == replica.finalNetwork?.member(party)
        guard isSettled, let signer = replica.finalSigner else { return .later }
        return .now(signer)
    }

    /// Why this node takes no transactions; nil if it does.
    var refusal: NodeError? { parts.refusal ?? refusalOfParty ?? refusalOfKey }

    private var refusalOfParty: NodeError? {
        guard let network = replica.finalNetwork else { return nil }
        guard let member = network.member(parts.signer.party) else {
            return NodeError(
                "node.removed", "this node's party no longer keeps the ledger",
                help: "send it to the node of another party")
        }
        guard member.observes else { return nil }
        return NodeError(
            "node.observes", "this node only watches the ledger", help: "send it to the node of another party")
    }

    /// The ledger names a key for this party that is not in the node's folder: nothing can be signed until it is.
    var refusalOfKey: NodeError? {
        guard replica.isShared, replica.finalNetwork?.member(parts.signer.party) != nil, replica.finalSigner == nil
        else { return nil }
        return NodeError(
            "node.key", "the ledger names a cosigner key for this party that is not in the node's folder",
            help: "put it into keys/cosigner-next.key; the node takes it up by itself")
    }

    /// A batch that nobody takes, because its proposer is no member that may order, or did not sign it with its key.
    func notTaken(_ ordered: OrderedBatch, _ received: ReceivedBatch) {
        let batch = ordered.batch
        if replica.isLate(received) {
            parts.logger.notice(
                "a batch came after the change of its party", metadata: ["party": "\(batch.proposer)"])
        } else {
            note(
                Misbehaviour(
                    .unknownParty, party: batch.proposer, position: ordered.position, evidence: received.lines))
        }
        // This node's own: its transactions wait for the next batch, which is signed as the ledger asks for now.
        guard batch.localToken != 0 else { return }
        queue.takeBack(batch.localToken)
        isBusy = false
    }

    /// Does what changes of the parties ask for, after each event of the engine.
    func followChanges() throws {
        try settleKeys()
        handOn()
        try passBarrier()
        try passContest()
    }

    /// Takes up the key that the ledger names for this party once it is in the folder, and gives it the present one's place
    /// once it is in force.
    private func settleKeys() throws {
        guard replica.isShared, let named = replica.finalNetwork?.member(parts.signer.party)?.cosigner,
            named != parts.keys.present.cosignerVerifier.text
        else { return }
        let now = parts.clock()
        guard now >= changes.nextLookAtKeys || now < changes.nextLookAtKeys.advanced(byMilliseconds: -2_000) else {
            return
        }
        changes.nextLookAtKeys = now.advanced(byMilliseconds: 1_000)
        do {
            if parts.keys.signer(named) == nil {
                try parts.keyFiles.reload(parts.keys)
                guard parts.keys.signer(named) != nil else { return }
            }
            if parts.keys.present.cosignerVerifier.text != named {
                try parts.keyFiles.promote(at: now)
                try parts.keyFiles.reload(parts.keys)
            }
            parts.logger.notice("the node signs with its next cosigner key")
        } catch {
            // The key signs all the same, from memory; the files are tried again.
            parts.logger.error("the cosigner key could not be changed", metadata: ["error": "\(error)"])
        }
        try deal(with: replica.lookAtKeys(at: now))
    }

    /// What this node had promised to hand on, and may not put up any more, goes to the others: nothing that was promised is
    /// lost because its party left.
    private func handOn() {
        guard !changes.isHandingOn, parts.outbox.count > 0, refusalOfParty != nil, let relay = parts.relay else {
            return
        }
        changes.isHandingOn = true
        Task {
            do {
                for (id, text) in try parts.outbox.texts() {
                    for peer in relay.peers {
                        guard await relay.hand(text, to: peer) else { continue }
                        try parts.outbox.wasHandedOn(id)
                        break
                    }
                }
            } catch {
                parts.logger.error("waiting transactions were not handed on", metadata: ["error": "\(error)"])
            }
            try? await Task.sleep(for: .seconds(5))
            changes.isHandingOn = false
        }
    }

    /// Keeps which keys parties had before, so that a restart accuses nobody.
    func keepFormerKeys() throws {
        let bytes = replica.former.bytes
        guard bytes != changes.formerKept else { return }
        try parts.store.keepFormerKeys(bytes)
        changes.formerKept = bytes
    }

    /// Signs what the node says of itself; nil where the ledger names no key for it, or one that it does not have.
    var statusSigner: NodeSigner? { replica.isShared ? replica.finalSigner : nil }
}
