import Hummingbird
import NoticesContract
import PageKit
import Primitives
import ReadModels

/// Questions in lists, and what an account's home page says of its own.
struct QuestionCards: Sendable {
    /// For how many days an answer is news.
    private static let newsDays: Int64 = 14
    private static let most: Int64 = 20

    private let environment: AppEnvironment
    private let words: NoticesWords

    init(_ environment: AppEnvironment, _ language: Language) {
        self.environment = environment
        words = NoticesWords(environment, language)
    }

    static func path(_ question: String) -> String { "/questions/\(question)" }

    /// One question for the template "question-list".
    func card(_ question: QuestionSummary) throws -> [String: Any] {
        let wording = words.wording
        var values: [String: Any] = [
            "path": QuestionCards.path(question.question), "title": try words.title(question),
            "topic": words.topic(question.topic), "pill": words.pill(question).context,
            "upvotes": wording.catalog.counted("notices.upvotes", question.upvotes, wording.language),
            "comments": wording.catalog.counted("notices.comments", question.comments, wording.language),
            "asked": wording.moment(question.asked),
        ]
        if question.answered == nil, !question.masked { values["promised"] = wording.moment(question.due) }
        return values
    }

    /// The questions asked last, for the page of the section; what is masked is not announced.
    func home() throws -> [HomeCard] {
        let latest = try environment.readModels.read {
            try QuestionQueries.questions($0, .newest, limit: NoticeCards.homeLimit)
        }
        return try latest.filter { !$0.masked }.map { question in
            HomeCard(
                isOpen: true, title: try words.title(question), kind: words.topic(question.topic),
                pill: words.pill(question), address: QuestionCards.path(question.question),
                time: question.answered == nil ? question.due : nil, began: question.asked, isNews: true)
        }
    }

    /// Answers that arrived lately are to be read; what waits for an answer needs nothing more from the account.
    func agenda(of account: String) throws -> [AgendaItem] {
        let wording = words.wording
        let since = Instant(milliseconds: wording.now).advanced(byDays: -QuestionCards.newsDays)
        let questions = try environment.readModels.read {
            try QuestionQueries.current($0, of: account, since: since.milliseconds, limit: QuestionCards.most)
        }
        return try questions.map { question in
            let answered = question.answered != nil
            return AgendaItem(
                title: try words.title(question),
                kind: wording.say(answered ? "notices.agenda.answered" : "notices.agenda.waiting"),
                address: QuestionCards.path(question.question), until: answered ? nil : question.due,
                done: answered ? 0 : 1)
        }
    }
}
