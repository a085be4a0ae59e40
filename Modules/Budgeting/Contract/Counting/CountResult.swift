/// What a count decided and how, line by line.
package struct CountResult: Sendable, Hashable {
    /// The rule that was used.
    package let rule: CountingRule
    /// The money there was to spend.
    package let budget: Int64
    /// The winners as indexes into the profile's projects, in the order they were taken.
    package let winners: [Int]
    /// The identifiers of ``winners``, in the same order.
    package let winnerIDs: [String]
    /// What the winners cost together; never more than ``budget``.
    package let totalCost: Int64
    /// The lines from which anybody can recompute the result.
    package let trace: CountTrace
}

/// The record of a count.
package enum CountTrace: Sendable, Hashable {
    /// One line per project, in the order considered.
    case greedy([CountStep])
    /// The deciding count of Equal Shares.
    case equalShares(EqualSharesTrace)
}

/// One line of a greedy count.
package struct CountStep: Sendable, Hashable {
    /// What was decided about a project.
    package enum Decision: String, Sendable, Hashable {
        /// It fits and is a winner.
        case taken
        /// It costs more than what is left; the count goes on with the next project.
        case doesNotFit
        /// Its score is below the threshold; it cannot win.
        case belowThreshold
        /// It costs more than what is left and the rule ends the count here.
        case stopped
        /// The count had ended before this project's turn.
        case notReached
    }

    /// Index into the profile's projects.
    package let project: Int
    /// The project's identifier.
    package let id: String
    /// The votes or points by which it was ranked.
    package let score: Int64
    /// What it costs.
    package let cost: Int64
    /// The money left before this line.
    package let remainingBefore: Int64
    /// The money left after this line.
    package let remainingAfter: Int64
    /// The decision.
    package let decision: Decision
}
