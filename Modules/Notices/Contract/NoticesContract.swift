package import ContractKit

/// The rules of notices 公告, of questions with their official answers, and of masking what residents wrote 屏蔽.
package enum NoticesContract: Contract {
    package static let name = "notices"
    package static let commands: [any Command.Type] = [
        PublishNotice.self, WithdrawNotice.self, AskQuestion.self, UpvoteQuestion.self, AnswerQuestion.self,
        AddComment.self, ProposeMask.self, ConfirmMask.self, RejectMask.self,
    ]
    package static let dueActions = [
        DueAction(NoticesDue.begin) { id, execution throws(Reason) in try NoticeClock.begin(id, &execution) },
        DueAction(NoticesDue.end) { id, execution throws(Reason) in try NoticeClock.end(id, &execution) },
        DueAction(NoticesDue.reply) { id, execution throws(Reason) in try ReplyClock.remind(id, &execution) },
    ]
    package static let reasons = NoticesReason.all
    package static let parameters = NoticesParameters.all
}

/// What the ledger does by itself.
package enum NoticesDue {
    /// A notice goes up; the id is the notice's.
    package static let begin = "notices.begin"
    /// A notice comes down; the id is the notice's.
    package static let end = "notices.end"
    /// The promised reply time is over; the id is the question's.
    package static let reply = "notices.reply"
}

/// The rule values of notices and questions. A notice and a question keep those that were in force when they were made.
package enum NoticesParameters {
    /// For how many days a notice of this kind must stay up.
    package static func mustPost(_ kind: NoticeKind) -> ParameterDefinition {
        switch kind {
        case .general: mustPostGeneral
        case .decision: mustPostDecision
        case .finance: mustPostFinance
        case .meeting: mustPostMeeting
        case .election: mustPostElection
        case .works: mustPostWorks
        case .safety: mustPostSafety
        }
    }

    private static let mustPostGeneral = days("generalDays", 0, "design: may come down at any time")
    private static let mustPostDecision = days("decisionDays", 7, "design: no law names a period for decisions")
    private static let mustPostFinance = days("financeDays", 15, "Hangzhou: accounts are posted for at least 15 days")
    private static let mustPostMeeting = days(
        "meetingDays", 15, "Property Management Regulation art. 14 (1): 15 days before the meeting")
    private static let mustPostElection = days(
        "electionDays", 20, "elections of residents' committees: the voter list is posted 20 days before")
    private static let mustPostWorks = days("worksDays", 3, "design: three days to object before works begin")
    private static let mustPostSafety = days("safetyDays", 0, "design: comes down when the danger is over")

    private static func days(_ name: String, _ value: Int64, _ source: String) -> ParameterDefinition {
        ParameterDefinition("notices.mustPost.\(name)", default: value, in: 0...366, unit: "days", source: source)
    }

    /// Within how many days a question is to be answered.
    package static let replyDays = ParameterDefinition(
        "notices.reply.days", default: 5, in: 1...60, unit: "days", source: "design: a promise of the parties")
    /// How many questions and comments an account may write in one day.
    package static let perDay = ParameterDefinition(
        "notices.perDay", default: 10, in: 1...1_000, unit: "contributions", source: "design")

    /// All of them.
    package static let all = NoticeKind.allCases.map(mustPost) + [replyDays, perDay]
}

/// Roles that notices ask for.
package enum NoticesRoles {
    /// Publishes and withdraws notices.
    package static let publisher = "publisher"
    /// Gives official answers.
    package static let responder = "responder"
    /// Proposes and confirms that a contribution is masked or shown again.
    package static let moderator = "moderator"
    /// A resident's account, as the registry gives it.
    package static let resident = "resident"
}

/// Technical limits that keep every row and transaction small; they are not rule values.
package enum NoticesLimits {
    /// Longest title in bytes.
    package static let title = 200
    /// Longest text in bytes; what is longer is an attachment.
    package static let text = 8_000
    /// Most attachments of a notice.
    package static let attachments = 8
    /// Longest file name in bytes.
    package static let fileName = 200
    /// Largest attachment in bytes that a notice may name.
    package static let fileSize: Int64 = 1 << 30
    /// Longest note with a proposal to mask, in bytes.
    package static let note = 200
    /// Longest reason for a withdrawal, in bytes.
    package static let reason = 500
    /// Longest period that a notice stays up, in days.
    package static let longestDays: Int64 = 366
    /// Most official answers to one question.
    package static let answers: Int64 = 99
    /// Bound of counts and running numbers.
    package static let count: Int64 = 1 << 53
    /// An address of the site that no question's id may take.
    static let reserved = "new"
}
