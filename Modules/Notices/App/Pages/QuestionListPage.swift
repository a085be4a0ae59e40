import Hummingbird
import NoticesContract
import PageKit
import ReadModels

/// `/questions?order=&topic=&q=&page=`: what residents ask, with how it was answered.
struct QuestionListPage: Sendable {
    private static let perPage: Int64 = 20
    /// Most questions that a search shows.
    private static let found = 50

    private let environment: AppEnvironment

    init(_ environment: AppEnvironment) { self.environment = environment }

    func response(_ request: Request, _ context: PageRequestContext) throws -> Response {
        let queries = request.uri.queryParameters
        let order = queries["order"].flatMap { QuestionOrder(rawValue: String($0)) } ?? .upvotes
        let topic = queries["topic"].flatMap { QuestionTopic(rawValue: String($0)) }
        let search = SearchWords(queries["q"].map(String.init) ?? "")
        let page = try page(
            order, topic, search, Paging(request, size: QuestionListPage.perPage), context.language)
        return try environment.renderer.response(page, request: request, context: context)
    }

    private func page(
        _ order: QuestionOrder, _ topic: QuestionTopic?, _ search: SearchWords, _ paging: Paging,
        _ language: Language
    ) throws -> Page {
        let words = NoticesWords(environment, language)
        let cards = QuestionCards(environment, language)
        var values: [String: Any] = [
            "orders": QuestionOrder.allCases.map { one -> [String: Any] in
                [
                    "path": QuestionListPage.path(one, topic),
                    "label": words.wording.say("notices.order.\(one.rawValue)"),
                    "current": one == order && search.isEmpty,
                ]
            },
            "topics": QuestionTopic.allCases.map { words.option($0.rawValue, words.topic($0), selected: $0 == topic) },
            "order": order.rawValue, "searched": search.text, "searching": !search.isEmpty,
            "csv": "/questions.csv",
        ]
        if search.isEmpty {
            let (listed, total) = try environment.readModels.read { database in
                (
                    try QuestionQueries.questions(
                        database, order, topic: topic, limit: paging.size, offset: paging.offset),
                    try QuestionQueries.count(database, order, topic: topic)
                )
            }
            values["questions"] = try listed.map(cards.card)
            values["pagination"] = paging.context(path: QuestionListPage.path(order, topic), total: total)
        } else {
            let found = try NoticesSearch(environment, language)
                .questions(search, topic: topic, limit: QuestionListPage.found)
            values["questions"] = try found.map { try cards.card($0.question) }
            values["searchNote"] = words.wording.say(
                "notices.questions.searchNote", ["count": Formats.count(NoticesSearch.latest)])
        }
        return Page(
            title: words.wording.say("notices.questions.title"), templateName: "question-list", context: values)
    }

    private static func path(_ order: QuestionOrder, _ topic: QuestionTopic?) -> String {
        "/questions?order=\(order.rawValue)" + (topic.map { "&topic=\($0.rawValue)" } ?? "")
    }
}
