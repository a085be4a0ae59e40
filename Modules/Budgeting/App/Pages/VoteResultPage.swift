import BudgetingContract
import ConstitutionContract
import ContractKit
import Hummingbird
import LedgerCore
import PageKit
import ReadModels

/// `/budgets/{vote}/result?page=&step=`: what was chosen, the votes of every project, and the count step by step.
struct VoteResultPage: Sendable {
    static let projectsPerPage: Int64 = 50
    static let stepsPerPage: Int64 = 50

    private let environment: AppEnvironment
    private let traces: TraceCache

    init(_ environment: AppEnvironment, _ traces: TraceCache) {
        self.environment = environment
        self.traces = traces
    }

    func response(_ request: Request, _ context: PageRequestContext) async throws -> Response {
        let projects = Paging(request, size: VoteResultPage.projectsPerPage)
        let steps = Paging(request, size: VoteResultPage.stepsPerPage, name: "step")
        let id = try context.parameters.require("vote")
        let page = try await page(id, projects: projects, steps: steps, context.language)
        return try environment.renderer.response(page, request: request, context: context)
    }

    func page(_ id: String, projects paging: Paging, steps: Paging, _ language: Language) async throws -> Page {
        let state = environment.state
        let wording = Wording(environment.renderer, language)
        guard Fields.isIdentifier(id), let terms = try BudgetingTables.terms.find(id, in: state),
            let vote = try environment.readModels.read({ try BudgetingQueries.vote($0, id) })
        else { throw Problem(.notFound, code: "budgeting.voteUnknown", field: "vote") }
        guard let result = try BudgetingTables.results.find(id, in: state) else {
            throw Problem(.notFound, code: "budgeting.notCounted", field: "vote")
        }
        let count = try await traces.count(of: id)
        let words = VoteWords(wording, terms)
        let table = ProjectTable(words, count, result)
        var values: [String: Any] = [
            "title": terms.title, "path": "/budgets/\(id)", "verdict": verdict(result, words),
            "figures": figures(result, words), "rule": words.rule, "facts": facts(vote, wording),
            "projects": table.rows(offset: Int(paging.offset), limit: Int(paging.size)),
            "exportPath": "/budgets/\(id)/ballots.csv", "tracePath": "/budgets/\(id)/trace.csv",
        ]
        let path = "/budgets/\(id)/result"
        if let pages = paging.context(path: path, fragment: "projects", total: Int64(count.projects.count)) {
            values["projectPages"] = ["pagination": pages]
        }
        if case .success(let counted) = count.outcome {
            let trace = TraceWords(words, count, counted)
            values["preface"] = trace.preface()
            values["steps"] = trace.lines(offset: Int(steps.offset), limit: Int(steps.size)).map(\.context)
            values["pagination"] = steps.context(path: path, fragment: "steps", total: Int64(trace.lineCount))
        }
        return Page(title: terms.title, templateName: "vote-result", context: values)
    }

    private func verdict(_ result: VoteResult, _ words: VoteWords) -> [String: Any] {
        let wording = words.wording
        if let problem = result.problem {
            return [
                "holds": false, "word": wording.say("budgeting.result.problem"),
                "reason": wording.say(
                    "budgeting.reason.\(problem.dropFirst("budgeting.".count)).message", else: problem),
            ]
        }
        let chosen = Int64(result.winners.count)
        return [
            "holds": chosen > 0,
            "word": chosen > 0
                ? wording.say("budgeting.result.word", ["count": Formats.count(chosen)])
                : wording.say("budgeting.result.none"),
            "reason": wording.say(
                "budgeting.result.reason",
                ["spent": words.money.text(result.spent), "budget": words.money.text(words.terms.budget)]),
        ]
    }

    private func figures(_ result: VoteResult, _ words: VoteWords) -> [[String: Any]] {
        [
            words.wording.figure("budgeting.figure.budget", words.money.text(words.terms.budget)),
            words.wording.figure("budgeting.figure.spent", words.money.text(result.spent)),
            words.wording.figure("budgeting.figure.left", words.money.text(result.remaining)),
            words.wording.figure("budgeting.figure.ballots", Formats.count(result.ballots)),
        ]
    }

    private func facts(_ vote: VoteSummary, _ wording: Wording) -> [[String: Any]] {
        var facts: [[String: Any]] = []
        if let closes = vote.closes { facts.append(wording.fact("budgeting.fact.closes", time: closes)) }
        if let closed = vote.closed { facts.append(wording.fact("budgeting.fact.closed", time: closed)) }
        facts.append(wording.code("budgeting.fact.rule", vote.rule))
        facts.append(wording.fact("budgeting.fact.tieRule", wording.say("budgeting.tie.cost")))
        if let leaf = vote.closedLeaf {
            facts.append(wording.record("budgeting.fact.countRecord", transaction: vote.closedRecord, leaf: leaf))
        }
        facts.append(wording.record("budgeting.fact.record", transaction: vote.record, leaf: vote.leaf))
        return facts
    }
}
