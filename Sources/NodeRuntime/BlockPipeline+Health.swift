import ContractKit
import Finality
import LedgerCore
import Logging
import MerkleLog
import Ordering
import Primitives
import Storage

/// What the pipeline tells the health board.
extension BlockPipeline {
    /// A statement came through the engine.
    func hear(_ statement: Statement) throws {
        let now = parts.clock()
        guard statement.kind != .status else { return hearStatus(statement, at: now) }
        let events = try replica.heard(statement, isInOrder: changes.readsInOrder, at: now)
        let isForged = events.contains { event in
            if case .misbehaviour(let fault) = event { fault.kind == .forgedStatement } else { false }
        }
        if statement.kind == .cosigned, !isForged {
            parts.board.heard(cosigned: statement, origin: parts.signer.origin)
        }
        try deal(with: events)
    }

    /// Whether the engine is reached. From then on it gives everything in its order.
    func noteReached(_ isReached: Bool) {
        changes.readsInOrder = isReached
        parts.board.reached(isReached)
    }

    private func hearStatus(_ statement: Statement, at now: Instant) {
        guard replica.finalNetwork?.member(statement.party) != nil else { return }
        var isFormer = false
        let status = StatusStatement(parsing: statement.text, origin: parts.signer.origin) { party, lines, signature in
            guard party == statement.party else { return false }
            if replica.isSigned(lines, signature, by: party) { return true }
            isFormer = replica.former.key(of: party).map { NodeSigner.isSigned(lines, signature, by: $0) } ?? false
            return false
        }
        guard let status else {
            if isFormer || !changes.readsInOrder { return }
            note(Misbehaviour(.forgedStatement, party: statement.party, position: 0, evidence: statement.text))
            return
        }
        parts.board.heard(status, at: now)
    }

    /// Something that should not be: counted, and kept where people can show it.
    func note(_ misbehaviour: Misbehaviour) {
        // It may have been away for so long that nothing else was to be expected: what it fetches from the others will show.
        if misbehaviour.kind == .compacted {
            reading.cutOff = misbehaviour
            return
        }
        // An owner clears its batches away once they are final.
        if misbehaviour.kind == .deleted, parts.board.isForgotten(misbehaviour) { return }
        if misbehaviour.kind == .equivocation, let evidence = Evidence(parsing: misbehaviour.evidence) {
            keepFile(evidence)
        }
        parts.board.note(misbehaviour, at: parts.clock())
    }

    /// The node has fetched what it lacked after the block at `height`: whether the engine's history was cut off too early.
    func judgeCutOff(after height: UInt64?) throws {
        guard let cutOff = reading.cutOff else { return }
        reading.cutOff = nil
        let first = height.map { $0 + 1 } ?? 0
        guard let missed = try parts.store.blocks(upTo: first, count: 1).first, missed.height == first,
            missed.time > parts.clock().advanced(byMilliseconds: -HealthBoard.retention)
        else { return }
        parts.board.note(cutOff, at: parts.clock())
    }

    private func keepFile(_ evidence: Evidence) {
        do {
            try parts.evidence.keep(evidence.lacksProof ? evidence.proven(by: parts.receipts) : evidence)
        } catch {
            parts.logger.error(
                "evidence against a party could not be kept",
                metadata: ["party": "\(evidence.party)", "error": "\(error)"])
        }
        parts.logger.critical("a party has signed two histories", metadata: ["party": "\(evidence.party)"])
    }

    /// Number of blocks that are executed.
    var executedBlocks: UInt64 { replica.machine.lastSeal.map { $0.height + 1 } ?? 0 }
}
