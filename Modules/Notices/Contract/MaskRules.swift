package import ContractKit
import Primitives

extension ProposeMask {
    /// Records the proposal; the contribution stays as it is.
    package func execute(_ execution: inout Execution) throws(Reason) {
        try execution.requireRole(NoticesRoles.moderator)
        guard let party = execution.caller.party else { throw Reason.notAllowed.at("as") }
        var row = try NoticesTables.contents.require(
            content.hex, in: execution, else: NoticesReason.contentUnknown.at("content"))
        guard row.proposal == nil else { throw NoticesReason.proposalWaits.at("content") }
        guard row.isMasked == (action == .unmask) else { throw NoticesReason.maskStands.at("action") }
        row.proposals = try row.proposals.adding(1)
        let proposal = MaskProposal(self, number: row.proposals, party: party, at: execution.time)
        row.proposal = proposal
        NoticesTables.contents.put(content.hex, row, in: &execution)
        execution.emit(MaskProposed(content: content, proposal: proposal))
    }
}

extension ConfirmMask {
    /// Masks the contribution, or shows it again.
    package func execute(_ execution: inout Execution) throws(Reason) {
        let (row, waiting, party) = try ContentRow.waiting(content, number: proposal, execution)
        var decided = row
        let decision = MaskDecision(waiting, confirmedBy: party, at: execution.time)
        decided.decision = decision
        decided.proposal = nil
        NoticesTables.contents.put(content.hex, decided, in: &execution)
        execution.emit(MaskConfirmed(content: content, decision: decision))
    }
}

extension RejectMask {
    /// Ends the proposal.
    package func execute(_ execution: inout Execution) throws(Reason) {
        let (row, waiting, party) = try ContentRow.waiting(content, number: proposal, execution)
        var kept = row
        kept.proposal = nil
        NoticesTables.contents.put(content.hex, kept, in: &execution)
        execution.emit(MaskRejected(content: content, proposal: waiting.number, rejectedBy: party))
    }
}

extension ContentRow {
    /// The content, its waiting proposal and the caller's party, which must be another than the proposing one.
    fileprivate static func waiting(
        _ content: Digest, number: Int64, _ execution: borrowing Execution
    ) throws(Reason) -> (row: ContentRow, proposal: MaskProposal, party: String) {
        try execution.requireRole(NoticesRoles.moderator)
        guard let party = execution.caller.party else { throw Reason.notAllowed.at("as") }
        let row = try NoticesTables.contents.require(
            content.hex, in: execution, else: NoticesReason.contentUnknown.at("content"))
        guard let proposal = row.proposal, proposal.number == number else {
            throw NoticesReason.proposalUnknown.at("proposal")
        }
        guard proposal.party != party else { throw NoticesReason.sameParty.at("as") }
        return (row, proposal, party)
    }
}
