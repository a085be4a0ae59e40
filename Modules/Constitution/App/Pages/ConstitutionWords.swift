import ConstitutionContract
import ContractKit
import PageKit

/// The constitution's terms in one language.
struct ConstitutionWords {
    private let wording: Wording
    private let parties: [String: String]
    private let units: [String: String]

    init(_ wording: Wording, parties: [PartyRow], parameters: [ParameterDefinition]) {
        self.wording = wording
        self.parties = Dictionary(parties.map { ($0.party.id, $0.party.name) }) { first, _ in first }
        units = Dictionary(parameters.map { ($0.name, $0.unit) }) { first, _ in first }
    }

    /// A party's name; its id if it is no party any more.
    func party(_ id: String) -> String { parties[id] ?? id }

    /// A kind of party.
    func kind(_ kind: PartyKind) -> String {
        let key =
            switch kind {
            case .subdistrict: "subdistrict"
            case .partyBranch: "partyBranch"
            case .residentsCommittee: "residentsCommittee"
            case .propertyManager: "propertyManager"
            case .ownersCommittee: "ownersCommittee"
            case .socialOrganisation: "socialOrganisation"
            case .regulator: "regulator"
            }
        return wording.say("constitution.party.\(key)")
    }

    /// A staff role; its id if no text names it.
    func role(_ id: String) -> String { wording.say("constitution.role.\(id)", else: id) }

    /// A parameter's name for people: the message "module.parameter.what" of the parameter "module.what".
    func parameterName(_ name: String) -> String {
        guard let dot = name.firstIndex(of: ".") else { return name }
        return wording.say("\(name[..<dot]).parameter\(name[dot...])", else: name)
    }

    /// Where a parameter's value comes from: as the change said that set it; for the default, the message
    /// "module.parameterSource.what".
    func parameterSource(_ definition: ParameterDefinition, recorded: String?) -> String {
        if let recorded { return recorded }
        guard let dot = definition.name.firstIndex(of: ".") else { return definition.source }
        return wording.say(
            "\(definition.name[..<dot]).parameterSource\(definition.name[dot...])", else: definition.source)
    }

    /// A parameter's unit; nil where the value says it all.
    func unit(_ unit: String) -> String? {
        let key = "constitution.unit.\(unit)"
        return wording.catalog.contains(key) ? wording.say(key) : nil
    }

    /// A parameter's value; money and area as people read them.
    func value(_ value: ParameterValue, unit: String) -> String {
        switch value {
        case .text(let text): text
        case .integer(let number):
            switch unit {
            case "fen": Formats.money(fen: number)
            case "0.01m2": Formats.area(hundredths: number)
            default: Formats.count(number)
            }
        }
    }

    /// One change in a sentence.
    func change(_ change: ConstitutionChange) -> String {
        switch change {
        case .setParameter(let setting):
            let unit = units[setting.name] ?? "text"
            var words = value(setting.value, unit: unit)
            if let unit = self.unit(unit) { words += " \(unit)" }
            return wording.say(
                "constitution.change.setParameter",
                ["name": parameterName(setting.name), "value": words, "source": setting.source])
        case .admitParty(let party):
            return wording.say("constitution.change.admitParty", ["party": party.name, "kind": kind(party.kind)])
        case .removeParty(let id): return wording.say("constitution.change.removeParty", ["party": party(id)])
        case .changeParty(let party): return wording.say("constitution.change.changeParty", ["party": party.name])
        case .openStaff(let staff):
            return wording.say(
                "constitution.change.openStaff",
                [
                    "party": party(staff.party), "title": staff.title, "roles": wording.list(staff.roles.map(role)),
                ])
        case .closeStaff(let key): return wording.say("constitution.change.closeStaff", ["key": Formats.short(key)])
        }
    }

    /// What became of a proposal.
    func pill(_ status: ProposalStatus) -> Pill {
        switch status {
        case .open: wording.pill(.open, "constitution.state.open")
        case .accepted: wording.pill(.good, "constitution.state.accepted")
        case .rejected: wording.pill(.bad, "constitution.state.rejected")
        case .withdrawn: wording.pill(.plain, "constitution.state.withdrawn")
        case .dropped: wording.pill(.plain, "constitution.state.dropped")
        }
    }
}
