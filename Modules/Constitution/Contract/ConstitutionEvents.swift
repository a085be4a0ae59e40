package import ContractKit
package import Primitives

/// The ledger was founded; the parties, staff and parameters follow as events of their own.
package struct ConstitutionFounded: Event {
    package static let name: StaticString = "constitution.founded"
    /// Verifier key of the log.
    package let logKey: String
    /// Name of the ledger.
    package let title: String

    init(logKey: String, title: String) {
        self.logKey = logKey
        self.title = title
    }

    /// Reads the event.
    package init(_ fields: inout Fields) throws(Reason) {
        logKey = try fields.string("logKey", bytes: 1...VerifierKeyText.longest)
        title = try fields.string("name", bytes: 1...200)
    }

    /// Writes the event.
    package func write(to fields: inout JSONWriter) {
        fields.field("logKey", logKey)
        fields.field("name", title)
    }
}

/// A change of the constitution came into force: the founding's parts, and each change of an accepted proposal.
///
/// The event repeats the change, but for a staff account, whose public key stands in the `ledger.keyOpened` before it.
package struct ConstitutionChanged: Event {
    package static let name: StaticString = "constitution.changed"
    /// What changed.
    package let detail: ChangeDetail
    /// Version of the constitution since the change.
    package let version: Int64

    init(_ detail: ChangeDetail, version: Int64) {
        self.detail = detail
        self.version = version
    }

    /// Reads the event.
    package init(_ fields: inout Fields) throws(Reason) {
        detail = try ChangeDetail(&fields)
        version = try fields.integer("version", in: 1...Int64(1) << 53)
    }

    /// Writes the event.
    package func write(to fields: inout JSONWriter) {
        detail.write(to: &fields)
        fields.field("version", version)
    }
}

/// A party proposed changes.
package struct ChangesProposed: Event {
    package static let name: StaticString = "constitution.proposed"
    /// The changes.
    package let changes: [ConstitutionChange]
    /// The party that made the proposal.
    package let party: String
    /// Its id.
    package let proposal: String
    /// Version of the constitution it was written against.
    package let version: Int64

    init(changes: [ConstitutionChange], party: String, proposal: String, version: Int64) {
        self.changes = changes
        self.party = party
        self.proposal = proposal
        self.version = version
    }

    /// Reads the event.
    package init(_ fields: inout Fields) throws(Reason) {
        changes = try fields.list("changes", count: 1...ConstitutionLimits.changes, ConstitutionChange.init)
        party = try fields.identifier("party")
        proposal = try fields.identifier("proposal")
        version = try fields.integer("version", in: 1...Int64(1) << 53)
    }

    /// Writes the event.
    package func write(to fields: inout JSONWriter) {
        fields.field("changes", array: changes) { writer, change in writer.object { change.write(to: &$0) } }
        fields.field("party", party)
        fields.field("proposal", proposal)
        fields.field("version", version)
    }
}

/// A party voted on a proposal.
package struct ProposalVoted: Event {
    package static let name: StaticString = "constitution.voted"
    /// The party.
    package let party: String
    /// The proposal.
    package let proposal: String
    /// Yes or no.
    package let yes: Bool

    init(party: String, proposal: String, yes: Bool) {
        self.party = party
        self.proposal = proposal
        self.yes = yes
    }

    /// Reads the event.
    package init(_ fields: inout Fields) throws(Reason) {
        party = try fields.identifier("party")
        proposal = try fields.identifier("proposal")
        yes = try fields.bool("yes")
    }

    /// Writes the event.
    package func write(to fields: inout JSONWriter) {
        fields.field("party", party)
        fields.field("proposal", proposal)
        fields.field("yes", yes)
    }
}

/// A proposal is no longer open.
package struct ProposalClosed: Event {
    package static let name: StaticString = "constitution.proposalClosed"
    /// The proposal.
    package let proposal: String
    /// What became of it; never `open`.
    package let status: ProposalStatus
    /// Code of the reason why an accepted proposal could not be carried out and was dropped.
    package let reason: String?

    init(proposal: String, status: ProposalStatus, reason: String? = nil) {
        self.proposal = proposal
        self.status = status
        self.reason = reason
    }

    /// Reads the event.
    package init(_ fields: inout Fields) throws(Reason) {
        proposal = try fields.identifier("proposal")
        reason = try fields.optionalString("reason", bytes: 1...64)
        status = try fields.word("status")
    }

    /// Writes the event.
    package func write(to fields: inout JSONWriter) {
        fields.field("proposal", proposal)
        if let reason { fields.field("reason", reason) }
        fields.field("status", status.rawValue)
    }
}
