import BigInt
import BudgetingContract
import Testing

@Suite("Equal Shares: the fast count is the plain one")
struct EqualSharesDifferentialTests {
    struct Instance {
        var costs: [Int64]
        var ids: [String]
        var ballots: [[Int]]
        var budget: Int64
        var unit: Int64

        var profile: ApprovalProfile {
            get throws {
                let projects = zip(ids, costs).map { BudgetProject(id: $0, cost: $1) }
                return try ApprovalProfile(projects: projects, ballots: ballots.map { ($0, 1) })
            }
        }
    }

    /// Small numbers make many exact ties; `factor` makes money so large that hardly any bits are left for the
    /// approximation and almost every comparison is repeated exactly.
    func instance(
        _ random: inout SplitMix64, factor: Int64, spread: Int64, projects most: Int64 = 7, voters crowd: Int64 = 9
    ) -> Instance {
        let projects = Int(random.next(1...most))
        let voters = Int(random.next(1...crowd))
        let density = random.next(20...80)
        let jitter = { (random: inout SplitMix64) in factor == 1 ? 0 : random.next(0...spread) }
        let costs = (0..<projects).map { _ in random.next(1...25) * factor + jitter(&random) }
        let ballots = (0..<voters).map { _ in (0..<projects).filter { _ in random.next(1...100) <= density } }
        let budget = random.next(1...60) * factor + jitter(&random)
        let ids = (0..<projects).map { "p\($0 + 5)" }
        return Instance(costs: costs, ids: ids, ballots: ballots, budget: budget, unit: factor)
    }

    @Test(
        "Seeded random elections",
        arguments: [
            (1, 1, 0), (2, 1, 0), (3, 1_000, 3), (4, 1 << 40, 1 << 39), (5, 1 << 50, 1),
            (6, 1 << 50, 0), (7, 1 << 50, 40), (8, 1 << 50, 400),
        ] as [(UInt64, Int64, Int64)])
    func sameResult(seed: UInt64, factor: Int64, spread: Int64) throws {
        print("EqualSharesDifferentialTests seed \(seed) factor \(factor)")
        var random = SplitMix64(seed)
        var severalRounds = 0
        for number in 0..<120 {
            let instance = instance(&random, factor: factor, spread: spread)
            let reference = EqualSharesReference(
                costs: instance.costs, ids: instance.ids, ballots: instance.ballots
            ).count(budget: instance.budget, unit: instance.unit)
            // Coarse approximations make every error bound count.
            var limits = CountLimits()
            limits.fractionBits = [61, 0, 1, 2, 3, 5, 8][number % 7]
            let result = try BudgetCount.count(
                instance.profile, rule: .equalSharesAdd1, budget: instance.budget, currencyUnit: instance.unit,
                limits: limits)
            guard case .equalShares(let trace) = result.trace else {
                Issue.record("Equal Shares has its own trace")
                return
            }
            if let round = reference.round {
                #expect(result.winners == reference.winners, "seed \(seed) number \(number): \(instance)")
                #expect(trace.rounds == round, "seed \(seed) number \(number): \(instance)")
                severalRounds += round > 0 ? 1 : 0
            } else {
                // Everything supported wins; in which order depends on the start shown.
                #expect(Set(result.winners) == Set(reference.winners), "seed \(seed) number \(number): \(instance)")
            }
            #expect(result.totalCost <= instance.budget)
            try check(trace, instance)
        }
        #expect(severalRounds > 20, "add-one is at work, seed \(seed)")
    }

    @Test("Seeded larger elections, many voters with the same ballot", arguments: [UInt64(21), 22])
    func larger(seed: UInt64) throws {
        print("EqualSharesDifferentialTests larger seed \(seed)")
        var random = SplitMix64(seed)
        for number in 0..<8 {
            var instance = instance(&random, factor: 1, spread: 0, projects: 12, voters: 30)
            instance.ballots += instance.ballots.prefix(10)
            instance.budget = 40
            let reference = EqualSharesReference(
                costs: instance.costs, ids: instance.ids, ballots: instance.ballots
            ).count(budget: instance.budget, unit: instance.unit)
            var limits = CountLimits()
            limits.fractionBits = number % 2 == 0 ? 4 : 61
            let result = try BudgetCount.count(
                instance.profile, rule: .equalSharesAdd1, budget: instance.budget, limits: limits)
            guard reference.round != nil else { continue }
            #expect(result.winners == reference.winners, "seed \(seed) number \(number): \(instance)")
        }
    }

    /// Every line adds up: full payments and rests make the cost, rho · cost is the payment, and what is left over is
    /// less than every project not taken.
    func check(_ trace: EqualSharesTrace, _ instance: Instance) throws {
        for step in trace.steps {
            let full = ExactFraction(
                step.payment.numerator * BigInt(step.payingInFull), step.payment.denominator)
            let sum = ExactFraction(
                full.numerator * step.restTotal.denominator + step.restTotal.numerator * full.denominator,
                full.denominator * step.restTotal.denominator)
            #expect(sum == ExactFraction(BigInt(step.cost)))
            #expect(
                ExactFraction(step.rho.numerator * BigInt(step.cost), step.rho.denominator) == step.payment)
            #expect(step.payingInFull + step.givingTheirRest == step.supporters)
        }
        for rest in trace.unaffordable { #expect(rest.supportersHave < ExactFraction(BigInt(rest.cost))) }
    }

    @Test("The order of ballots and projects does not matter", arguments: [UInt64(11), 12])
    func orderIndependent(seed: UInt64) throws {
        print("EqualSharesDifferentialTests order seed \(seed)")
        var random = SplitMix64(seed)
        for _ in 0..<60 {
            let first = instance(&random, factor: 1, spread: 0)
            var second = first
            let order = random.shuffled(Array(first.costs.indices))
            second.costs = order.map { first.costs[$0] }
            second.ids = order.map { first.ids[$0] }
            second.ballots = random.shuffled(
                first.ballots.map { ballot in
                    random.shuffled(order.indices.filter { ballot.contains(order[$0]) })
                })
            for rule in [CountingRule.greedy, .greedyNoSkip, .greedyThreshold(2), .equalSharesAdd1] {
                let one = try BudgetCount.count(first.profile, rule: rule, budget: first.budget)
                let two = try BudgetCount.count(second.profile, rule: rule, budget: second.budget)
                #expect(one.winnerIDs == two.winnerIDs, "seed \(seed) rule \(rule): \(first)")
                #expect(one.totalCost <= first.budget)
            }
        }
    }
}

/// A small seeded generator (Steele, Lea, Flood: SplitMix64, 2014).
struct SplitMix64 {
    private var state: UInt64

    init(_ seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var z = state
        z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
        return z ^ (z >> 31)
    }

    mutating func next(_ range: ClosedRange<Int64>) -> Int64 {
        range.lowerBound + Int64(next() % UInt64(range.upperBound - range.lowerBound + 1))
    }

    mutating func shuffled<Element>(_ elements: [Element]) -> [Element] {
        var result = elements
        for index in result.indices.reversed() { result.swapAt(index, Int(next(0...Int64(index)))) }
        return result
    }
}
