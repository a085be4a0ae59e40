import BudgetingContract
package import ContractKit
package import Hummingbird
package import PageKit
package import ReadModels

/// The budget votes' pages: projects, ballots, and results worked out step by step.
package struct BudgetingModule: AppModule {
    package let name = BudgetingContract.name
    package let messages = [
        MessageSource(.simplifiedChinese, PackageResources.zh_Hans_json),
        MessageSource(.english, PackageResources.en_json),
    ]
    package let templates = [
        TemplateSource("vote-card", PackageResources.vote_card_mustache),
        TemplateSource("vote-list", PackageResources.vote_list_mustache),
        TemplateSource("vote-result", PackageResources.vote_result_mustache),
        TemplateSource("vote", PackageResources.vote_mustache),
    ]
    package let navigation = [
        NavigationEntry(
            path: "/budgets", messageKey: "budgeting.navigation", icon: "icon-budget", place: .section(.decisions),
            order: 20),
        NavigationEntry(
            path: "/budgets", messageKey: "budgeting.navigation", icon: "icon-budget", place: .section(.publicNotice),
            order: 30),
    ]
    package let projection: (any Projection)? = BudgetingProjection()
    package let operations = BudgetingAPI.operations

    /// The module.
    package init() {}

    /// Votes that are open, and those counted last.
    package func homeCards(_ environment: AppEnvironment, _ language: Language) throws -> [HomeCard] {
        try VoteCards(environment, language).home()
    }

    /// Open votes; every resident's account has one ballot.
    package func agenda(
        of holder: KeyRow, _ environment: AppEnvironment, _ language: Language
    ) throws -> [AgendaItem] {
        let wording = Wording(environment.renderer, language)
        let open = try environment.readModels.read { database in
            try BudgetingQueries.votes(database, .published, limit: 20).filter { $0.isOpen(at: wording.now) }
        }
        return open.map { vote in
            let ballot = BudgetingTables.partID(vote.vote, holder.number)
            return AgendaItem(
                title: vote.title, kind: wording.say("budgeting.kind"), address: "/budgets/\(vote.vote)",
                until: vote.closes, done: BudgetingTables.ballots.contains(ballot, in: environment.state) ? 1 : 0)
        }
    }

    /// Where the money of the vote counted last goes.
    package func statistics(_ environment: AppEnvironment, _ language: Language) throws -> [Statistic] {
        try BudgetingStatistics.money(environment, language)
    }

    /// What waits for the desk.
    package func deskItems(_ environment: AppEnvironment, _ language: Language) throws -> [DeskItem] {
        try BudgetingDesk(environment, language).items()
    }

    /// What a search finds.
    package func search(
        _ words: SearchWords, limit: Int, _ environment: AppEnvironment, _ language: Language
    ) throws -> [SearchHit] {
        try BudgetingDesk(environment, language).search(words, limit: limit)
    }

    /// `GET /budgets`, `/budgets/{vote}`, its result, ballots and trace, and the API of budget votes.
    package func addRoutes(to router: Router<PageRequestContext>, _ environment: AppEnvironment) {
        let traces = TraceCache(environment.state)
        let list = VoteListPage(environment)
        let vote = VotePage(environment)
        let result = VoteResultPage(environment, traces)
        let export = VoteExport(environment, traces)
        router.get("/budgets") { request, context in try list.response(request, context) }
        router.get("/budgets/{vote}") { request, context in try vote.response(request, context) }
        router.get("/budgets/{vote}/result") { request, context in try await result.response(request, context) }
        router.get("/budgets/{vote}/ballots.csv") { _, context in try export.ballots(context) }
        router.get("/budgets/{vote}/trace.csv") { _, context in try await export.trace(context) }
        BudgetingAPI(environment).addRoutes(to: router)
    }
}
