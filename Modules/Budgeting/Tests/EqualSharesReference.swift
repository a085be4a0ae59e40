import BigInt
import BudgetingContract

/// Equal Shares with add-one as one would write it from the definition: every voter alone, BigInt fractions, every
/// round from scratch, no bounds, no grouping. Slow; the yardstick for the fast count.
struct EqualSharesReference {
    /// `numerator / denominator`, never reduced.
    struct Money {
        var numerator: BigInt
        var denominator: BigInt

        static func - (a: Money, b: Money) -> Money {
            Money(
                numerator: a.numerator * b.denominator - b.numerator * a.denominator,
                denominator: a.denominator * b.denominator)
        }
        static func + (a: Money, b: Money) -> Money { a - Money(numerator: -b.numerator, denominator: b.denominator) }
        static func < (a: Money, b: Money) -> Bool { a.numerator * b.denominator < b.numerator * a.denominator }
        func divided(by count: BigInt) -> Money { Money(numerator: numerator, denominator: denominator * count) }
        static func whole(_ value: Int64) -> Money { Money(numerator: BigInt(value), denominator: 1) }
    }

    let costs: [Int64]
    let ids: [String]
    let ballots: [[Int]]

    func supporters(_ project: Int) -> [Int] { ballots.indices.filter { ballots[$0].contains(project) } }

    /// The payment for a project, or nil when it cannot be afforded.
    func payment(_ project: Int, _ money: [Money]) -> Money? {
        let wallets = supporters(project).map { money[$0] }.sorted { $0 < $1 }
        var due = Money.whole(costs[project])
        for (index, wallet) in wallets.enumerated() {
            let share = due.divided(by: BigInt(wallets.count - index))
            if !(wallet < share) { return share }
            due = due - wallet
        }
        return nil
    }

    func once(start: Money) -> [Int] {
        var money = ballots.map { _ in start }
        var taken: [Int] = []
        while true {
            var best: (project: Int, rho: Money, payment: Money)?
            for project in costs.indices where !taken.contains(project) {
                guard let payment = payment(project, money) else { continue }
                let rho = payment.divided(by: BigInt(costs[project]))
                if let known = best {
                    if known.rho < rho { continue }
                    if !(rho < known.rho), !goesBefore(project, known.project) { continue }
                }
                best = (project, rho, payment)
            }
            guard let best else { return taken }
            taken.append(best.project)
            for voter in supporters(best.project) {
                let pays = money[voter] < best.payment ? money[voter] : best.payment
                let rest = money[voter] - pays
                let divisor = rest.numerator.greatestCommonDivisor(with: rest.denominator)
                money[voter] = Money(numerator: rest.numerator / divisor, denominator: rest.denominator / divisor)
            }
        }
    }

    func goesBefore(_ first: Int, _ second: Int) -> Bool {
        let (a, b) = (supporters(first).count, supporters(second).count)
        if a != b { return a > b }
        if costs[first] != costs[second] { return costs[first] < costs[second] }
        return ProjectOrder.precedes(ids[first], ids[second])
    }

    /// The winners in the order taken, and the round that decided; nil when every supported project is taken.
    func count(budget: Int64, unit: Int64) -> (winners: [Int], round: Int?) {
        let supported = costs.indices.filter { !supporters($0).isEmpty }.count
        if ballots.isEmpty || supported == 0 { return ([], nil) }
        var last: [Int] = []
        var round = 0
        while true {
            let raise = Money.whole(unit * Int64(round))
            let start = Money.whole(budget).divided(by: BigInt(ballots.count)) + raise
            let taken = once(start: start)
            if taken.reduce(0, { $0 + BigInt(costs[$1]) }) > budget { return (last, round - 1) }
            if taken.count == supported { return (taken, nil) }
            last = taken
            round += 1
        }
    }
}
