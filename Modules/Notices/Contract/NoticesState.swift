package import ContractKit
package import Primitives

/// Where a notice stands.
package enum NoticeStatus: String, Sendable, Hashable, CaseIterable {
    /// Published; it goes up later.
    case coming
    /// Up.
    case posted
    /// Its time is over.
    case ended
    /// Taken down by its party.
    case withdrawn
}

/// A notice as the rules need it: row `notices/notice/<id>`; what it says stands in `notices/text/<id>`.
package struct NoticeRow: Record, Hashable {
    /// Whom it addresses.
    package var audience: NoticeAudience
    /// When it goes up; once it is up, when it did.
    package var begins: Instant
    /// When it comes down; once it is down, when it did.
    package var ends: Instant
    /// What it is about.
    package var kind: NoticeKind
    /// For how many days it must stay up, as the rules were when it was published.
    package var mustPostDays: Int64
    /// The party that published it.
    package var party: String
    /// When it was published.
    package var published: Instant
    /// The later notice that corrects it.
    package var replacedBy: String?
    /// The earlier notice that it corrects.
    package var replaces: String?
    /// Where it stands.
    package var status: NoticeStatus

    init(publishing notice: PublishNotice, begins: Instant, party: String, mustPostDays: Int64, at time: Instant) {
        audience = notice.audience
        self.begins = begins
        ends = notice.ends
        kind = notice.kind
        self.mustPostDays = mustPostDays
        self.party = party
        published = time
        replaces = notice.replaces
        status = .coming
    }

    /// The end of the must-post period: before it the notice cannot come down once it is up.
    package var mustPostUntil: Instant { begins.advanced(byDays: mustPostDays) }

    /// Reads the row.
    package init(_ fields: inout Fields) throws(Reason) {
        audience = try fields.record("audience")
        begins = try fields.instant("begins")
        ends = try fields.instant("ends")
        kind = try fields.word("kind")
        mustPostDays = try fields.integer("mustPostDays", in: 0...366)
        party = try fields.identifier("party")
        published = try fields.instant("published")
        replacedBy = try fields.optionalIdentifier("replacedBy")
        replaces = try fields.optionalIdentifier("replaces")
        status = try fields.word("status")
    }

    /// Writes the row.
    package func write(to fields: inout JSONWriter) {
        fields.field("audience", object: { audience.write(to: &$0) })
        fields.field("begins", begins.milliseconds)
        fields.field("ends", ends.milliseconds)
        fields.field("kind", kind.rawValue)
        fields.field("mustPostDays", mustPostDays)
        fields.field("party", party)
        fields.field("published", published.milliseconds)
        if let replacedBy { fields.field("replacedBy", replacedBy) }
        if let replaces { fields.field("replaces", replaces) }
        fields.field("status", status.rawValue)
    }
}

/// What a notice says: row `notices/text/<id>`.
package struct NoticeText: Record, Hashable {
    /// The files that belong to it.
    package var attachments: [NoticeAttachment]
    /// The text, with line breaks.
    package var text: String
    /// The title.
    package var title: String

    init(_ notice: PublishNotice) {
        attachments = notice.attachments
        text = notice.text
        title = notice.title
    }

    /// Reads the row.
    package init(_ fields: inout Fields) throws(Reason) {
        attachments = try fields.list("attachments", count: 0...NoticesLimits.attachments) {
            entry throws(Reason) in try NoticeAttachment(&entry)
        }
        text = try fields.paragraphs("text", bytes: 1...NoticesLimits.text)
        title = try fields.text("title", bytes: 1...NoticesLimits.title)
    }

    /// Writes the row.
    package func write(to fields: inout JSONWriter) {
        fields.attachments(attachments)
        fields.field("text", text)
        fields.field("title", title)
    }
}

/// A question: row `notices/question/<id>`.
package struct QuestionRow: Record, Hashable {
    /// The account that asked.
    package var account: String
    /// When the first official answer was given; nil while none was.
    package var answered: Instant?
    /// Number of official answers.
    package var answers: Int64
    /// When it was asked.
    package var asked: Instant
    /// Digest of its content.
    package var content: Digest
    /// Until when a reply is promised.
    package var due: Instant
    /// The notice that it is about.
    package var notice: String?
    /// Whether the promised time passed without an answer.
    package var overdue: Bool
    /// What it is about.
    package var topic: QuestionTopic
    /// How many other accounts would like to know that too.
    package var upvotes: Int64

    init(asking question: AskQuestion, account: String, at time: Instant, due: Instant) {
        self.account = account
        answers = 0
        asked = time
        content = question.content
        self.due = due
        notice = question.notice
        overdue = false
        topic = question.topic
        upvotes = 0
    }

    /// Reads the row.
    package init(_ fields: inout Fields) throws(Reason) {
        account = try fields.identifier("account")
        answered = try fields.optionalInstant("answered")
        answers = try fields.integer("answers", in: 0...NoticesLimits.answers)
        asked = try fields.instant("asked")
        content = try fields.digest("content")
        due = try fields.instant("due")
        notice = try fields.optionalIdentifier("notice")
        overdue = try fields.bool("overdue")
        topic = try fields.word("topic")
        upvotes = try fields.integer("upvotes", in: 0...NoticesLimits.count)
    }

    /// Writes the row.
    package func write(to fields: inout JSONWriter) {
        fields.field("account", account)
        if let answered { fields.field("answered", answered.milliseconds) }
        fields.field("answers", answers)
        fields.field("asked", asked.milliseconds)
        fields.field("content", content.hex)
        fields.field("due", due.milliseconds)
        if let notice { fields.field("notice", notice) }
        fields.field("overdue", overdue)
        fields.field("topic", topic.rawValue)
        fields.field("upvotes", upvotes)
    }
}

