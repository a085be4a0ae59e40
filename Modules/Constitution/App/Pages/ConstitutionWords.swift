import ConstitutionContract
import ContractKit
import PageKit

/// The constitution's terms in one language.
struct ConstitutionWords {
    private let wording: Wording
    private var parties: [String: String]
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

    /// The changes of a proposal, each in a sentence. Parties that it admits have their names.
    func changes(_ changes: [ConstitutionChange]) -> [String] {
        var words = self
        for case .admitParty(let party) in changes where words.parties[party.id] == nil {
            words.parties[party.id] = party.name
        }
        return changes.map(words.change)
    }

    /// Who must agree, in one sentence: so many of these, and so many of those.
    func groups(_ groups: [NetworkRow.Group]) -> String {
        groups.map { group in
            let names = ["parties": wording.list(group.members.map(party)), "needed": Formats.count(group.needed)]
            if group.members.count == 1 { return wording.say("constitution.group.one", names) }
            let isAll = group.needed == group.members.count
            return wording.say(isAll ? "constitution.group.all" : "constitution.group.some", names)
        }.joined(separator: wording.say("constitution.group.separator"))
    }

    /// What tells a cosigner key from another, `name+hash+key`: its hash.
    static func keyMark(_ cosigner: String) -> String {
        let parts = cosigner.split(separator: "+", maxSplits: 2)
        return parts.count == 3 ? String(parts[1]) : Formats.short(cosigner)
    }

    /// What a description says of a party: its kind, the key of its node and whether that only watches.
    private func entry(_ party: PartyDescription, without none: String? = nil) -> String {
        var words = [kind(party.kind)]
        if let cosigner = party.cosigner {
            words.append(wording.say("constitution.entry.cosigner", ["key": ConstitutionWords.keyMark(cosigner)]))
        } else if let none {
            words.append(wording.say(none))
        }
        if party.observes { words.append(wording.say("constitution.entry.observes")) }
        return wording.list(words)
    }

    /// One change in a sentence.
    private func change(_ change: ConstitutionChange) -> String {
        switch change {
        case .setParameter(let setting):
            let unit = units[setting.name] ?? "text"
            var words = value(setting.value, unit: unit)
            if let unit = self.unit(unit) { words += " \(unit)" }
            return wording.say(
                "constitution.change.setParameter",
                ["name": parameterName(setting.name), "value": words, "source": setting.source])
        case .admitParty(let party):
            return wording.say("constitution.change.admitParty", ["party": party.name, "entry": entry(party)])
        case .removeParty(let id): return wording.say("constitution.change.removeParty", ["party": party(id)])
        case .changeParty(let party):
            return wording.say(
                "constitution.change.changeParty",
                ["party": party.name, "entry": entry(party, without: "constitution.entry.noCosigner")])
        case .openStaff(let staff):
            return wording.say(
                "constitution.change.openStaff",
                [
                    "party": party(staff.party), "title": staff.title, "roles": wording.list(staff.roles.map(role)),
                ])
        case .closeStaff(let key): return wording.say("constitution.change.closeStaff", ["key": Formats.short(key)])
        case .setQuorum(let groups):
            if groups.isEmpty { return wording.say("constitution.change.clearQuorum") }
            return wording.say("constitution.change.setQuorum", ["groups": self.groups(groups)])
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
