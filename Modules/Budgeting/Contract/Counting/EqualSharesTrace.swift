/// The deciding count of Equal Shares, so that every payment can be recomputed.
package struct EqualSharesTrace: Sendable, Hashable {
    /// Why add-one ended.
    package enum Ending: Sendable, Hashable {
        /// The next round's winners would have cost `totalCost`, more than the budget.
        case nextRoundTooDear(totalCost: Int64)
        /// All projects with a supporter together cost no more than the budget, so raising the starts further and
        /// further ends with all of them taken, and that is the result. The count shown is the first whose start
        /// is as large as all their costs together.
        case everySupportedProjectTaken
        /// There are no voters or no supported projects, so nothing can be taken.
        case nothingToCount
    }

    /// The number of voters.
    package let voters: Int64
    /// How often every start was raised by one currency unit.
    package let rounds: Int
    /// What each voter had at the start of the deciding count: budget ÷ voters + rounds · currency unit.
    package let start: ExactFraction
    /// The projects taken, in order.
    package let steps: [EqualSharesStep]
    /// The projects not taken, in the published order of ties, with what their supporters had left.
    package let unaffordable: [EqualSharesRest]
    /// Why add-one ended.
    package let ending: Ending
}

/// One project taken by Equal Shares.
package struct EqualSharesStep: Sendable, Hashable {
    /// Index into the profile's projects.
    package let project: Int
    /// The project's identifier.
    package let id: String
    /// What it costs.
    package let cost: Int64
    /// How many voters approve it.
    package let supporters: Int64
    /// Payment per unit of utility, the smallest of all affordable projects: `payment` ÷ `cost`.
    package let rho: ExactFraction
    /// What each supporter pays who has that much.
    package let payment: ExactFraction
    /// How many supporters pay `payment`.
    package let payingInFull: Int64
    /// How many supporters have less and give all they have (which may be nothing).
    package let givingTheirRest: Int64
    /// What those give together. `payingInFull · payment + restTotal = cost`.
    package let restTotal: ExactFraction
    /// What all winners cost so far, this one included.
    package let spent: Int64
}

/// One project not taken by Equal Shares.
package struct EqualSharesRest: Sendable, Hashable {
    /// Index into the profile's projects.
    package let project: Int
    /// The project's identifier.
    package let id: String
    /// What it costs.
    package let cost: Int64
    /// How many voters approve it.
    package let supporters: Int64
    /// What its supporters have left together; less than `cost`.
    package let supportersHave: ExactFraction
}
