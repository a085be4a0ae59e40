import BigInt

/// One Equal Shares count from one start.
///
/// Exact and fast at once: money is kept in whole numbers of 2⁻ˢʰⁱᶠᵗ units with a proven error bound, and whenever a
/// comparison is closer than the bound it is repeated in exact fractions (``ExactPayments``). With k payments made,
/// `money[g]` is within `k + 1` of the true value: start and payments are each cut off by less than one.
///
/// From that follows for a project with n paying supporters: its payment computed from `money` is within
/// n·(k + 1) + 1 of the true one. (Moving every supporter's money by d moves Σ min(money, payment) by at most n·d,
/// and one payer in full alone makes good n·d.)
struct EqualSharesRound {
    /// What is known of a project's payment, in 2⁻ˢʰⁱᶠᵗ units.
    private struct Bounds {
        var low: Int64
        var high: Int64
    }

    let election: EqualSharesElection
    private let shift: Int
    private var money: [Int64]
    private var alive: [Bool]
    /// Rank → payment number, or −1 while the project is not taken.
    private var stepOfRank: [Int]
    /// The supporting groups that still have money: ranks' slices as in the election, shortened as groups run dry.
    private var groups: [Int]
    private var groupsEnd: [Int]
    private var bounds: [Bounds]
    /// Ranks not yet taken and not known to be out of reach, ordered by the last known payment per cost.
    private var open: [Int] = []
    private var payments: ExactPayments

    /// Ranks in the order taken.
    private(set) var taken: [Int] = []
    /// What they cost together.
    private(set) var totalCost: Int64 = 0
    /// The record, filled only on request.
    private(set) var steps: [EqualSharesStep] = []
    /// Elementary steps used, those of earlier rounds included.
    private(set) var work = 0

    /// Prepares a count.
    ///
    /// - Parameters:
    ///   - totalMoney: what all voters have together, 1 ..< 2⁶¹. Each has `totalMoney` ÷ voters.
    ///   - fractionBits: see ``CountLimits/fractionBits``.
    init(_ election: EqualSharesElection, totalMoney: Int64, fractionBits: Int) {
        self.election = election
        shift = max(0, min(fractionBits, totalMoney.leadingZeroBitCount - 2))
        let start = (totalMoney << Int64(shift)) / max(1, election.voters)
        money = Array(repeating: start, count: election.multiplicities.count)
        alive = Array(repeating: true, count: election.multiplicities.count)
        let ranks = election.costs.count
        stepOfRank = Array(repeating: -1, count: ranks)
        groups = election.supportingGroups
        groupsEnd = Array(election.supportOffsets.dropFirst())
        bounds = Array(repeating: Bounds(low: 0, high: Int64.max), count: ranks)
        payments = ExactPayments(startNumerator: BigInt(totalMoney), voters: election.voters)
        // A project dearer than all the money there is can be left out at once; the rest fits 2⁻ˢʰⁱᶠᵗ units.
        for rank in 0..<ranks where election.costs[rank] <= totalMoney {
            open.append(rank)
            bounds[rank].low = (election.costs[rank] << Int64(shift)) / election.supporters[rank]
        }
    }

    /// Counts to the end.
    ///
    /// - Parameters:
    ///   - names: when given, ``steps`` is filled.
    ///   - workLimit: see ``CountLimits/work``.
    ///   - workBefore: what earlier rounds have used of it.
    /// - Throws: ``CountingError/tooMuchWork(limit:)`` when the limit is passed.
    mutating func run(
        naming names: [BudgetProject]? = nil, workLimit: Int, workBefore: Int = 0
    ) throws(CountingError) {
        work = workBefore
        while let winner = try nextWinner(workLimit: workLimit) {
            guard let payment = exactPayment(winner) else { return }
            pay(winner, payment, names: names)
        }
    }

    // MARK: Choosing

    /// The affordable project with the smallest payment per unit of utility, or `nil` when none is affordable.
    private mutating func nextWinner(workLimit: Int) throws(CountingError) -> Int? {
        sortOpen()
        var best = -1
        var contenders: [Int] = []
        var position = 0
        while position < open.count {
            let rank = open[position]
            // Payments only grow while money is spent, so the last known lower bound still holds.
            if best >= 0, isBelow(bounds[best].high, best, bounds[rank].low, rank) {
                position += 1
                continue
            }
            let affordable = evaluate(rank)
            guard work <= workLimit else { throw .tooMuchWork(limit: workLimit) }
            guard affordable else {
                open.remove(at: position)
                continue
            }
            if best < 0 || isBelow(bounds[rank].high, rank, bounds[best].high, best) { best = rank }
            contenders.append(rank)
            position += 1
        }
        guard best >= 0 else { return nil }
        contenders.removeAll { isBelow(bounds[best].high, best, bounds[$0].low, $0) }
        return contenders.count <= 1 ? best : exactBest(contenders)
    }

