package import ContractKit

/// The rules of participatory budgeting 参与式预算: projects, a budget, approval ballots and the count by a named rule.
package enum BudgetingContract: Contract {
    package static let name = "budgeting"
    package static let commands: [any Command.Type] = [
        CreateVote.self, AddProjects.self, PublishVote.self, CastBudgetBallot.self, CloseVote.self,
    ]
    package static let dueActions = [
        DueAction(BudgetingDue.close) { id, execution throws(Reason) in try VoteClosing.closeDue(id, &execution) }
    ]
    package static let reasons = BudgetingReason.all
    package static let parameters = BudgetingParameters.all
}

/// What the ledger does by itself; the id is the vote's.
package enum BudgetingDue {
    /// Voting ends: the ballots are counted.
    package static let close = "budgeting.close"
}

/// The budgeting rule values. A vote keeps those that were in force when it was created.
package enum BudgetingParameters {
    /// Whether a ballot may be changed: `none` or `once`. Any other text means `none`.
    package static let changePolicy = ParameterDefinition(
        "budgeting.changePolicy", text: BallotChange.none.rawValue, bytes: 4...4,
        source: "design: the first ballot stands, as in the owners' assembly")
    /// Smallest units in one currency unit, by which add-one raises every voter's start; 100 when amounts are in fen.
    package static let add1Step = ParameterDefinition(
        "budgeting.add1Step", default: 1, in: 1...1_000_000, unit: "smallest units",
        source:
            "Method of Equal Shares, add-one completion: one currency unit; Pabulib amounts are whole currency units")

    /// All of them.
    package static let all = [changePolicy, add1Step]
}

/// Roles that budgeting asks for.
package enum BudgetingRoles {
    /// Creates, publishes and closes votes 召集人.
    package static let convener = "convener"
    /// A resident's account: every one of them has a ballot.
    package static let resident = "resident"
}

/// Technical limits that keep every row and transaction small; they are not rule values.
package enum BudgetingLimits {
    /// Longest title in bytes.
    package static let title = 200
    /// Longest text in bytes.
    package static let text = 8_000
    /// Longest project id in bytes.
    package static let projectID = 64
    /// Longest project name in bytes.
    package static let projectName = 400
    /// Most projects of one transaction.
    package static let projectsAtOnce = 100
    /// Most projects of one vote.
    package static let projects = 1_000
    /// Allowed costs and budgets in the smallest unit: a positive whole number that JSON carries exactly.
    package static let money: ClosedRange<Int64> = 1...Int64(1) << 53
    /// Allowed scores and counts.
    package static let counts: ClosedRange<Int64> = 0...Int64(1) << 53
}
