/// The counting rules of participatory budgeting: pure, total, in whole numbers and exact fractions only.
package enum BudgetCount {
    /// Counts the ballots.
    ///
    /// - Parameters:
    ///   - profile: projects and ballots.
    ///   - rule: the rule, see ``CountingRule``.
    ///   - budget: the money there is, in the same unit as the costs.
    ///   - currencyUnit: how many of the costs' units make one currency unit (100 when costs are in fen and the
    ///     currency is yuan). Only add-one uses it: every round raises a voter's start by this much.
    ///   - limits: what the count may use.
    /// - Returns: the winners with a trace. The result depends neither on the order of ballots nor of projects.
    /// - Throws: ``CountingError``.
    package static func count(
        _ profile: ApprovalProfile, rule: CountingRule, budget: Int64, currencyUnit: Int64 = 1,
        limits: CountLimits = CountLimits()
    ) throws(CountingError) -> CountResult {
        guard budget >= 0 else { throw .negativeBudget }
        guard currencyUnit >= 1 else { throw .unitNotPositive }
        switch rule {
        case .greedy, .greedyNoSkip, .greedyThreshold:
            return GreedyCount.count(profile, rule: rule, budget: budget)
        case .equalSharesAdd1:
            return try EqualSharesAddOne.count(profile, budget: budget, unit: currencyUnit, limits: limits)
        }
    }
}
