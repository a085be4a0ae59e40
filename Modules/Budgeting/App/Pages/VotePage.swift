import BudgetingContract
import ConstitutionContract
import ContractKit
import Hummingbird
import LedgerCore
import PageKit
import Primitives
import ReadModels

/// `/budgets/{vote}`: the money, the projects, the rule, and the ballot.
struct VotePage: Sendable {
    private let environment: AppEnvironment

    init(_ environment: AppEnvironment) { self.environment = environment }

    func response(_ request: Request, _ context: PageRequestContext) throws -> Response {
        let page = try page(try context.parameters.require("vote"), context.language)
        return try environment.renderer.response(page, request: request, context: context)
    }

    func page(_ id: String, _ language: Language) throws -> Page {
        let state = environment.state
        let wording = Wording(environment.renderer, language)
        guard Fields.isIdentifier(id), let row = try BudgetingTables.votes.find(id, in: state),
            let terms = try BudgetingTables.terms.find(id, in: state),
            let vote = try environment.readModels.read({ try BudgetingQueries.vote($0, id) })
        else { throw Problem(.notFound, code: "budgeting.voteUnknown", field: "vote") }
        let words = VoteWords(wording, terms)
        let text = try BudgetingTables.texts.find(id, in: state)?.text ?? ""
        let open = vote.isOpen(at: wording.now)
        let kind = row.maximum == 1 ? "radio" : "checkbox"
        let projects = try VoteReader.projects(of: id, in: state)
        var values: [String: Any] = [
            "id": id, "title": terms.title, "paragraphs": Wording.paragraphs(text), "open": open,
            "pill": VoteCards(environment, language).pill(vote).context,
            "figures": [
                wording.figure("budgeting.figure.budget", words.money.text(terms.budget)),
                wording.figure("budgeting.figure.projects", Formats.count(row.projects)),
                wording.figure("budgeting.figure.ballots", Formats.count(vote.ballots)),
            ],
            "rule": words.rule, "projects": projects.map { VotePage.choice($0, kind, words.money) },
            "facts": try facts(row, vote, wording),
        ]
        if row.status == .closed { values["resultPath"] = "/budgets/\(id)/result" }
        if let opens = vote.opens, row.status == .published, opens > wording.now {
            values["opens"] = wording.say("budgeting.vote.opensAt", ["time": wording.momentText(opens)])
        } else if let closes = vote.closes, row.status != .draft {
            values["deadline"] = wording.deadline(closes)
        }
        if open {
            values["limit"] = words.limit(row)
            values["changeNote"] = wording.say("budgeting.change.\(row.changePolicy.rawValue)")
            values["money"] = words.money.sign
        }
        return Page(
            title: terms.title, templateName: "vote", context: values, scripts: open ? ["ballot.js"] : [],
            signs: open)
    }

    /// One project for the partial "choice" and for the table without scripts.
    private static func choice(_ project: ProjectEntry, _ kind: String, _ money: VoteMoney) -> [String: Any] {
        [
            "type": kind, "name": "project", "value": project.id, "label": project.name,
            "cost": money.text(project.cost), "costFen": String(money.hundredths(project.cost)),
            "testid": "project-\(project.id)",
        ]
    }

    private func facts(_ row: VoteRow, _ vote: VoteSummary, _ wording: Wording) throws -> [[String: Any]] {
        let party = try Parties.find(row.party, in: environment.state)?.party.name ?? row.party
        var facts = [wording.fact("budgeting.fact.convener", party)]
        if let opens = vote.opens { facts.append(wording.fact("budgeting.fact.opens", time: opens)) }
        if let closes = vote.closes { facts.append(wording.fact("budgeting.fact.closes", time: closes)) }
        return facts + [
            wording.code("budgeting.fact.rule", vote.rule),
            wording.fact("budgeting.fact.tieRule", wording.say("budgeting.tie.cost")),
            wording.record("budgeting.fact.record", transaction: vote.record, leaf: vote.leaf),
        ]
    }
}
