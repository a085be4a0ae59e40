import BudgetingContract
import Hummingbird
import PageKit
import ReadModels

/// `/budgets?page=`: budget votes that are open or coming, and those that were counted; the pages turn over the latter.
struct VoteListPage: Sendable {
    static let decidedPerPage: Int64 = 20
    /// Votes that are published at one time; more than any neighbourhood has.
    static let current: Int64 = 50

    private let environment: AppEnvironment

    init(_ environment: AppEnvironment) { self.environment = environment }

    func response(_ request: Request, _ context: PageRequestContext) throws -> Response {
        let page = try page(Paging(request, size: VoteListPage.decidedPerPage), context.language)
        return try environment.renderer.response(page, request: request, context: context)
    }

    func page(_ paging: Paging, _ language: Language) throws -> Page {
        let cards = VoteCards(environment, language)
        let found = try environment.readModels.read { database in
            (
                open: try BudgetingQueries.votes(database, .published, limit: VoteListPage.current),
                decided: try BudgetingQueries.votes(database, .closed, limit: paging.size, offset: paging.offset),
                total: try BudgetingQueries.count(database, .closed)
            )
        }
        var values: [String: Any] = ["open": found.open.map(cards.card), "decided": found.decided.map(cards.card)]
        values["pagination"] = paging.context(path: "/budgets", total: found.total)
        return Page(
            title: Wording(environment.renderer, language).say("budgeting.list.title"), templateName: "vote-list",
            context: values)
    }
}
