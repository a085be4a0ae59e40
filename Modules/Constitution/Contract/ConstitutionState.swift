package import ContractKit
package import Primitives

/// The constitution as a whole: row `constitution/head/current`.
package struct ConstitutionHead: Record {
    /// The groups that must agree, as they were set; none: the rule without groups.
    package var groups: [NetworkRow.Group]
    /// Name of the ledger for people.
    package var name: String
    /// Verifier key of the log's own signature on checkpoints.
    package var logKey: String
    /// Ids of the parties, in the order of admission.
    package var parties: [String]
    /// Ids of the open proposals, in the order they were made.
    package var proposals: [String]
    /// Number of the constitution's text; 1 when founded, one more with each accepted proposal.
    package var version: Int64

    /// A head row.
    package init(
        name: String, logKey: String, groups: [NetworkRow.Group] = [], parties: [String] = [], proposals: [String] = [],
        version: Int64
    ) {
        self.groups = groups
        self.name = name
        self.logKey = logKey
        self.parties = parties
        self.proposals = proposals
        self.version = version
    }

    /// Reads the row.
    package init(_ fields: inout Fields) throws(Reason) {
        groups =
            try fields.optionalList("groups", count: 1...ConstitutionLimits.groups, NetworkRow.Group.init) ?? []
        logKey = try fields.string("logKey", bytes: 1...VerifierKeyText.longest)
        name = try fields.string("name", bytes: 1...200)
        parties = try fields.strings("parties", count: 0...ConstitutionLimits.parties, bytes: 1...64)
        proposals = try fields.strings("proposals", count: 0...1_024, bytes: 1...64)
        version = try fields.integer("version", in: 1...Int64(1) << 53)
    }

    /// Writes the row.
    package func write(to fields: inout JSONWriter) {
        if !groups.isEmpty {
            fields.field("groups", array: groups) { writer, group in writer.object { group.write(to: &$0) } }
        }
        fields.field("logKey", logKey)
        fields.field("name", name)
        fields.field("parties", array: parties) { $0.string($1) }
        fields.field("proposals", array: proposals) { $0.string($1) }
        fields.field("version", version)
    }
}

/// A staff key inside its party's row.
package struct StaffEntry: Record, Hashable {
    /// The key's id in base64url; row `ledger/key/<keyid>` has the key and its account.
    package var key: String
    /// The roles.
    package var roles: [String]
    /// Title for people.
    package var title: String

    /// An entry.
    package init(key: String, roles: [String], title: String) {
        self.key = key
        self.roles = roles
        self.title = title
    }

    /// Reads the entry.
    package init(_ fields: inout Fields) throws(Reason) {
        key = try fields.keyID("key")
        roles = try fields.strings("roles", count: 1...8, bytes: 1...64)
        title = try fields.string("title", bytes: 1...100)
    }

    /// Writes the entry.
    package func write(to fields: inout JSONWriter) {
        fields.field("key", key)
        fields.field("roles", array: roles) { $0.string($1) }
        fields.field("title", title)
    }
}

/// A party with its open staff keys: row `constitution/party/<id>`.
package struct PartyRow: Record, Hashable {
    /// The party.
    package var party: PartyDescription
    /// Its open staff keys, in the order they were opened.
    package var staff: [StaffEntry]

    /// A party row.
    package init(party: PartyDescription, staff: [StaffEntry] = []) {
        self.party = party
        self.staff = staff
    }

    /// Whether the party has somebody who votes on the constitution.
    package var hasDelegate: Bool { staff.contains { $0.roles.contains(ConstitutionRoles.delegate) } }

    /// Reads the row.
    package init(_ fields: inout Fields) throws(Reason) {
        party = try PartyDescription(&fields)
        staff = try fields.list("staff", count: 0...ConstitutionLimits.staff, StaffEntry.init)
    }

    /// Writes the row.
    package func write(to fields: inout JSONWriter) {
        party.write(to: &fields)
        fields.field("staff", array: staff) { writer, entry in writer.object { entry.write(to: &$0) } }
    }
}

/// A parameter's value: row `constitution/parameter/<name>`.
package struct ParameterRow: Record {
    /// Where the value comes from.
    package var source: String
    /// The value.
    package var value: ParameterValue
    /// Version of the constitution that set it.
    package var version: Int64

    /// A parameter row.
    package init(source: String, value: ParameterValue, version: Int64) {
        self.source = source
        self.value = value
        self.version = version
    }

    /// Reads the row.
    package init(_ fields: inout Fields) throws(Reason) {
        source = try fields.string("source", bytes: 1...300)
        value = try fields.parameterValue("value")
        version = try fields.integer("version", in: 1...Int64(1) << 53)
    }

    /// Writes the row.
    package func write(to fields: inout JSONWriter) {
        fields.field("source", source)
        fields.field("value", value)
        fields.field("version", version)
    }
}

/// The tables of the constitution.
package enum ConstitutionTables {
    /// One row, `current`.
    package static let head = Table<ConstitutionHead>("constitution", "head")
    /// Parties by id.
    package static let parties = Table<PartyRow>("constitution", "party")
    /// Parameters by name.
    package static let parameters = Table<ParameterRow>("constitution", "parameter")
    /// Proposals by id; closed ones stay.
    package static let proposals = Table<ProposalRow>("constitution", "proposal")
}

/// Technical limits that keep every row and transaction small; they are not rule values.
package enum ConstitutionLimits {
    /// Most parties.
    package static let parties = 64
    /// Most open staff keys of all parties together.
    package static let staff = 128
    /// Most groups that must agree.
    package static let groups = 16
    /// Most parameters in a founding.
    package static let parameters = 256
    /// Most changes in a proposal.
    package static let changes = 32
    /// Largest changes of a proposal in bytes of canonical JSON: body and event must fit one leaf.
    package static let changesBytes = 16_384
    /// Most open proposals of one party.
    package static let openProposals = 2
}

/// Roles that the constitution itself asks for.
package enum ConstitutionRoles {
    /// Speaks and votes for its party on the constitution.
    package static let delegate = "delegate"
}
