import BigInt

/// Equal Shares with add-one completion: count, raise every voter's start by one currency unit, count again, while
/// the winners' cost stays within the budget; the last count that does is the result.
///
/// Every round is counted. Skipping rounds would not be safe: the total may go over the budget in one round and come
/// back under it in a later one, and the rule stops at the first that goes over.
enum EqualSharesAddOne {
    static func count(
        _ profile: ApprovalProfile, budget: Int64, unit: Int64, limits: CountLimits
    ) throws(CountingError) -> CountResult {
        let election = EqualSharesElection(profile)
        guard election.voters > 0, !election.costs.isEmpty, budget > 0 else {
            return nothing(profile, election: election, budget: budget)
        }
        if let rounds = try roundsToTakeAll(election, budget: budget, unit: unit) {
            return try decide(
                profile, election, budget: budget, rounds: rounds, unit: unit,
                ending: .everySupportedProjectTaken, limits: limits)
        }
        var work = 0
        var rounds = 0
        while true {
            guard rounds <= limits.rounds else { throw .tooManyRounds(limit: limits.rounds) }
            var round = EqualSharesRound(
                election, totalMoney: try totalMoney(election, budget: budget, rounds: rounds, unit: unit),
                fractionBits: limits.fractionBits)
            try round.run(workLimit: limits.work, workBefore: work)
            work = round.work + election.multiplicities.count + election.supportingGroups.count
            if round.totalCost > budget {
                // The first round can only spend the budget itself, so there is a round before this one.
                return try decide(
                    profile, election, budget: budget, rounds: max(0, rounds - 1), unit: unit,
                    ending: .nextRoundTooDear(totalCost: round.totalCost), limits: limits)
            }
            rounds += 1
        }
    }

    /// When the budget pays for every supported project, the round at which each voter could pay for all alone.
    private static func roundsToTakeAll(
        _ election: EqualSharesElection, budget: Int64, unit: Int64
    ) throws(CountingError) -> Int? {
        var total: Int64 = 0
        for cost in election.costs {
            let (sum, overflow) = total.addingReportingOverflow(cost)
            if overflow || sum > budget { return nil }
            total = sum
        }
        let (needed, overflow) = total.multipliedReportingOverflow(by: election.voters)
        let (raise, overflowOfRaise) = election.voters.multipliedReportingOverflow(by: unit)
        guard !overflow, !overflowOfRaise else { throw .amountsTooLarge }
        let missing = max(0, needed - budget)
        return Int(missing / raise + (missing % raise == 0 ? 0 : 1))
    }

    /// What all voters have together after so many rounds.
    private static func totalMoney(
        _ election: EqualSharesElection, budget: Int64, rounds: Int, unit: Int64
    ) throws(CountingError) -> Int64 {
        let (raise, first) = election.voters.multipliedReportingOverflow(by: unit)
        let (raises, second) = raise.multipliedReportingOverflow(by: Int64(rounds))
        let (total, third) = raises.addingReportingOverflow(budget)
        guard !first, !second, !third, total < 1 << 61 else { throw .amountsTooLarge }
        return total
    }

    /// Repeats the deciding count with a record.
    private static func decide(
        _ profile: ApprovalProfile, _ election: EqualSharesElection, budget: Int64, rounds: Int, unit: Int64,
        ending: EqualSharesTrace.Ending, limits: CountLimits
    ) throws(CountingError) -> CountResult {
        let money = try totalMoney(election, budget: budget, rounds: rounds, unit: unit)
        var round = EqualSharesRound(election, totalMoney: money, fractionBits: limits.fractionBits)
        try round.run(naming: profile.projects, workLimit: limits.work)
        let winners = round.taken.map { election.projectAtRank[$0] }
        let trace = EqualSharesTrace(
            voters: election.voters, rounds: rounds, start: ExactFraction(BigInt(money), BigInt(election.voters)),
            steps: round.steps, unaffordable: round.rest(naming: profile.projects), ending: ending)
        return CountResult(
            rule: .equalSharesAdd1, budget: budget, winners: winners,
            winnerIDs: winners.map { profile.projects[$0].id }, totalCost: round.totalCost,
            trace: .equalShares(trace))
    }

    private static func nothing(
        _ profile: ApprovalProfile, election: EqualSharesElection, budget: Int64
    ) -> CountResult {
        let start = election.voters > 0 ? ExactFraction(BigInt(budget), BigInt(election.voters)) : ExactFraction(0)
        let trace = EqualSharesTrace(
            voters: election.voters, rounds: 0, start: start, steps: [], unaffordable: [], ending: .nothingToCount)
        return CountResult(
            rule: .equalSharesAdd1, budget: budget, winners: [], winnerIDs: [], totalCost: 0,
            trace: .equalShares(trace))
    }
}
