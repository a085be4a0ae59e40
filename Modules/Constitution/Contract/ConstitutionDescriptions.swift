package import ContractKit
package import Primitives

/// What kind of body a party is.
package enum PartyKind: String, Sendable, CaseIterable {
    /// Subdistrict office 街道办事处.
    case subdistrict
    /// Party branch 党组织 of the community.
    case partyBranch = "party-branch"
    /// Residents' committee 居民委员会.
    case residentsCommittee = "residents-committee"
    /// Property manager 物业服务企业.
    case propertyManager = "property-manager"
    /// Owners' committee 业主委员会.
    case ownersCommittee = "owners-committee"
    /// Social organisation 社会组织.
    case socialOrganisation = "social-organisation"
    /// Supervising authority 监管部门.
    case regulator
}

/// A party as a founding or a proposal describes it.
package struct PartyDescription: Record, Hashable {
    /// Identifier, used as `party:<id>` in transactions.
    package var id: String
    /// Name for people, at most 200 bytes.
    package var name: String
    /// What kind of body it is.
    package var kind: PartyKind
    /// Verifier key of its cosignatures; nil for a party that does not cosign.
    package var cosigner: String?
    /// Name of its node; nil for a party without one.
    package var node: String?
    /// Whether its node only watches: it follows, verifies and cosigns, and orders nothing (监督节点).
    package var observes: Bool

    /// Describes a party.
    package init(
        id: String, name: String, kind: PartyKind, cosigner: String? = nil, node: String? = nil, observes: Bool = false
    ) {
        self.id = id
        self.name = name
        self.kind = kind
        self.cosigner = cosigner
        self.node = node
        self.observes = observes
    }

    /// Reads a description.
    package init(_ fields: inout Fields) throws(Reason) {
        cosigner = try fields.optionalString("cosigner", bytes: 1...VerifierKeyText.longest)
        id = try fields.identifier("id")
        kind = try fields.word("kind")
        name = try fields.text("name", bytes: 1...200)
        node = try fields.optionalIdentifier("node")
        observes = try fields.optionalBool("observes") ?? false
        if let cosigner { try VerifierKeyText.check(cosigner, for: .cosigner) }
    }

    /// Writes the description.
    package func write(to fields: inout JSONWriter) {
        if let cosigner { fields.field("cosigner", cosigner) }
        fields.field("id", id)
        fields.field("kind", kind.rawValue)
        fields.field("name", name)
        if let node { fields.field("node", node) }
        if observes { fields.field("observes", true) }
    }
}

/// A staff account as a founding or a proposal describes it: one key of a party's worker.
package struct StaffDescription: Record, Hashable {
    /// The party it acts for.
    package var party: String
    /// Title for people, such as 主任; no personal name. At most 100 bytes.
    package var title: String
    /// Roles, 1 to 8 identifiers, each once; `resident` and `guest` are not staff roles.
    package var roles: [String]
    /// The key it signs with.
    package var key: PublicKey

    /// Describes a staff account.
    package init(party: String, title: String, roles: [String], key: PublicKey) {
        self.party = party
        self.title = title
        self.roles = roles
        self.key = key
    }

    /// Reads a description.
    package init(_ fields: inout Fields) throws(Reason) {
        let algorithm = try fields.word("algorithm", as: SignatureAlgorithm.self)
        party = try fields.identifier("party")
        key = try PublicKey(algorithm, try fields.base64URL("publicKey", bytes: 32...65))
        roles = try fields.strings("roles", count: 1...8, bytes: 1...64)
        title = try fields.text("title", bytes: 1...100)
        var seen: [String] = []
        for role in roles {
            guard Fields.isIdentifier(role), !seen.contains(role) else { throw Reason.fieldRange.at("roles") }
            if ["resident", "guest"].contains(role) { throw ConstitutionReason.roleReserved.at("roles") }
            seen.append(role)
        }
    }

    /// Writes the description.
    package func write(to fields: inout JSONWriter) {
        fields.field("algorithm", key.algorithm.rawValue)
        fields.field("party", party)
        fields.field("publicKey", Base64.url.encode(key.bytes))
        fields.field("roles", array: roles) { $0.string($1) }
        fields.field("title", title)
    }
}

/// A rule value as a founding or a proposal sets it.
package struct ParameterSetting: Record, Hashable {
    /// Name of the parameter, as its module declares it.
    package var name: String
    /// The value.
    package var value: ParameterValue
    /// Where the value comes from: law and article, covenant, decision. At most 300 bytes.
    package var source: String

    /// Sets a parameter.
    package init(name: String, value: ParameterValue, source: String) {
        self.name = name
        self.value = value
        self.source = source
    }

    /// Reads a setting.
    package init(_ fields: inout Fields) throws(Reason) {
        name = try fields.identifier("name")
        source = try fields.text("source", bytes: 1...300)
        value = try fields.parameterValue("value")
    }

    /// Writes the setting.
    package func write(to fields: inout JSONWriter) {
        fields.field("name", name)
        fields.field("source", source)
        fields.field("value", value)
    }
}
