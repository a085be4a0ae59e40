package import ContractKit
package import Primitives

/// `notices.publish`: a party puts up a notice; it begins and ends by itself.
package struct PublishNotice: Command {
    package static let type: StaticString = "notices.publish"
    package static let callers = Callers.staff(role: NoticesRoles.publisher)
    /// Files that belong to it, at most 8.
    package var attachments: [NoticeAttachment]
    /// Whom it addresses.
    package var audience: NoticeAudience
    /// When it goes up; nil, or a time that has passed, for at once.
    package var begins: Instant?
    /// When it comes down, if the must-post period is over by then.
    package var ends: Instant
    /// What it is about.
    package var kind: NoticeKind
    /// Id of the notice.
    package var notice: String
    /// The earlier notice of the same party that this one corrects.
    package var replaces: String?
    /// The text, at most 8,000 bytes, with line breaks.
    package var text: String
    /// The title, at most 200 bytes.
    package var title: String

    /// A notice.
    package init(
        notice: String, kind: NoticeKind, title: String, text: String, audience: NoticeAudience = .estate,
        begins: Instant? = nil, ends: Instant, attachments: [NoticeAttachment] = [], replaces: String? = nil
    ) {
        self.notice = notice
        self.kind = kind
        self.title = title
        self.text = text
        self.audience = audience
        self.begins = begins
        self.ends = ends
        self.attachments = attachments
        self.replaces = replaces
    }

    /// Reads the body.
    package init(_ fields: inout Fields) throws(Reason) {
        attachments =
            try fields.optionalList("attachments", count: 1...NoticesLimits.attachments) {
                entry throws(Reason) in try NoticeAttachment(&entry)
            } ?? []
        audience = try fields.record("audience")
        begins = try fields.optionalInstant("begins")
        ends = try fields.instant("ends")
        kind = try fields.word("kind")
        notice = try fields.identifier("notice")
        replaces = try fields.optionalIdentifier("replaces")
        text = try fields.paragraphs("text", bytes: 1...NoticesLimits.text)
        title = try fields.text("title", bytes: 1...NoticesLimits.title)
    }

    /// Writes the body.
    package func write(to fields: inout JSONWriter) {
        if !attachments.isEmpty { fields.attachments(attachments) }
        fields.field("audience", object: { audience.write(to: &$0) })
        if let begins { fields.field("begins", begins.milliseconds) }
        fields.field("ends", ends.milliseconds)
        fields.field("kind", kind.rawValue)
        fields.field("notice", notice)
        if let replaces { fields.field("replaces", replaces) }
        fields.field("text", text)
        fields.field("title", title)
    }

    /// It ends after it begins.
    package func check() throws(Reason) {
        if let begins, ends <= begins { throw NoticesReason.period.at("ends") }
    }
}

/// `notices.withdraw`: the publishing party takes a notice down before its end, but not within the must-post period.
package struct WithdrawNotice: Command {
    package static let type: StaticString = "notices.withdraw"
    package static let callers = Callers.staff(role: NoticesRoles.publisher)
    /// The notice.
    package var notice: String
    /// Why, in words for everybody.
    package var reason: String

    /// A notice to take down.
    package init(notice: String, reason: String) {
        self.notice = notice
        self.reason = reason
    }

    /// Reads the body.
    package init(_ fields: inout Fields) throws(Reason) {
        notice = try fields.identifier("notice")
        reason = try fields.text("reason", bytes: 1...NoticesLimits.reason)
    }

    /// Writes the body.
    package func write(to fields: inout JSONWriter) {
        fields.field("notice", notice)
        fields.field("reason", reason)
    }
}

/// `notices.ask`: a resident asks; the parties promise a reply.
package struct AskQuestion: Command {
    package static let type: StaticString = "notices.ask"
    package static let callers = Callers.resident
    /// SHA-256 of the question's content, which is kept beside the ledger.
    package var content: Digest
    /// The notice that it is about, if any.
    package var notice: String?
    /// Id of the question.
    package var question: String
    /// What it is about.
    package var topic: QuestionTopic

    /// A question.
    package init(question: String, topic: QuestionTopic, content: Digest, notice: String? = nil) {
        self.question = question
        self.topic = topic
        self.content = content
        self.notice = notice
    }

    /// Reads the body.
    package init(_ fields: inout Fields) throws(Reason) {
        content = try fields.digest("content")
        notice = try fields.optionalIdentifier("notice")
        question = try fields.identifier("question")
        topic = try fields.word("topic")
    }

    /// Writes the body.
    package func write(to fields: inout JSONWriter) {
        fields.field("content", content.hex)
        if let notice { fields.field("notice", notice) }
        fields.field("question", question)
        fields.field("topic", topic.rawValue)
    }

    /// The site has a page of its own under the reserved id.
    package func check() throws(Reason) {
        guard question != NoticesLimits.reserved else { throw Reason.fieldRange.at("question") }
    }
}

/// `notices.upvote`: a resident would like to know that too.
package struct UpvoteQuestion: Command {
    package static let type: StaticString = "notices.upvote"
    package static let callers = Callers.resident
    /// The question.
    package var question: String

    /// A question to support.
    package init(question: String) { self.question = question }
    /// Reads the body.
    package init(_ fields: inout Fields) throws(Reason) { question = try fields.identifier("question") }
    /// Writes the body.
    package func write(to fields: inout JSONWriter) { fields.field("question", question) }
}

/// `notices.answer`: a party answers officially; the first answer keeps the promise, further ones add to it.
package struct AnswerQuestion: Command {
    package static let type: StaticString = "notices.answer"
    package static let callers = Callers.staff(role: NoticesRoles.responder)
    /// SHA-256 of the answer's content.
    package var content: Digest
    /// The question.
    package var question: String

    /// An official answer.
    package init(question: String, content: Digest) {
        self.question = question
        self.content = content
    }

    /// Reads the body.
    package init(_ fields: inout Fields) throws(Reason) {
        content = try fields.digest("content")
        question = try fields.identifier("question")
    }

    /// Writes the body.
    package func write(to fields: inout JSONWriter) {
        fields.field("content", content.hex)
        fields.field("question", question)
    }
}

/// `notices.comment`: a resident comments on a notice that is up, or on a question.
package struct AddComment: Command {
    package static let type: StaticString = "notices.comment"
    package static let callers = Callers.resident
    /// Id of the comment.
    package var comment: String
    /// SHA-256 of the comment's content.
    package var content: Digest
    /// What it stands under.
    package var on: CommentSubject

    /// A comment.
    package init(comment: String, on: CommentSubject, content: Digest) {
        self.comment = comment
        self.on = on
        self.content = content
    }

    /// Reads the body.
    package init(_ fields: inout Fields) throws(Reason) {
        comment = try fields.identifier("comment")
        content = try fields.digest("content")
        on = try fields.record("on")
    }

    /// Writes the body.
    package func write(to fields: inout JSONWriter) {
        fields.field("comment", comment)
        fields.field("content", content.hex)
        fields.field("on", object: { on.write(to: &$0) })
    }
}
