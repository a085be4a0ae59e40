package import ContractKit

/// The rules of supervision 监督: findings 问题反馈 of the supervision committee, with answer and closing.
package enum SupervisionContract: Contract {
    package static let name = "supervision"
    package static let commands: [any Command.Type] = [
        RaiseFinding.self, AnswerFinding.self, CloseFinding.self, ReopenFinding.self,
    ]
    package static let dueActions = [
        DueAction(SupervisionDue.reply) { id, execution throws(Reason) in try FindingClock.remind(id, &execution) }
    ]
    package static let reasons = SupervisionReason.all
    package static let parameters = [SupervisionParameters.replyDays]
}

/// What the ledger does by itself.
package enum SupervisionDue {
    /// The promised time for an answer is over; the id is the finding's.
    package static let reply = "supervision.reply"
}

/// The rule values of supervision. A finding keeps the time that was promised when it was raised or reopened.
package enum SupervisionParameters {
    /// Within how many days the party concerned is to answer.
    package static let replyDays = ParameterDefinition(
        "supervision.reply.days", default: 3, in: 1...60, unit: "days", source: "design: a promise of the parties")
}

/// Roles that supervision asks for.
package enum SupervisionRoles {
    /// Sits on the supervision committee for its party.
    package static let supervisor = "supervisor"
    /// Acts for its party in everything, as the constitution gives it.
    package static let delegate = "delegate"
    /// Either may act for the party.
    package static let all = [supervisor, delegate]
}

/// Technical limits that keep every row and transaction small; they are not rule values.
package enum SupervisionLimits {
    /// Longest text in bytes; what is longer is an attachment.
    package static let text = 4_000
    /// Most entries of one finding: what was raised, answered, closed and reopened.
    package static let entries: Int64 = 199
    /// An address of the site that no finding's id may take.
    static let reserved = "new"
}
