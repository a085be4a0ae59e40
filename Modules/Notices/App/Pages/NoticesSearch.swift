import ContractKit
import NoticesContract
import PageKit
import ReadModels

/// Finds notices by title and text, and questions by what they say, among the latest.
struct NoticesSearch: Sendable {
    /// How many notices, and how many questions, are looked through: contents stand beside the ledger, not in the read
    /// models, and are read one by one.
    static let latest: Int64 = 500

    private let environment: AppEnvironment
    private let words: NoticesWords

    init(_ environment: AppEnvironment, _ language: Language) {
        self.environment = environment
        words = NoticesWords(environment, language)
    }

    /// What the search of the site shows.
    func hits(_ search: SearchWords, limit: Int) throws -> [SearchHit] {
        guard !search.isEmpty, limit > 0 else { return [] }
        var hits: [SearchHit] = []
        for notice in try environment.readModels.read({ try NoticeQueries.all($0, limit: NoticesSearch.latest) }) {
            let text = try NoticesTables.texts.find(notice.notice, in: environment.state)?.text ?? ""
            guard search.match("\(notice.title)\n\(text)") else { continue }
            hits.append(
                SearchHit(
                    title: notice.title, kind: words.kind(notice.kind), address: NoticeCards.path(notice),
                    note: try words.party(notice.party)))
            if hits.count == limit { return hits }
        }
        for (question, text) in try questions(search, limit: limit - hits.count) {
            hits.append(
                SearchHit(
                    title: NoticesWords.firstLine(.shown(text), words.wording),
                    kind: words.wording.say("notices.question.kind"),
                    address: "/questions/\(question.question)", note: words.topic(question.topic)))
        }
        return hits
    }

    /// The latest questions that are shown and say all the words.
    func questions(
        _ search: SearchWords, topic: QuestionTopic? = nil, limit: Int
    ) throws -> [(question: QuestionSummary, text: String)] {
        guard !search.isEmpty, limit > 0 else { return [] }
        let listed = try environment.readModels.read {
            try QuestionQueries.questions($0, .newest, topic: topic, limit: NoticesSearch.latest)
        }
        var found: [(question: QuestionSummary, text: String)] = []
        for question in listed where found.count < limit {
            if let text = try words.reader.text(question.content), search.match(text) { found.append((question, text)) }
        }
        return found
    }
}