    /// Of contenders too close to tell apart, the one with the smallest exact rho; in a tie the lowest rank.
    private mutating func exactBest(_ contenders: [Int]) -> Int? {
        var best: (rank: Int, numerator: BigInt, divisor: BigInt)?
        for rank in contenders.sorted() {
            guard let payment = exactPayment(rank) else { continue }
            let divisor = BigInt(payment.payers) * BigInt(election.costs[rank])
            if let known = best, known.numerator * divisor <= payment.numerator * known.divisor { continue }
            best = (rank, payment.numerator, divisor)
        }
        return best?.rank
    }

    /// Whether payment `left` for one project is surely less per unit of cost than payment `right` for another.
    private func isBelow(_ left: Int64, _ leftRank: Int, _ right: Int64, _ rightRank: Int) -> Bool {
        let a = max(0, left).multipliedFullWidth(by: election.costs[rightRank])
        let b = max(0, right).multipliedFullWidth(by: election.costs[leftRank])
        return a.high != b.high ? a.high < b.high : a.low < b.low
    }

    /// Insertion sort: the order hardly changes from one choice to the next.
    private mutating func sortOpen() {
        var index = 1
        while index < open.count {
            let rank = open[index]
            var place = index
            while place > 0, isBelow(bounds[rank].low, rank, bounds[open[place - 1]].low, open[place - 1]) {
                open[place] = open[place - 1]
                place -= 1
            }
            open[place] = rank
            index += 1
        }
    }

    // MARK: Payments in 2⁻ˢʰⁱᶠᵗ units

    /// Narrows the bounds of a project's payment; `false` when its supporters cannot afford it any more.
    private mutating func evaluate(_ rank: Int) -> Bool {
        let first = election.supportOffsets[rank]
        let (voters, total) = dropDryGroups(rank)
        guard voters > 0 else { return false }
        let cost = election.costs[rank] << Int64(shift)
        let error = Int64(payments.count) + 1
        let spread = voters * error
        // Too close to tell, or out of reach: total is within `spread` of the true sum.
        if total - spread < cost {
            if total + spread < cost { return false }
            guard let payment = exactPayment(rank) else { return false }
            let low = cutOff(payment)
            bounds[rank] = Bounds(low: low, high: low + 1)
            return true
        }
        // Water-filling: whoever has less than the payment gives all, the others share the rest, until nobody is
        // found who has less. Rounding up keeps "has less" right for whole numbers.
        var payment = max((cost - 1) / voters + 1, bounds[rank].low - spread - 1)
        var poorVoters: Int64 = -1
        while true {
            var poor: Int64 = 0
            var rest: Int64 = 0
            for position in first..<groupsEnd[rank] {
                let group = groups[position]
                if money[group] < payment {
                    poor &+= election.multiplicities[group]
                    rest &+= money[group] &* election.multiplicities[group]
                }
            }
            work += groupsEnd[rank] - first
            if poor == poorVoters { break }
            poorVoters = poor
            // total ≥ cost, so somebody is left to pay in full.
            payment = (cost - rest - 1) / max(1, voters - poor) + 1
        }
        bounds[rank] = Bounds(low: max(0, payment - spread - 1), high: payment + spread)
        return true
    }

    /// Forgets supporters without money; returns how many are left and what they have together.
    private mutating func dropDryGroups(_ rank: Int) -> (voters: Int64, total: Int64) {
        var end = groupsEnd[rank]
        var position = election.supportOffsets[rank]
        work += end - position
        var voters: Int64 = 0
        var total: Int64 = 0
        while position < end {
            let group = groups[position]
            if alive[group] {
                voters &+= election.multiplicities[group]
                total &+= money[group] &* election.multiplicities[group]
                position += 1
            } else {
                end -= 1
                groups[position] = groups[end]
            }
        }
        groupsEnd[rank] = end
        return (voters, total)
    }

    // MARK: Exact payments

