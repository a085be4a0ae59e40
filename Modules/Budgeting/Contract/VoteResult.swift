package import ContractKit
package import Primitives

/// The outcome of a vote: row `budgeting/result/<vote>`. Projects are named by their running numbers.
package struct VoteResult: Record, Hashable {
    /// Ballots counted, blank ones included.
    package var ballots: Int64
    /// Why nothing could be counted, a code of ``CountingError``; nil in every ordinary case.
    package var problem: String?
    /// Money left.
    package var remaining: Int64
    /// What the winners cost together.
    package var spent: Int64
    /// Ballots that name each project, in the order of the projects' numbers.
    package var votes: [Int64]
    /// The winners, in the order in which the rule took them.
    package var winners: [Int64]

    init(_ count: VoteCount) {
        ballots = count.ballots
        votes = count.votes
        switch count.outcome {
        case .success(let result):
            remaining = count.budget - result.totalCost
            spent = result.totalCost
            winners = result.winners.map { Int64($0) + 1 }
        case .failure(let error):
            problem = error.code
            remaining = count.budget
            spent = 0
            winners = []
        }
    }

    /// Reads the result.
    package init(_ fields: inout Fields) throws(Reason) {
        ballots = try fields.integer("ballots", in: BudgetingLimits.counts)
        problem = try fields.optionalString("problem", bytes: 1...64)
        remaining = try fields.integer("remaining", in: BudgetingLimits.counts)
        spent = try fields.integer("spent", in: BudgetingLimits.counts)
        votes = try fields.integers("votes", count: 0...BudgetingLimits.projects, in: BudgetingLimits.counts)
        winners = try fields.integers(
            "winners", count: 0...BudgetingLimits.projects, in: 1...Int64(BudgetingLimits.projects))
    }

    /// Writes the result.
    package func write(to fields: inout JSONWriter) {
        fields.field("ballots", ballots)
        if let problem { fields.field("problem", problem) }
        fields.field("remaining", remaining)
        fields.field("spent", spent)
        fields.field("votes", array: votes) { $0.integer($1) }
        fields.field("winners", array: winners) { $0.integer($1) }
    }
}
