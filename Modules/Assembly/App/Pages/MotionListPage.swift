import AssemblyContract
import Hummingbird
import PageKit
import ReadModels

/// `/motions?page=`: motions that are open, announced, and decided; the pages turn over the decided ones.
struct MotionListPage: Sendable {
    static let decidedPerPage: Int64 = 20
    /// Motions that are open or announced at one time; more than any neighbourhood has.
    static let current: Int64 = 50

    private let environment: AppEnvironment

    init(_ environment: AppEnvironment) { self.environment = environment }

    func response(_ request: Request, _ context: PageRequestContext) throws -> Response {
        let page = try page(Paging(request, size: MotionListPage.decidedPerPage), context.language)
        return try environment.renderer.response(page, request: request, context: context)
    }

    func page(_ paging: Paging, _ language: Language) throws -> Page {
        let cards = MotionCards(environment, language)
        let found = try environment.readModels.read { database in
            (
                open: try AssemblyQueries.motions(database, .open, limit: MotionListPage.current),
                coming: try AssemblyQueries.motions(database, .announced, limit: MotionListPage.current),
                decided: try AssemblyQueries.motions(database, .closed, limit: paging.size, offset: paging.offset),
                withdrawn: try AssemblyQueries.motions(database, .withdrawn, limit: MotionListPage.decidedPerPage),
                total: try AssemblyQueries.count(database, .closed)
            )
        }
        var values: [String: Any] = [
            "open": found.open.map(cards.card), "coming": found.coming.map(cards.card),
            "hasComing": !found.coming.isEmpty, "decided": found.decided.map(cards.card),
            "withdrawn": found.withdrawn.map(cards.card), "hasWithdrawn": !found.withdrawn.isEmpty,
        ]
        values["pagination"] = paging.context(path: "/motions", total: found.total)
        return Page(
            title: Wording(environment.renderer, language).say("assembly.list.title"), templateName: "motion-list",
            context: values)
    }
}
