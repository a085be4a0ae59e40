import ContractKit
import Hummingbird
import NoticesContract
import PageKit
import ReadModels
import RegistryContract

/// `/notices?kind=&building=&page=`: what is up, what comes, and what was up; the pages turn over the last.
struct NoticeListPage: Sendable {
    private static let pastPerPage: Int64 = 20
    /// Notices that are up or coming at one time; more than any neighbourhood has.
    private static let current: Int64 = 60

    private let environment: AppEnvironment

    init(_ environment: AppEnvironment) { self.environment = environment }

    func response(_ request: Request, _ context: PageRequestContext) throws -> Response {
        let queries = request.uri.queryParameters
        let building = queries["building"].map(String.init) ?? ""
        let filter = NoticeFilter(
            kind: queries["kind"].flatMap { NoticeKind(rawValue: String($0)) },
            building: try isKnown(building) ? building : nil)
        let page = try page(
            filter, unknown: filter.building == nil && !building.isEmpty,
            Paging(request, size: NoticeListPage.pastPerPage), context.language)
        return try environment.renderer.response(page, request: request, context: context)
    }

    private func page(_ filter: NoticeFilter, unknown: Bool, _ paging: Paging, _ language: Language) throws -> Page {
        let cards = NoticeCards(environment, language)
        let words = NoticesWords(environment, language)
        let found = try environment.readModels.read { database in
            (
                posted: try NoticeQueries.posted(database, filter, limit: NoticeListPage.current),
                coming: try NoticeQueries.coming(database, filter, limit: NoticeListPage.current),
                past: try NoticeQueries.past(database, filter, limit: paging.size, offset: paging.offset),
                total: try NoticeQueries.pastCount(database, filter)
            )
        }
        var values: [String: Any] = [
            "posted": try found.posted.map(cards.card), "coming": try found.coming.map(cards.card),
            "hasComing": !found.coming.isEmpty, "past": try found.past.map(cards.card),
            "hasPast": !found.past.isEmpty,
            "kinds": NoticeKind.allCases.map {
                words.option($0.rawValue, words.kind($0), selected: $0 == filter.kind)
            },
            "filtered": filter != NoticeFilter(), "csv": "/notices.csv",
        ]
        values["building"] = filter.building
        values["buildingUnknown"] = unknown
        values["pagination"] = paging.context(path: NoticeListPage.path(filter), total: found.total)
        return Page(title: words.wording.say("notices.list.title"), templateName: "notice-list", context: values)
    }

    /// A building's id has no character that means something in a query.
    private func isKnown(_ building: String) throws -> Bool {
        guard Fields.isIdentifier(building) else { return false }
        return try OwnerRoll.totals(.building(building), in: environment.state).units > 0
    }

    private static func path(_ filter: NoticeFilter) -> String {
        var queries: [String] = []
        if let kind = filter.kind { queries.append("kind=\(kind.rawValue)") }
        if let building = filter.building { queries.append("building=\(building)") }
        return queries.isEmpty ? "/notices" : "/notices?" + queries.joined(separator: "&")
    }
}
