import ConstitutionContract
import ContractKit
import PageKit
import Primitives
import ReadModels

/// The constitution at the desk: proposals that a party has not voted on, and what a search finds.
struct ConstitutionDesk: Sendable {
    private let environment: AppEnvironment
    private let wording: Wording

    init(_ environment: AppEnvironment, _ language: Language) {
        self.environment = environment
        wording = Wording(environment.renderer, language)
    }

    /// Open proposals, for the delegates of each party that has not voted.
    func items() throws -> [DeskItem] {
        let state = environment.state
        guard let head = try ConstitutionTables.head.find("current", in: state) else { return [] }
        let parties = try Parties.all(in: state)
        let words = ConstitutionWords(wording, parties: parties, parameters: environment.parameters)
        return try head.proposals.compactMap { id in
            guard let row = try ConstitutionTables.proposals.find(id, in: state) else { return nil }
            let waiting = parties.filter { party in
                party.hasDelegate && !row.yes.contains(party.party.id) && !row.no.contains(party.party.id)
            }
            guard !waiting.isEmpty else { return nil }
            let approval = VoteOnProposal(proposal: id, yes: true)
            return DeskItem(
                id: "constitution/proposal/\(id)", title: wording.list(words.changes(row.changes)),
                task: wording.say("constitution.desk.approve", ["party": words.party(row.party)]),
                role: ConstitutionRoles.delegate, parties: waiting.map(\.party.id), due: nil, address: "/constitution",
                act: DeskAct(
                    type: "\(VoteOnProposal.type)", body: String(decoding: approval.canonicalJSON, as: UTF8.self)))
        }
    }

    /// Parties and rule values by name.
    func search(_ words: SearchWords, limit: Int) throws -> [SearchHit] {
        let parties = try Parties.all(in: environment.state)
        let terms = ConstitutionWords(wording, parties: parties, parameters: environment.parameters)
        let found =
            parties.filter { words.match("\($0.party.name) \($0.party.id)") }.map { row in
                SearchHit(
                    title: row.party.name, kind: wording.say("constitution.desk.party"), address: "/constitution",
                    note: terms.kind(row.party.kind))
            }
            + environment.parameters.filter { words.match("\(terms.parameterName($0.name)) \($0.name)") }.map {
                SearchHit(
                    title: terms.parameterName($0.name), kind: wording.say("constitution.desk.parameter"),
                    address: "/constitution", note: $0.name)
            }
        return Array(found.prefix(limit))
    }
}
