import ContractKit
import Primitives

/// The constitution with some changes made to it, on paper: nothing is written before the whole holds.
struct ConstitutionDraft {
    private(set) var parties: [PartyRow]
    /// The groups that must agree, as they were set; none: the rule without groups.
    private(set) var groups: [NetworkRow.Group]
    /// Whether one of the changes set the groups.
    private(set) var setsGroups = false
    private var settings: [String: ParameterValue] = [:]

    /// An empty constitution.
    init() {
        parties = []
        groups = []
    }

    /// The constitution in force.
    init(of execution: borrowing Execution) throws(Reason) {
        parties = try Parties.all(in: execution)
        groups = try ConstitutionTables.head.find("current", in: execution)?.groups ?? []
    }

    /// Number of parties that can vote: those with a delegate.
    var voters: Int { parties.count { $0.hasDelegate } }

    /// The row of a party.
    func row(of party: String) -> PartyRow? { parties.first { $0.party.id == party } }

    /// Makes one change, or refuses it.
    mutating func apply(_ change: ConstitutionChange, _ execution: borrowing Execution) throws(Reason) {
        switch change {
        case .setParameter(let setting): try set(setting, execution)
        case .admitParty(let party):
            guard index(of: party.id) == nil else { throw ConstitutionReason.partyKnown.at("party.id") }
            guard parties.count < ConstitutionLimits.parties else { throw ConstitutionReason.tooMany }
            try check(party)
            parties.append(PartyRow(party: party))
        case .removeParty(let id):
            parties.remove(at: try requireIndex(of: id))
        case .changeParty(let party):
            let found = try requireIndex(of: party.id)
            try check(party)
            parties[found].party = party
        case .openStaff(let staff): try open(staff, execution)
        case .closeStaff(let key):
            guard let found = parties.firstIndex(where: { $0.staff.contains { $0.key == key } })
            else { throw ConstitutionReason.keyUnknown.at("key") }
            parties[found].staff.removeAll { $0.key == key }
        case .setQuorum(let groups):
            guard !setsGroups else { throw ConstitutionReason.quorumRepeated.at("groups") }
            setsGroups = true
            self.groups = groups
        }
    }

    /// Refuses a constitution that nobody could change any more, or in which two majorities or two quorums need not
    /// share a party.
    func finish(_ execution: borrowing Execution) throws(Reason) {
        guard voters > 0 else { throw ConstitutionReason.noDelegate }
        let threshold = try (
            value(of: ConstitutionParameters.thresholdNumerator, execution),
            value(of: ConstitutionParameters.thresholdDenominator, execution)
        )
        let quorum = try quorumShare(execution)
        guard Share.isSafe(threshold.0, threshold.1), Share.isSafe(quorum.0, quorum.1)
        else { throw ConstitutionReason.threshold }
        _ = try network(execution)
    }

    /// The share of the cosigning parties that is enough where no groups are set.
    func quorumShare(_ execution: borrowing Execution) throws(Reason) -> (numerator: Int64, denominator: Int64) {
        try (
            value(of: ConstitutionParameters.quorumNumerator, execution),
            value(of: ConstitutionParameters.quorumDenominator, execution)
        )
    }

    private func value(
        of definition: ParameterDefinition, _ execution: borrowing Execution
    ) throws(Reason) -> Int64 {
        if case .integer(let number)? = settings[definition.name] { return number }
        return try Parameters.integer(definition, in: execution)
    }

    private func index(of party: String) -> Int? { parties.firstIndex { $0.party.id == party } }

    private func requireIndex(of party: String) throws(Reason) -> Int {
        guard let found = index(of: party) else { throw ConstitutionReason.partyUnknown.at("party") }
        return found
    }

    /// Two parties that shared a cosigner key or a node would count twice in a quorum; who watches shows it by cosigning.
    private func check(_ party: PartyDescription) throws(Reason) {
        guard !party.observes || party.cosigner != nil
        else { throw ConstitutionReason.cosignerMissing.at("party.observes") }
        for other in parties where other.party.id != party.id {
            if let cosigner = party.cosigner, let taken = other.party.cosigner,
                VerifierKeyText.haveSameKey(cosigner, taken)
            {
                throw ConstitutionReason.partyTaken.at("party.cosigner")
            }
            if let node = party.node, other.party.node == node {
                throw ConstitutionReason.partyTaken.at("party.node")
            }
        }
    }

    private mutating func set(_ setting: ParameterSetting, _ execution: borrowing Execution) throws(Reason) {
        guard settings[setting.name] == nil else { throw ConstitutionReason.parameterRepeated.at(setting.name) }
        let own = ConstitutionParameters.all.first { $0.name == setting.name }
        if let definition = own ?? execution.parameters[setting.name] {
            guard definition.accepts(setting.value) else { throw ConstitutionReason.parameterRange.at(setting.name) }
        } else if !execution.parameters.isEmpty {
            throw ConstitutionReason.parameterUnknown.at(setting.name)
        }
        settings[setting.name] = setting.value
    }

    private mutating func open(_ staff: StaffDescription, _ execution: borrowing Execution) throws(Reason) {
        let found = try requireIndex(of: staff.party)
        var count = 0
        for row in parties { count += row.staff.count }
        guard count < ConstitutionLimits.staff else { throw ConstitutionReason.tooMany.at("staff") }
        let key = Base64.url.encode(staff.key.keyID.bytes)
        let known = parties.contains { $0.staff.contains { $0.key == key } }
        guard !known, !LedgerTables.keys.contains(key, in: execution)
        else { throw ConstitutionReason.keyKnown.at("staff.publicKey") }
        parties[found].staff.append(StaffEntry(key: key, roles: staff.roles.sorted(), title: staff.title))
    }
}