    /// The exact payment for a project, or `nil` when its supporters cannot afford it.
    private mutating func exactPayment(_ rank: Int) -> ExactPayment? {
        let range = election.supportOffsets[rank]..<groupsEnd[rank]
        let cost = BigInt(election.costs[rank]) * payments.denominator
        let error = Int64(payments.count)
        var paid = [Int64](repeating: 0, count: payments.count)
        var rich: [Int] = []
        var poor: [Int] = []
        var richVoters: Int64 = 0
        var poorVoters: Int64 = 0
        // The known lower bound settles most of the poor at once.
        for position in range where alive[groups[position]] {
            let group = groups[position]
            if money[group] < bounds[rank].low {
                poor.append(group)
                poorVoters += election.multiplicities[group]
                addPayments(of: group, to: &paid)
            } else {
                rich.append(group)
                richVoters += election.multiplicities[group]
            }
        }
        while richVoters > 0 {
            let rest = payments.moneyLeft(voters: poorVoters, paid: paid)
            let numerator = cost - rest
            let payment = ExactPayment(
                numerator: numerator, payers: richVoters, poorGroups: poor, restNumerator: rest)
            let low = cutOff(payment)
            work += rich.count + payments.workPerSum
            var stillRich: [Int] = []
            for group in rich {
                let isPoor =
                    money[group] < low
                    || (money[group] <= low &+ error && exactMoney(group) * BigInt(richVoters) < numerator)
                if isPoor {
                    poor.append(group)
                    poorVoters += election.multiplicities[group]
                    addPayments(of: group, to: &paid)
                } else {
                    stillRich.append(group)
                }
            }
            if stillRich.count == rich.count { return payment }
            rich = stillRich
            richVoters = rich.reduce(0) { $0 + election.multiplicities[$1] }
        }
        return nil
    }

    /// What one voter of a group that still has money has, times the denominator of the payments.
    private mutating func exactMoney(_ group: Int) -> BigInt {
        var paid = [Int64](repeating: 0, count: payments.count)
        for position in election.groupOffsets[group]..<election.groupOffsets[group + 1] {
            let step = stepOfRank[election.groupRanks[position]]
            if step >= 0 { paid[step] = 1 }
        }
        work += payments.workPerSum
        return payments.moneyLeft(voters: 1, paid: paid)
    }

    private func addPayments(of group: Int, to paid: inout [Int64]) {
        for position in election.groupOffsets[group]..<election.groupOffsets[group + 1] {
            let step = stepOfRank[election.groupRanks[position]]
            if step >= 0 { paid[step] += election.multiplicities[group] }
        }
    }

    /// The exact payment in 2⁻ˢʰⁱᶠᵗ units, cut off.
    private func cutOff(_ payment: ExactPayment) -> Int64 {
        let value = (payment.numerator << shift) / (payments.denominator * BigInt(payment.payers))
        return Int64(clamping: value)
    }

    // MARK: Paying

    private mutating func pay(_ rank: Int, _ payment: ExactPayment, names: [BudgetProject]?) {
        let amount = cutOff(payment)
        if let names { record(rank, payment, names: names) }
        for group in payment.poorGroups { alive[group] = false }
        for position in election.supportOffsets[rank]..<groupsEnd[rank] where alive[groups[position]] {
            money[groups[position]] -= amount
        }
        stepOfRank[rank] = payments.count
        payments.append(numerator: payment.numerator, payers: payment.payers)
        taken.append(rank)
        totalCost += election.costs[rank]
        open.removeAll { $0 == rank }
    }

    private mutating func record(_ rank: Int, _ payment: ExactPayment, names: [BudgetProject]) {
        let cost = election.costs[rank]
        let below = payments.denominator * BigInt(payment.payers)
        let project = election.projectAtRank[rank]
        steps.append(
            EqualSharesStep(
                project: project, id: names[project].id, cost: cost, supporters: election.supporters[rank],
                rho: ExactFraction(payment.numerator, below * BigInt(cost)),
                payment: ExactFraction(payment.numerator, below), payingInFull: payment.payers,
                givingTheirRest: election.supporters[rank] - payment.payers,
                restTotal: ExactFraction(payment.restNumerator, payments.denominator), spent: totalCost + cost))
    }

    /// The supported projects that were not taken and what their supporters have left.
    func rest(naming names: [BudgetProject]) -> [EqualSharesRest] {
        election.costs.indices.filter { stepOfRank[$0] < 0 }.map { rank in
            var paid = [Int64](repeating: 0, count: payments.count)
            var voters: Int64 = 0
            for position in election.supportOffsets[rank]..<election.supportOffsets[rank + 1] {
                let group = election.supportingGroups[position]
                guard alive[group] else { continue }
                voters += election.multiplicities[group]
                addPayments(of: group, to: &paid)
            }
            let project = election.projectAtRank[rank]
            return EqualSharesRest(
                project: project, id: names[project].id, cost: election.costs[rank],
                supporters: election.supporters[rank],
                supportersHave: ExactFraction(
                    payments.moneyLeft(voters: voters, paid: paid), payments.denominator))
        }
    }
}
