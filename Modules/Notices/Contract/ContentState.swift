package import ContractKit
package import Primitives

/// What a content kept beside the ledger is.
package enum ContributionKind: String, Sendable, Hashable, CaseIterable {
    /// A question.
    case question
    /// An official answer.
    case answer
    /// A comment.
    case comment
}

/// A proposal to mask a contribution, or to show it again.
package struct MaskProposal: Record, Hashable {
    /// What is wanted.
    package var action: MaskAction
    /// More about the reason.
    package var note: String?
    /// The proposal's number among those about this contribution, from 1.
    package var number: Int64
    /// The party that proposes.
    package var party: String
    /// When it was proposed.
    package var proposed: Instant
    /// Why.
    package var reason: MaskReason

    init(_ proposal: ProposeMask, number: Int64, party: String, at time: Instant) {
        action = proposal.action
        note = proposal.note
        self.number = number
        self.party = party
        proposed = time
        reason = proposal.reason
    }

    /// Reads the proposal.
    package init(_ fields: inout Fields) throws(Reason) {
        action = try fields.word("action")
        note = try fields.optionalText("note", bytes: 1...NoticesLimits.note)
        number = try fields.integer("number", in: 1...NoticesLimits.count)
        party = try fields.identifier("party")
        proposed = try fields.instant("proposed")
        reason = try fields.word("reason")
    }

    /// Writes the proposal.
    package func write(to fields: inout JSONWriter) {
        fields.field("action", action.rawValue)
        if let note { fields.field("note", note) }
        fields.field("number", number)
        fields.field("party", party)
        fields.field("proposed", proposed.milliseconds)
        fields.field("reason", reason.rawValue)
    }
}

/// A decision of two parties about a contribution.
package struct MaskDecision: Record, Hashable {
    /// The party that agreed.
    package var confirmedBy: String
    /// When it agreed.
    package var decided: Instant
    /// What the other party proposed.
    package var proposal: MaskProposal

    init(_ proposal: MaskProposal, confirmedBy party: String, at time: Instant) {
        self.proposal = proposal
        confirmedBy = party
        decided = time
    }

    /// Reads the decision.
    package init(_ fields: inout Fields) throws(Reason) {
        confirmedBy = try fields.identifier("confirmedBy")
        decided = try fields.instant("decided")
        proposal = try fields.record("proposal")
    }

    /// Writes the decision.
    package func write(to fields: inout JSONWriter) {
        fields.field("confirmedBy", confirmedBy)
        fields.field("decided", decided.milliseconds)
        fields.field("proposal", object: { proposal.write(to: &$0) })
    }
}

/// What a content is and whether it may be read: row `notices/content/<digest>`.
package struct ContentRow: Record, Hashable {
    /// The last decision about it; nil while there was none.
    package var decision: MaskDecision?
    /// Id of the question or comment; for an answer the question's.
    package var id: String
    /// What it is.
    package var kind: ContributionKind
    /// The answer's number; 0 for the others.
    package var number: Int64
    /// The proposal that waits for another party.
    package var proposal: MaskProposal?
    /// How many proposals there have been.
    package var proposals: Int64

    init(_ kind: ContributionKind, id: String, number: Int64 = 0) {
        self.kind = kind
        self.id = id
        self.number = number
        proposals = 0
    }

    /// Whether it is shown nowhere.
    package var isMasked: Bool { decision?.proposal.action == .mask }

    /// Reads the row.
    package init(_ fields: inout Fields) throws(Reason) {
        decision = try fields.optionalRecord("decision")
        id = try fields.identifier("id")
        kind = try fields.word("kind")
        number = try fields.integer("number", in: 0...NoticesLimits.answers)
        proposal = try fields.optionalRecord("proposal")
        proposals = try fields.integer("proposals", in: 0...NoticesLimits.count)
    }

    /// Writes the row.
    package func write(to fields: inout JSONWriter) {
        if let decision { fields.field("decision", object: { decision.write(to: &$0) }) }
        fields.field("id", id)
        fields.field("kind", kind.rawValue)
        fields.field("number", number)
        if let proposal { fields.field("proposal", object: { proposal.write(to: &$0) }) }
        fields.field("proposals", proposals)
    }
}
