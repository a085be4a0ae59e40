package import ContractKit
package import Primitives

/// What became of a proposal.
package enum ProposalStatus: String, Sendable {
    /// Being voted on.
    case open
    /// More than the threshold said yes; it is in force.
    case accepted
    /// So many said no that it cannot pass any more.
    case rejected
    /// Its party took it back.
    case withdrawn
    /// The constitution it was written against has changed, or it could not be carried out any more.
    case dropped
}

/// A proposal to change the constitution: row `constitution/proposal/<id>`.
package struct ProposalRow: Record {
    /// The changes, in order.
    package var changes: [ConstitutionChange]
    /// Parties that said no, in the order of voting.
    package var no: [String]
    /// The party that made it.
    package var party: String
    /// What became of it.
    package var status: ProposalStatus
    /// Version of the constitution it was written against.
    package var version: Int64
    /// Parties that said yes, in the order of voting.
    package var yes: [String]

    /// A new proposal.
    package init(changes: [ConstitutionChange], party: String, version: Int64) {
        self.changes = changes
        self.party = party
        self.version = version
        status = .open
        no = []
        yes = []
    }

    /// Reads the row.
    package init(_ fields: inout Fields) throws(Reason) {
        changes = try fields.list("changes", count: 1...ConstitutionLimits.changes, ConstitutionChange.init)
        no = try fields.strings("no", count: 0...ConstitutionLimits.parties, bytes: 1...64)
        party = try fields.identifier("party")
        status = try fields.word("status")
        version = try fields.integer("version", in: 1...Int64(1) << 53)
        yes = try fields.strings("yes", count: 0...ConstitutionLimits.parties, bytes: 1...64)
    }

    /// Writes the row.
    package func write(to fields: inout JSONWriter) {
        fields.field("changes", array: changes) { writer, change in writer.object { change.write(to: &$0) } }
        fields.field("no", array: no) { $0.string($1) }
        fields.field("party", party)
        fields.field("status", status.rawValue)
        fields.field("version", version)
        fields.field("yes", array: yes) { $0.string($1) }
    }
}
