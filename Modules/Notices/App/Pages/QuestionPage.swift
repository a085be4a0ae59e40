import ConstitutionContract
import ContractKit
import Hummingbird
import NoticesContract
import PageKit
import ReadModels

/// `/questions/{question}`: what was asked, until when a reply is promised, the official answers, and comments.
struct QuestionPage: Sendable {
    private static let commentsPerPage: Int64 = 30

    private let environment: AppEnvironment

    init(_ environment: AppEnvironment) { self.environment = environment }

    func response(_ request: Request, _ context: PageRequestContext) throws -> Response {
        let paging = Paging(request, size: QuestionPage.commentsPerPage)
        let page = try page(try context.parameters.require("question"), paging, context.language)
        return try environment.renderer.response(page, request: request, context: context)
    }

    /// The question with this id, or 404.
    static func find(_ id: String, _ environment: AppEnvironment) throws -> QuestionSummary {
        guard Fields.isIdentifier(id),
            let question = try environment.readModels.read({ try QuestionQueries.question($0, id) })
        else { throw Problem(.notFound, code: "notices.questionUnknown", field: "question") }
        return question
    }

    private func page(_ id: String, _ paging: Paging, _ language: Language) throws -> Page {
        let question = try QuestionPage.find(id, environment)
        let words = NoticesWords(environment, language)
        let wording = words.wording
        let answers = try environment.readModels.read { try QuestionQueries.answers($0, id) }
        let contribution = try words.reader.read(question.content)
        let title = NoticesWords.firstLine(contribution, wording)
        var values: [String: Any] = try words.body(contribution)
        // The title is the first line already, or says that nothing has arrived.
        switch contribution {
        case .shown(let text):
            let lines = Wording.paragraphs(text)
            if lines.first == title { values["paragraphs"] = Array(lines.dropFirst()) }
        case .waiting: values["gone"] = nil
        case .masked: break
        }
        values["id"] = id
        values["title"] = title
        values["topic"] = words.topic(question.topic)
        values["pill"] = words.pill(question).context
        values["asker"] = words.resident(question.account)
        values["moment"] = wording.moment(question.asked)
        values["recordPath"] = question.record.map(Wording.recordPath)
        values["maskPath"] = NoticesWords.maskPath(question.content)
        values["noticePath"] = question.notice.map { "/notices/\($0)" }
        values["open"] = !question.masked
        values["events"] = try timeline(question, answers, words)
        values["answers"] = try answers.map {
            try words.entry($0, author: words.party($0.author), official: true)
        }
        values["answered"] = !answers.isEmpty
        values["upvotes"] = wording.catalog.counted("notices.upvotes", question.upvotes, language)
        values["answerPath"] = "/desk/questions/\(id)"
        values.merge(
            try words.comments(
                on: .question(id), paging, count: question.comments, path: "/questions/\(id)",
                open: !question.masked)
        ) { first, _ in first }
        return Page(
            title: title, templateName: "question", context: values,
            scripts: question.masked ? [] : ["act-form.js"], signs: !question.masked)
    }

    /// Asked, promised by, answered: each with its time and how it stands.
    private func timeline(
        _ question: QuestionSummary, _ answers: [ContributionSummary], _ words: NoticesWords
    ) throws -> [[String: Any]] {
        let wording = words.wording
        func step(_ key: String, _ state: String, _ time: Int64?, note: String? = nil) -> [String: Any] {
            var values: [String: Any] = ["label": wording.say(key), state: true]
            if let time { values["moment"] = wording.moment(time) }
            values["note"] = note
            return values
        }
        var steps = [step("notices.timeline.asked", "isDone", question.asked)]
        guard let first = answers.first else {
            guard !question.masked else { return steps }
            let late = question.due < wording.now
            steps.append(
                step(
                    late ? "notices.timeline.overdue" : "notices.timeline.promised", late ? "isLate" : "isNow",
                    question.due))
            return steps + [step("notices.timeline.answer", "isComing", nil)]
        }
        let kept = question.inTime ?? false
        steps.append(
            step(
                kept ? "notices.timeline.kept" : "notices.timeline.missed", kept ? "isDone" : "isLate", question.due))
        steps.append(
            step("notices.timeline.answered", "isDone", first.time, note: try words.party(first.author)))
        if let last = answers.dropFirst().last {
            steps.append(
                step("notices.timeline.added", "isDone", last.time, note: try words.party(last.author)))
        }
        return steps
    }
}

/// `/questions/new?notice=`: the form to ask.
struct AskPage: Sendable {
    private let environment: AppEnvironment

    init(_ environment: AppEnvironment) { self.environment = environment }

    func response(_ request: Request, _ context: PageRequestContext) throws -> Response {
        let asked = request.uri.queryParameters["notice"].map(String.init) ?? ""
        let words = NoticesWords(environment, context.language)
        let days = try Parameters.integer(NoticesParameters.replyDays, in: environment.state)
        var values: [String: Any] = [
            "topics": QuestionTopic.allCases.map {
                words.choice(field: "topic", $0.rawValue, label: words.topic($0))
            },
            "promise": words.wording.catalog.counted("notices.ask.promise", days, context.language),
        ]
        if Fields.isIdentifier(asked), let text = try NoticesTables.texts.find(asked, in: environment.state) {
            values["notice"] = ["id": asked, "title": text.title]
        }
        let page = Page(
            title: words.wording.say("notices.ask.title"), templateName: "ask", context: values,
            scripts: ["act-form.js"], signs: true)
        return try environment.renderer.response(page, request: request, context: context)
    }
}
