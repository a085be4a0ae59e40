package import ContractKit
package import Primitives

/// `constitution.found`: the first transaction of a ledger, in block 0, signed by the founder, one of the staff it names.
package struct FoundConstitution: Command {
    package static let type: StaticString = "constitution.found"
    package static let callers = Callers.guest
    /// The founder's key.
    package var founder: PublicKey
    /// The groups that must agree before a checkpoint is final; none: the rule without groups.
    package var groups: [NetworkRow.Group]
    /// Verifier key of the log's own signature on checkpoints.
    package var logKey: String
    /// Name of the ledger for people.
    package var name: String
    /// Rule values that differ from their defaults, or repeat them with a local source.
    package var parameters: [ParameterSetting]
    /// The parties.
    package var parties: [PartyDescription]
    /// Their staff.
    package var staff: [StaffDescription]

    /// A founding.
    package init(
        name: String, logKey: String, founder: PublicKey, parties: [PartyDescription], staff: [StaffDescription],
        parameters: [ParameterSetting] = [], groups: [NetworkRow.Group] = []
    ) {
        self.groups = groups
        self.name = name
        self.logKey = logKey
        self.founder = founder
        self.parties = parties
        self.staff = staff
        self.parameters = parameters
    }

    /// Reads the body.
    package init(_ fields: inout Fields) throws(Reason) {
        let algorithm = try fields.word("algorithm", as: SignatureAlgorithm.self)
        groups =
            try fields.optionalList("groups", count: 1...ConstitutionLimits.groups, NetworkRow.Group.init) ?? []
        logKey = try fields.string("logKey", bytes: 1...VerifierKeyText.longest)
        name = try fields.text("name", bytes: 1...200)
        parameters = try fields.list(
            "parameters", count: 0...ConstitutionLimits.parameters, ParameterSetting.init)
        parties = try fields.list("parties", count: 1...ConstitutionLimits.parties, PartyDescription.init)
        founder = try PublicKey(algorithm, try fields.base64URL("publicKey", bytes: 32...65))
        staff = try fields.list("staff", count: 1...ConstitutionLimits.staff, StaffDescription.init)
    }

    /// Writes the body.
    package func write(to fields: inout JSONWriter) {
        fields.field("algorithm", founder.algorithm.rawValue)
        if !groups.isEmpty {
            fields.field("groups", array: groups) { writer, group in writer.object { group.write(to: &$0) } }
        }
        fields.field("logKey", logKey)
        fields.field("name", name)
        fields.field("parameters", array: parameters) { writer, item in writer.object { item.write(to: &$0) } }
        fields.field("parties", array: parties) { writer, item in writer.object { item.write(to: &$0) } }
        fields.field("publicKey", Base64.url.encode(founder.bytes))
        fields.field("staff", array: staff) { writer, item in writer.object { item.write(to: &$0) } }
    }

    /// The founder's key: nobody is known before.
    package var introducedKey: PublicKey? { founder }

    /// The log's key must be one, and the founder must be among the staff.
    package func check() throws(Reason) {
        try VerifierKeyText.check(logKey, for: .log)
        guard staff.contains(where: { $0.key == founder }) else { throw ConstitutionReason.founderMissing }
    }
}

/// `constitution.propose`: a party's delegate proposes changes, to be voted on as a whole.
package struct ProposeChanges: Command {
    package static let type: StaticString = "constitution.propose"
    package static let callers = Callers.staff(role: ConstitutionRoles.delegate)
    /// The changes, in order.
    package var changes: [ConstitutionChange]
    /// Id of the proposal, new.
    package var proposal: String
    /// Version of the constitution it was written against.
    package var version: Int64

    /// A proposal.
    package init(proposal: String, version: Int64, changes: [ConstitutionChange]) {
        self.proposal = proposal
        self.version = version
        self.changes = changes
    }

    /// Reads the body.
    package init(_ fields: inout Fields) throws(Reason) {
        changes = try fields.list("changes", count: 1...ConstitutionLimits.changes, ConstitutionChange.init)
        proposal = try fields.identifier("proposal")
        version = try fields.integer("version", in: 1...Int64(1) << 53)
    }

    /// Writes the body.
    package func write(to fields: inout JSONWriter) {
        fields.field("changes", array: changes) { writer, change in writer.object { change.write(to: &$0) } }
        fields.field("proposal", proposal)
        fields.field("version", version)
    }

    /// The changes must fit a leaf together with the event that repeats them.
    package func check() throws(Reason) {
        var size = 0
        for change in changes { size += change.canonicalJSON.count }
        guard size <= ConstitutionLimits.changesBytes else {
            throw ConstitutionReason.proposalTooLarge.at("changes")
        }
    }
}

/// `constitution.vote`: a party's delegate votes on a proposal, once for the party.
package struct VoteOnProposal: Command {
    package static let type: StaticString = "constitution.vote"
    package static let callers = Callers.staff(role: ConstitutionRoles.delegate)
    /// The proposal.
    package var proposal: String
    /// Yes or no.
    package var yes: Bool

    /// A vote.
    package init(proposal: String, yes: Bool) {
        self.proposal = proposal
        self.yes = yes
    }

    /// Reads the body.
    package init(_ fields: inout Fields) throws(Reason) {
        proposal = try fields.identifier("proposal")
        yes = try fields.bool("yes")
    }

    /// Writes the body.
    package func write(to fields: inout JSONWriter) {
        fields.field("proposal", proposal)
        fields.field("yes", yes)
    }
}

/// `constitution.withdraw`: the party that made a proposal takes it back.
package struct WithdrawProposal: Command {
    package static let type: StaticString = "constitution.withdraw"
    package static let callers = Callers.staff(role: ConstitutionRoles.delegate)
    /// The proposal.
    package var proposal: String

    /// A withdrawal.
    package init(proposal: String) { self.proposal = proposal }
    /// Reads the body.
    package init(_ fields: inout Fields) throws(Reason) { proposal = try fields.identifier("proposal") }
    /// Writes the body.
    package func write(to fields: inout JSONWriter) { fields.field("proposal", proposal) }
}
