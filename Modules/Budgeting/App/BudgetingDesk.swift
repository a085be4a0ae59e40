import BudgetingContract
import ContractKit
import PageKit
import Primitives
import ReadModels

/// Budget votes at the desk: drafts to publish, votes without an end to close, and what a search finds.
struct BudgetingDesk: Sendable {
    private static let most: Int64 = 200

    private let environment: AppEnvironment
    private let wording: Wording

    init(_ environment: AppEnvironment, _ language: Language) {
        self.environment = environment
        wording = Wording(environment.renderer, language)
    }

    /// What waits for the convener of each vote.
    func items() throws -> [DeskItem] {
        let (drafts, published) = try environment.readModels.read { database in
            (
                try BudgetingQueries.votes(database, .draft, limit: BudgetingDesk.most),
                try BudgetingQueries.votes(database, .published, limit: BudgetingDesk.most)
            )
        }
        return try drafts.filter { $0.projects > 0 }.compactMap { vote in
            let body = PublishVote(vote: vote.vote).canonicalJSON
            return try item(vote, "publish", due: vote.opens, type: "\(PublishVote.type)", body)
        }
            + published.filter { $0.closes == nil }.compactMap { vote in
                let body = CloseVote(vote: vote.vote).canonicalJSON
                return try item(vote, "close", due: nil, type: "\(CloseVote.type)", body)
            }
    }

    private func item(
        _ vote: VoteSummary, _ task: String, due: Int64?, type: String, _ body: [UInt8]
    ) throws -> DeskItem? {
        guard let row = try BudgetingTables.votes.find(vote.vote, in: environment.state) else { return nil }
        return DeskItem(
            id: "budgeting/\(task)/\(vote.vote)", title: vote.title, task: wording.say("budgeting.desk.\(task)"),
            role: BudgetingRoles.convener, parties: [row.party], due: due, address: "/budgets/\(vote.vote)",
            act: DeskAct(type: type, body: String(decoding: body, as: UTF8.self)))
    }

    /// Votes by title or id, the latest first.
    func search(_ words: SearchWords, limit: Int) throws -> [SearchHit] {
        try environment.readModels.read { try BudgetingQueries.search($0, words.patterns, limit: limit) }.map { vote in
            SearchHit(title: vote.title, kind: wording.say("budgeting.kind"), address: "/budgets/\(vote.vote)")
        }
    }
}
