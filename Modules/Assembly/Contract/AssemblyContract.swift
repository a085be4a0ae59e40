package import ContractKit

/// The rules of the owners' assembly 业主大会: motions, ballots by unit, and the count by heads and by area.
package enum AssemblyContract: Contract {
    package static let name = "assembly"
    package static let commands: [any Command.Type] = [OpenMotion.self, WithdrawMotion.self, CastBallot.self]
    package static let dueActions = [
        DueAction(AssemblyDue.open) { id, execution throws(Reason) in try MotionClock.open(id, &execution) },
        DueAction(AssemblyDue.close) { id, execution throws(Reason) in try MotionClock.close(id, &execution) },
    ]
    package static let reasons = AssemblyReason.all
    package static let parameters = AssemblyParameters.all
}

/// What the ledger does by itself; the id is the motion's.
package enum AssemblyDue {
    /// Voting begins: the roll's totals are fixed.
    package static let open = "assembly.open"
    /// Voting ends: the ballots are counted.
    package static let close = "assembly.close"
}

/// The assembly's rule values. A motion keeps those that were in force when it was announced.
package enum AssemblyParameters {
    /// Days between the announcement of a motion and the beginning of voting.
    package static let noticeDays = ParameterDefinition(
        "assembly.noticeDays", default: 15, in: 0...365, unit: "days",
        source: "Property Management Regulation 物业管理条例 art. 14 (1): 15 days before the meeting")
    /// Shortest voting period.
    package static let minimumVotingDays = ParameterDefinition(
        "assembly.minimumVotingDays", default: 5, in: 0...60, unit: "days", source: "Hangzhou: 5 to 60 days")
    /// Longest voting period.
    package static let maximumVotingDays = ParameterDefinition(
        "assembly.maximumVotingDays", default: 60, in: 1...366, unit: "days", source: "Hangzhou: 5 to 60 days")
    /// Whether a ballot may be changed: `none` or `once`. Any other text means `none`.
    package static let changePolicy = ParameterDefinition(
        "assembly.changePolicy", text: ChangePolicy.none.rawValue, bytes: 4...4,
        source: "none, as in Beijing; Wuhan allows one change (once)")

    /// All of them.
    package static let all = [noticeDays, minimumVotingDays, maximumVotingDays, changePolicy]

    /// The notice that the law asks for; whatever is shorter is marked as shortened.
    static let lawfulNoticeDays: Int64 = 15
}

/// Roles that the assembly asks for.
package enum AssemblyRoles {
    /// Convenes the assembly 召集人: announces and withdraws motions.
    package static let convener = "convener"
    /// A resident's account, as the registry gives it.
    package static let resident = "resident"
}

/// Technical limits that keep every row, transaction and count small; they are not rule values.
package enum AssemblyLimits {
    /// Longest title in bytes.
    package static let title = 200
    /// Longest text in bytes; a longer one is an attachment, whose digest the text names.
    package static let text = 8_000
    /// Most units on the roll that one count walks over.
    package static let units: Int64 = 200_000
}
