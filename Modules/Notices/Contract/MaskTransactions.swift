package import ContractKit
package import Primitives

/// `notices.proposeMask`: a moderator proposes that a contribution be masked, or shown again. Nothing changes until a
/// moderator of another party confirms.
package struct ProposeMask: Command {
    package static let type: StaticString = "notices.proposeMask"
    package static let callers = Callers.staff(role: NoticesRoles.moderator)
    /// What is wanted.
    package var action: MaskAction
    /// The contribution, by the digest of its content.
    package var content: Digest
    /// More about the reason, for everybody to read; nil for none.
    package var note: String?
    /// Why.
    package var reason: MaskReason

    /// A proposal.
    package init(content: Digest, action: MaskAction, reason: MaskReason, note: String? = nil) {
        self.content = content
        self.action = action
        self.reason = reason
        self.note = note
    }

    /// Reads the body.
    package init(_ fields: inout Fields) throws(Reason) {
        action = try fields.word("action")
        content = try fields.digest("content")
        note = try fields.optionalText("note", bytes: 1...NoticesLimits.note)
        reason = try fields.word("reason")
    }

    /// Writes the body.
    package func write(to fields: inout JSONWriter) {
        fields.field("action", action.rawValue)
        fields.field("content", content.hex)
        if let note { fields.field("note", note) }
        fields.field("reason", reason.rawValue)
    }
}

/// `notices.confirmMask`: a moderator of another party agrees; the contribution is masked, or shown again.
package struct ConfirmMask: Command {
    package static let type: StaticString = "notices.confirmMask"
    package static let callers = Callers.staff(role: NoticesRoles.moderator)
    /// The contribution, by the digest of its content.
    package var content: Digest
    /// The number of the proposal that is agreed to, so that nobody agrees to another one than he has read.
    package var proposal: Int64

    /// An agreement.
    package init(content: Digest, proposal: Int64) {
        self.content = content
        self.proposal = proposal
    }

    /// Reads the body.
    package init(_ fields: inout Fields) throws(Reason) {
        content = try fields.digest("content")
        proposal = try fields.integer("proposal", in: 1...NoticesLimits.count)
    }

    /// Writes the body.
    package func write(to fields: inout JSONWriter) {
        fields.field("content", content.hex)
        fields.field("proposal", proposal)
    }
}

/// `notices.rejectMask`: a moderator of another party disagrees; the proposal ends and nothing changes.
package struct RejectMask: Command {
    package static let type: StaticString = "notices.rejectMask"
    package static let callers = Callers.staff(role: NoticesRoles.moderator)
    /// The contribution, by the digest of its content.
    package var content: Digest
    /// The number of the proposal.
    package var proposal: Int64

    /// A disagreement.
    package init(content: Digest, proposal: Int64) {
        self.content = content
        self.proposal = proposal
    }

    /// Reads the body.
    package init(_ fields: inout Fields) throws(Reason) {
        content = try fields.digest("content")
        proposal = try fields.integer("proposal", in: 1...NoticesLimits.count)
    }

    /// Writes the body.
    package func write(to fields: inout JSONWriter) {
        fields.field("content", content.hex)
        fields.field("proposal", proposal)
    }
}
