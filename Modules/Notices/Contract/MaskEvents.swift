package import ContractKit
package import Primitives

/// A moderator proposed that a contribution be masked, or shown again.
package struct MaskProposed: Event {
    package static let name: StaticString = "notices.maskProposed"
    /// The contribution's content.
    package let content: Digest
    /// What is proposed.
    package let proposal: MaskProposal

    init(content: Digest, proposal: MaskProposal) {
        self.content = content
        self.proposal = proposal
    }

    /// Reads the event.
    package init(_ fields: inout Fields) throws(Reason) {
        content = try fields.digest("content")
        proposal = try fields.record("proposal")
    }

    /// Writes the event.
    package func write(to fields: inout JSONWriter) {
        fields.field("content", content.hex)
        fields.field("proposal", object: { proposal.write(to: &$0) })
    }
}

/// Two parties agreed: from now on the contribution is masked, or shown again.
package struct MaskConfirmed: Event {
    package static let name: StaticString = "notices.maskConfirmed"
    /// The contribution's content.
    package let content: Digest
    /// What was decided, by whom and why.
    package let decision: MaskDecision

    init(content: Digest, decision: MaskDecision) {
        self.content = content
        self.decision = decision
    }

    /// Reads the event.
    package init(_ fields: inout Fields) throws(Reason) {
        content = try fields.digest("content")
        decision = try fields.record("decision")
    }

    /// Writes the event.
    package func write(to fields: inout JSONWriter) {
        fields.field("content", content.hex)
        fields.field("decision", object: { decision.write(to: &$0) })
    }
}

/// Another party disagreed: nothing changes.
package struct MaskRejected: Event {
    package static let name: StaticString = "notices.maskRejected"
    /// The contribution's content.
    package let content: Digest
    /// The proposal's number.
    package let proposal: Int64
    /// The party that disagreed.
    package let rejectedBy: String

    init(content: Digest, proposal: Int64, rejectedBy: String) {
        self.content = content
        self.proposal = proposal
        self.rejectedBy = rejectedBy
    }

    /// Reads the event.
    package init(_ fields: inout Fields) throws(Reason) {
        content = try fields.digest("content")
        proposal = try fields.integer("proposal", in: 1...NoticesLimits.count)
        rejectedBy = try fields.identifier("rejectedBy")
    }

    /// Writes the event.
    package func write(to fields: inout JSONWriter) {
        fields.field("content", content.hex)
        fields.field("proposal", proposal)
        fields.field("rejectedBy", rejectedBy)
    }
}
