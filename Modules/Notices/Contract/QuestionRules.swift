import ConstitutionContract
package import ContractKit
import Primitives

extension AskQuestion {
    /// Records the question and promises a reply.
    package func execute(_ execution: inout Execution) throws(Reason) {
        try execution.requireRole(NoticesRoles.resident)
        guard !NoticesTables.questions.contains(question, in: execution) else {
            throw NoticesReason.questionKnown.at("question")
        }
        if let notice, !NoticesTables.notices.contains(notice, in: execution) {
            throw NoticesReason.noticeUnknown.at("notice")
        }
        try Contribution.count(&execution)
        try Contribution.enter(content, ContentRow(.question, id: question), &execution)
        let days = try Parameters.integer(NoticesParameters.replyDays, in: execution)
        let row = QuestionRow(
            asking: self, account: execution.caller.account, at: execution.time,
            due: execution.time.advanced(byDays: days))
        NoticesTables.questions.put(question, row, in: &execution)
        execution.emit(QuestionAsked(question: question, terms: row))
        execution.schedule(NoticesDue.reply, id: question, at: row.due)
    }
}

extension UpvoteQuestion {
    /// Counts the account's support, once.
    package func execute(_ execution: inout Execution) throws(Reason) {
        try execution.requireRole(NoticesRoles.resident)
        var row = try Contribution.question(question, in: execution)
        let account = execution.caller.account
        guard row.account != account else { throw NoticesReason.ownQuestion.at("question") }
        let id = NoticesTables.upvoteID(question: question, account: account)
        guard !NoticesTables.upvotes.contains(id, in: execution) else { throw NoticesReason.upvoted.at("question") }
        row.upvotes = try row.upvotes.adding(1)
        NoticesTables.upvotes.put(id, UpvoteRow(given: execution.time), in: &execution)
        NoticesTables.questions.put(question, row, in: &execution)
        execution.emit(QuestionUpvoted(question: question, account: account, upvotes: row.upvotes))
    }
}

extension AnswerQuestion {
    /// Records the answer; the first one stops the clock.
    package func execute(_ execution: inout Execution) throws(Reason) {
        try execution.requireRole(NoticesRoles.responder)
        guard let party = execution.caller.party else { throw Reason.notAllowed.at("as") }
        var row = try Contribution.question(question, in: execution)
        guard row.answers < NoticesLimits.answers else { throw NoticesReason.answers.at("question") }
        row.answers = try row.answers.adding(1)
        try Contribution.enter(content, ContentRow(.answer, id: question, number: row.answers), &execution)
        let answer = AnswerRow(content: content, party: party, at: execution.time)
        if row.answered == nil {
            row.answered = execution.time
            execution.unschedule(NoticesDue.reply, id: question, at: row.due)
        }
        NoticesTables.questions.put(question, row, in: &execution)
        NoticesTables.answers.put(
            NoticesTables.answerID(question: question, number: row.answers), answer, in: &execution)
        let inTime = (row.answered ?? execution.time) < row.due
        execution.emit(QuestionAnswered(question: question, number: row.answers, answer: answer, inTime: inTime))
    }
}

extension AddComment {
    /// Records the comment.
    package func execute(_ execution: inout Execution) throws(Reason) {
        try execution.requireRole(NoticesRoles.resident)
        guard !NoticesTables.comments.contains(comment, in: execution) else {
            throw NoticesReason.commentKnown.at("comment")
        }
        switch on {
        case .notice(let id):
            let row = try NoticesTables.notices.require(
                id, in: execution, else: NoticesReason.noticeUnknown.at("on.id"))
            // The end counts to the millisecond, whether or not the due action has run yet.
            guard row.status == .posted, execution.time < row.ends else { throw NoticesReason.notPosted.at("on.id") }
        case .question(let id): _ = try Contribution.question(id, in: execution)
        }
        try Contribution.count(&execution)
        try Contribution.enter(content, ContentRow(.comment, id: comment), &execution)
        let row = CommentRow(self, account: execution.caller.account, at: execution.time)
        NoticesTables.comments.put(comment, row, in: &execution)
        execution.emit(CommentAdded(comment: comment, row: row))
    }
}

/// What questions, answers and comments have in common.
enum Contribution {
    /// The question with this id, which takes contributions as long as it is not masked.
    static func question(_ id: String, in execution: borrowing Execution) throws(Reason) -> QuestionRow {
        let row = try NoticesTables.questions.require(
            id, in: execution, else: NoticesReason.questionUnknown.at("question"))
        if try NoticesTables.contents.find(row.content.hex, in: execution)?.isMasked == true {
            throw NoticesReason.masked.at("question")
        }
        return row
    }

    /// Counts one more contribution of the caller's account today, or refuses it.
    static func count(_ execution: inout Execution) throws(Reason) {
        let most = try Parameters.integer(NoticesParameters.perDay, in: execution)
        let account = execution.caller.account
        let today = AuthorRow.day(of: execution.time)
        var row = try NoticesTables.authors.find(account, in: execution) ?? AuthorRow(day: today, count: 0)
        if row.day != today { row = AuthorRow(day: today, count: 0) }
        guard row.count < most else { throw NoticesReason.tooMany }
        row.count = try row.count.adding(1)
        NoticesTables.authors.put(account, row, in: &execution)
    }

    /// Enters a content, which must be new: what two contributions shared could not be masked for one of them alone.
    static func enter(_ content: Digest, _ row: ContentRow, _ execution: inout Execution) throws(Reason) {
        guard !NoticesTables.contents.contains(content.hex, in: execution) else {
            throw NoticesReason.contentKnown.at("content")
        }
        NoticesTables.contents.put(content.hex, row, in: &execution)
    }
}

/// What happens when the promised reply time is over.
enum ReplyClock {
    /// Marks the question as overdue. A masked question is owed no answer.
    static func remind(_ question: String, _ execution: inout Execution) throws(Reason) {
        var row = try NoticesTables.questions.require(question, in: execution, else: NoticesReason.questionUnknown)
        guard row.answered == nil, !row.overdue else { return }
        if try NoticesTables.contents.find(row.content.hex, in: execution)?.isMasked == true { return }
        row.overdue = true
        NoticesTables.questions.put(question, row, in: &execution)
        execution.emit(ReplyOverdue(question: question, due: row.due))
    }
}