/// An official answer: row `notices/answer/<question>/<number>`.
package struct AnswerRow: Record, Hashable {
    /// When it was given.
    package var answered: Instant
    /// Digest of its content.
    package var content: Digest
    /// The party that answered.
    package var party: String

    init(content: Digest, party: String, at time: Instant) {
        self.content = content
        self.party = party
        answered = time
    }

    /// Reads the row.
    package init(_ fields: inout Fields) throws(Reason) {
        answered = try fields.instant("answered")
        content = try fields.digest("content")
        party = try fields.identifier("party")
    }

    /// Writes the row.
    package func write(to fields: inout JSONWriter) {
        fields.field("answered", answered.milliseconds)
        fields.field("content", content.hex)
        fields.field("party", party)
    }
}

/// A comment: row `notices/comment/<id>`.
package struct CommentRow: Record, Hashable {
    /// The account that wrote it.
    package var account: String
    /// Digest of its content.
    package var content: Digest
    /// What it stands under.
    package var on: CommentSubject
    /// When it was written.
    package var written: Instant

    init(_ comment: AddComment, account: String, at time: Instant) {
        self.account = account
        content = comment.content
        on = comment.on
        written = time
    }

    /// Reads the row.
    package init(_ fields: inout Fields) throws(Reason) {
        account = try fields.identifier("account")
        content = try fields.digest("content")
        on = try fields.record("on")
        written = try fields.instant("written")
    }

    /// Writes the row.
    package func write(to fields: inout JSONWriter) {
        fields.field("account", account)
        fields.field("content", content.hex)
        fields.field("on", object: { on.write(to: &$0) })
        fields.field("written", written.milliseconds)
    }
}

/// That an account supports a question: row `notices/upvote/<question>/<account>`.
package struct UpvoteRow: Record, Hashable {
    /// When it did.
    package var given: Instant

    init(given: Instant) { self.given = given }
    /// Reads the row.
    package init(_ fields: inout Fields) throws(Reason) { given = try fields.instant("given") }
    /// Writes the row.
    package func write(to fields: inout JSONWriter) { fields.field("given", given.milliseconds) }
}

/// How much an account has written on its last day: row `notices/author/<account>`.
package struct AuthorRow: Record, Hashable {
    /// Contributions on that day.
    package var count: Int64
    /// The day, counted from 1970-01-01 in China's standard time.
    package var day: Int64

    init(day: Int64, count: Int64) {
        self.day = day
        self.count = count
    }

    /// Reads the row.
    package init(_ fields: inout Fields) throws(Reason) {
        count = try fields.integer("count", in: 0...NoticesLimits.count)
        day = try fields.integer("day", in: 0...NoticesLimits.count)
    }

    /// Writes the row.
    package func write(to fields: inout JSONWriter) {
        fields.field("count", count)
        fields.field("day", day)
    }

    /// The day of `time`. China keeps one zone, eight hours east of UTC, all year.
    package static func day(of time: Instant) -> Int64 {
        max(0, time.advanced(byMilliseconds: 8 * Instant.hour).milliseconds) / Instant.day
    }
}

/// The tables of notices.
package enum NoticesTables {
    /// Notices by id.
    package static let notices = Table<NoticeRow>("notices", "notice")
    /// Titles, texts and attachments by notice.
    package static let texts = Table<NoticeText>("notices", "text")
    /// Questions by id.
    package static let questions = Table<QuestionRow>("notices", "question")
    /// Official answers by question and number, see ``answerID(question:number:)``.
    package static let answers = Table<AnswerRow>("notices", "answer")
    /// Comments by id.
    package static let comments = Table<CommentRow>("notices", "comment")
    /// Who supports which question, see ``upvoteID(question:account:)``.
    package static let upvotes = Table<UpvoteRow>("notices", "upvote")
    /// What accounts wrote on their last day.
    package static let authors = Table<AuthorRow>("notices", "author")
    /// What a content is, by its digest in hex.
    package static let contents = Table<ContentRow>("notices", "content")

    /// Id of an answer's row: `<question>/<number>`. A question's id has no slash.
    package static func answerID(question: String, number: Int64) -> String { "\(question)/\(number)" }

    /// Id of the row of an upvote: `<question>/<account>`.
    package static func upvoteID(question: String, account: String) -> String { "\(question)/\(account)" }
}
