package import ContractKit
package import Primitives

/// A notice was published. Its text stands in the transaction and in `notices/text/<notice>`.
package struct NoticePublished: Event {
    package static let name: StaticString = "notices.published"
    /// The notice.
    package let notice: String
    /// Its terms.
    package let terms: NoticeRow
    /// Its title.
    package let title: String

    init(notice: String, terms: NoticeRow, title: String) {
        self.notice = notice
        self.terms = terms
        self.title = title
    }

    /// Reads the event.
    package init(_ fields: inout Fields) throws(Reason) {
        notice = try fields.identifier("notice")
        terms = try fields.record("terms")
        title = try fields.text("title", bytes: 1...NoticesLimits.title)
    }

    /// Writes the event.
    package func write(to fields: inout JSONWriter) {
        fields.field("notice", notice)
        fields.field("terms", object: { terms.write(to: &$0) })
        fields.field("title", title)
    }
}

/// A notice went up: with ``NoticeEnded`` the proof of how long it was up.
package struct NoticeBegun: Event {
    package static let name: StaticString = "notices.begun"
    /// When it went up.
    package let from: Instant
    /// The notice.
    package let notice: String
    /// When it is to come down: later than was asked for if it went up too late for the must-post period.
    package let until: Instant

    init(notice: String, from: Instant, until: Instant) {
        self.notice = notice
        self.from = from
        self.until = until
    }

    /// Reads the event.
    package init(_ fields: inout Fields) throws(Reason) {
        from = try fields.instant("from")
        notice = try fields.identifier("notice")
        until = try fields.instant("until")
    }

    /// Writes the event.
    package func write(to fields: inout JSONWriter) {
        fields.field("from", from.milliseconds)
        fields.field("notice", notice)
        fields.field("until", until.milliseconds)
    }
}

/// A notice's time is over.
package struct NoticeEnded: Event {
    package static let name: StaticString = "notices.ended"
    /// When it went up.
    package let from: Instant
    /// For how many days it had to stay up.
    package let mustPostDays: Int64
    /// The notice.
    package let notice: String
    /// When it came down.
    package let until: Instant

    init(notice: String, row: NoticeRow) {
        self.notice = notice
        from = row.begins
        until = row.ends
        mustPostDays = row.mustPostDays
    }

    /// Reads the event.
    package init(_ fields: inout Fields) throws(Reason) {
        from = try fields.instant("from")
        mustPostDays = try fields.integer("mustPostDays", in: 0...366)
        notice = try fields.identifier("notice")
        until = try fields.instant("until")
    }

    /// Writes the event.
    package func write(to fields: inout JSONWriter) {
        fields.field("from", from.milliseconds)
        fields.field("mustPostDays", mustPostDays)
        fields.field("notice", notice)
        fields.field("until", until.milliseconds)
    }
}

/// A notice was taken down by its party, after the must-post period or before it ever went up.
package struct NoticeWithdrawn: Event {
    package static let name: StaticString = "notices.withdrawn"
    /// When it went up; nil if it never did.
    package let from: Instant?
    /// For how many days it had to stay up.
    package let mustPostDays: Int64
    /// The notice.
    package let notice: String
    /// Why.
    package let reason: String
    /// When it was taken down.
    package let until: Instant

    init(notice: String, from: Instant?, until: Instant, mustPostDays: Int64, reason: String) {
        self.notice = notice
        self.from = from
        self.until = until
        self.mustPostDays = mustPostDays
        self.reason = reason
    }

    /// Reads the event.
    package init(_ fields: inout Fields) throws(Reason) {
        from = try fields.optionalInstant("from")
        mustPostDays = try fields.integer("mustPostDays", in: 0...366)
        notice = try fields.identifier("notice")
        reason = try fields.text("reason", bytes: 1...NoticesLimits.reason)
        until = try fields.instant("until")
    }

    /// Writes the event.
    package func write(to fields: inout JSONWriter) {
        if let from { fields.field("from", from.milliseconds) }
        fields.field("mustPostDays", mustPostDays)
        fields.field("notice", notice)
        fields.field("reason", reason)
        fields.field("until", until.milliseconds)
    }
}

