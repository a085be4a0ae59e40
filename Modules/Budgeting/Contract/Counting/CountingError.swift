/// Why a count was refused. A count either ends with a result or with one of these; it never stops the process.
package enum CountingError: Error, Sendable, Hashable {
    /// More projects than ``CountLimits/projects``.
    case tooManyProjects(limit: Int)
    /// More ballots than ``CountLimits/voters``.
    case tooManyVoters(limit: Int64)
    /// A project costs nothing or less. Payment per unit of utility has no meaning then.
    case costNotPositive(project: String)
    /// Two projects carry the same identifier (byte for byte).
    case duplicateProject(project: String)
    /// A ballot names a project that is not in the list; the index counts ballots from 0.
    case unknownProject(ballot: Int)
    /// A ballot names the same project twice; the index counts ballots from 0.
    case repeatedProject(ballot: Int)
    /// A ballot group's multiplicity is below 1, or the ballots' layout does not fit together.
    case malformedBallot(ballot: Int)
    /// The budget is negative.
    case negativeBudget
    /// The currency unit, by which add-one raises every start, is below 1.
    case unitNotPositive
    /// Amounts are so large that 62-bit sums do not hold them.
    case amountsTooLarge
    /// Add-one needs more rounds than ``CountLimits/rounds``.
    case tooManyRounds(limit: Int)
    /// The count needs more elementary steps than ``CountLimits/work``.
    case tooMuchWork(limit: Int)

    /// The stable code for receipts and messages.
    package var code: String {
        switch self {
        case .tooManyProjects: "budgeting.count.too-many-projects"
        case .tooManyVoters: "budgeting.count.too-many-voters"
        case .costNotPositive: "budgeting.count.cost-not-positive"
        case .duplicateProject: "budgeting.count.duplicate-project"
        case .unknownProject: "budgeting.count.unknown-project"
        case .repeatedProject: "budgeting.count.repeated-project"
        case .malformedBallot: "budgeting.count.malformed-ballot"
        case .negativeBudget: "budgeting.count.negative-budget"
        case .unitNotPositive: "budgeting.count.unit-not-positive"
        case .amountsTooLarge: "budgeting.count.amounts-too-large"
        case .tooManyRounds: "budgeting.count.too-many-rounds"
        case .tooMuchWork: "budgeting.count.too-much-work"
        }
    }
}

/// What one count may use at most. All limits are counted, not timed, so that every node stops at the same point.
package struct CountLimits: Sendable, Hashable {
    /// Projects on the list.
    package var projects: Int
    /// Ballots, counted with multiplicity.
    package var voters: Int64
    /// Recounts of add-one.
    package var rounds: Int
    /// Elementary steps: a look at one ballot group while a payment is worked out, or one step of exact arithmetic.
    package var work: Int
    /// Binary places at most with which Equal Shares approximates money before it compares exactly. Fewer places mean
    /// more exact comparisons and never another result; tests set it low to see that.
    package var fractionBits = 61

    /// Limits; the defaults let a city of millions count and stop a hostile one after seconds.
    package init(
        projects: Int = 5_000, voters: Int64 = 100_000_000, rounds: Int = 1_000_000, work: Int = 4_000_000_000
    ) {
        self.projects = projects
        self.voters = voters
        self.rounds = rounds
        self.work = work
    }
}