/// A resident asked.
package struct QuestionAsked: Event {
    package static let name: StaticString = "notices.asked"
    /// The question.
    package let question: String
    /// Who asked what until when a reply is promised.
    package let terms: QuestionRow

    init(question: String, terms: QuestionRow) {
        self.question = question
        self.terms = terms
    }

    /// Reads the event.
    package init(_ fields: inout Fields) throws(Reason) {
        question = try fields.identifier("question")
        terms = try fields.record("terms")
    }

    /// Writes the event.
    package func write(to fields: inout JSONWriter) {
        fields.field("question", question)
        fields.field("terms", object: { terms.write(to: &$0) })
    }
}

/// An account supports a question.
package struct QuestionUpvoted: Event {
    package static let name: StaticString = "notices.upvoted"
    /// The account.
    package let account: String
    /// The question.
    package let question: String
    /// How many support it now.
    package let upvotes: Int64

    init(question: String, account: String, upvotes: Int64) {
        self.question = question
        self.account = account
        self.upvotes = upvotes
    }

    /// Reads the event.
    package init(_ fields: inout Fields) throws(Reason) {
        account = try fields.identifier("account")
        question = try fields.identifier("question")
        upvotes = try fields.integer("upvotes", in: 1...NoticesLimits.count)
    }

    /// Writes the event.
    package func write(to fields: inout JSONWriter) {
        fields.field("account", account)
        fields.field("question", question)
        fields.field("upvotes", upvotes)
    }
}

/// A party answered officially.
package struct QuestionAnswered: Event {
    package static let name: StaticString = "notices.answered"
    /// The answer.
    package let answer: AnswerRow
    /// Whether the first answer came within the promised time.
    package let inTime: Bool
    /// The answer's number, from 1.
    package let number: Int64
    /// The question.
    package let question: String

    init(question: String, number: Int64, answer: AnswerRow, inTime: Bool) {
        self.question = question
        self.number = number
        self.answer = answer
        self.inTime = inTime
    }

    /// Reads the event.
    package init(_ fields: inout Fields) throws(Reason) {
        answer = try fields.record("answer")
        inTime = try fields.bool("inTime")
        number = try fields.integer("number", in: 1...NoticesLimits.answers)
        question = try fields.identifier("question")
    }

    /// Writes the event.
    package func write(to fields: inout JSONWriter) {
        fields.field("answer", object: { answer.write(to: &$0) })
        fields.field("inTime", inTime)
        fields.field("number", number)
        fields.field("question", question)
    }
}

/// The promised reply time passed without an answer.
package struct ReplyOverdue: Event {
    package static let name: StaticString = "notices.replyOverdue"
    /// Until when a reply was promised.
    package let due: Instant
    /// The question.
    package let question: String

    init(question: String, due: Instant) {
        self.question = question
        self.due = due
    }

    /// Reads the event.
    package init(_ fields: inout Fields) throws(Reason) {
        due = try fields.instant("due")
        question = try fields.identifier("question")
    }

    /// Writes the event.
    package func write(to fields: inout JSONWriter) {
        fields.field("due", due.milliseconds)
        fields.field("question", question)
    }
}

/// A resident commented.
package struct CommentAdded: Event {
    package static let name: StaticString = "notices.commented"
    /// The comment.
    package let comment: String
    /// Who wrote it under what.
    package let row: CommentRow

    init(comment: String, row: CommentRow) {
        self.comment = comment
        self.row = row
    }

    /// Reads the event.
    package init(_ fields: inout Fields) throws(Reason) {
        comment = try fields.identifier("comment")
        row = try fields.record("row")
    }

    /// Writes the event.
    package func write(to fields: inout JSONWriter) {
        fields.field("comment", comment)
        fields.field("row", object: { row.write(to: &$0) })
    }
}
