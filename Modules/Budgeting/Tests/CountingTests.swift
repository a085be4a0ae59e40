import BigInt
import BudgetingContract
import Testing

@Suite("Counting rules: small cases computed by hand")
struct CountingTests {
    func profile(_ costs: [(String, Int64)], _ ballots: [[Int]], scores: [Int64]? = nil) throws -> ApprovalProfile {
        let projects = costs.enumerated().map { index, project in
            BudgetProject(id: project.0, cost: project.1, score: scores?[index])
        }
        return try ApprovalProfile(projects: projects, ballots: ballots.map { ($0, 1) })
    }

    @Test("The greedy family on one election")
    func greedyFamily() throws {
        // Votes: a 4, b 3, c 2, d 1. Budget 10.
        let profile = try profile(
            [("a", 6), ("b", 5), ("c", 3), ("d", 1)], [[0, 1, 2, 3], [0, 1, 2], [0, 1], [0]])
        #expect(profile.votes == [4, 3, 2, 1])
        #expect(try BudgetCount.count(profile, rule: .greedy, budget: 10).winnerIDs == ["a", "c", "d"])
        #expect(try BudgetCount.count(profile, rule: .greedyNoSkip, budget: 10).winnerIDs == ["a"])
        let threshold = try BudgetCount.count(profile, rule: .greedyThreshold(2), budget: 10)
        #expect(threshold.winnerIDs == ["a", "c"])
        #expect(threshold.totalCost == 9)
        guard case .greedy(let lines) = threshold.trace else {
            Issue.record("a greedy count has greedy lines")
            return
        }
        #expect(lines.map(\.decision) == [.taken, .doesNotFit, .taken, .belowThreshold])
        #expect(lines.map(\.remainingBefore) == [10, 4, 4, 1])
        #expect(lines.map(\.remainingAfter) == [4, 4, 1, 1])
    }

    @Test("No-skip ends at the first that does not fit, and says so for the others")
    func noSkipTrace() throws {
        let profile = try profile([("a", 6), ("b", 5), ("c", 3)], [[0, 1, 2], [0, 1], [0]])
        guard case .greedy(let lines) = try BudgetCount.count(profile, rule: .greedyNoSkip, budget: 10).trace else {
            Issue.record("a greedy count has greedy lines")
            return
        }
        #expect(lines.map(\.decision) == [.taken, .stopped, .notReached])
    }

    @Test("Greedy ties: lower cost, then identifier with numbers by value")
    func greedyTies() throws {
        let profile = try profile([("c10", 5), ("c2", 5), ("z", 4)], [[0, 1, 2]])
        #expect(try BudgetCount.count(profile, rule: .greedy, budget: 9).winnerIDs == ["z", "c2"])
    }

    @Test("A given score ranks before votes")
    func scores() throws {
        let profile = try profile([("a", 5), ("b", 5)], [[0], [0], [1]], scores: [10, 20])
        #expect(try BudgetCount.count(profile, rule: .greedy, budget: 5).winnerIDs == ["b"])
        #expect(try BudgetCount.count(profile, rule: .greedyThreshold(15), budget: 50).winnerIDs == ["b"])
    }

    @Test("The order of identifiers")
    func identifierOrder() {
        let sorted = ["", "07", "7", "8", "10", "A", "a", "a1", "a01b", "a1b", "a2", "a10", "é"]
        for (index, first) in sorted.enumerated() {
            for (other, second) in sorted.enumerated() {
                #expect(ProjectOrder.precedes(first, second) == (index < other), "\(first) \(second)")
            }
        }
        // Composed and decomposed letters are different identifiers.
        #expect(ProjectOrder.precedes("e\u{301}", "\u{E9}"))
    }

    /// Start 10 each. A costs 20 for voters 1–3 (20/3 each, rho 1/3); then B (cost 20, voters 3 and 4) needs
    /// (s − 20/3) + s ≥ 20, so s ≥ 14; from s = 17 on both pay 10. C (cost 15, voter 4) needs s − 10 ≥ 15. So s = 24
    /// gives A and B for 40, and s = 25 gives all three for 55.
    @Test("Equal Shares with add-one, step by step")
    func equalShares() throws {
        let profile = try profile([("A", 20), ("B", 20), ("C", 15)], [[0], [0], [0, 1], [1, 2]])
        let result = try BudgetCount.count(profile, rule: .equalSharesAdd1, budget: 40)
        #expect(result.winnerIDs == ["A", "B"])
        guard case .equalShares(let trace) = result.trace else {
            Issue.record("Equal Shares has its own trace")
            return
        }
        #expect(trace.rounds == 14)
        #expect(trace.start == ExactFraction(24))
        #expect(trace.ending == .nextRoundTooDear(totalCost: 55))
        #expect(trace.steps.map(\.payment) == [ExactFraction(20, 3), ExactFraction(10)])
        #expect(trace.steps.map(\.rho) == [ExactFraction(1, 3), ExactFraction(1, 2)])
        #expect(trace.steps.map(\.payingInFull) == [3, 2])
        #expect(trace.unaffordable.map(\.id) == ["C"])
        #expect(trace.unaffordable.map(\.supportersHave) == [ExactFraction(14)])
    }

    /// The election above at start 14: after A voter 3 has 14 − 20/3 = 22/3 and gives it all for B; voter 4 pays the
    /// other 38/3. C is so dear and the unit so large that the next round goes over the budget at once.
    @Test("A supporter with less than the payment gives all they have")
    func poorSupporter() throws {
        let profile = try profile([("A", 20), ("B", 20), ("C", 900)], [[0], [0], [0, 1], [1, 2]])
        let result = try BudgetCount.count(profile, rule: .equalSharesAdd1, budget: 56, currencyUnit: 1_000)
        #expect(result.winnerIDs == ["A", "B"])
        guard case .equalShares(let trace) = result.trace else {
            Issue.record("Equal Shares has its own trace")
            return
        }
        #expect(trace.rounds == 0)
        #expect(trace.steps.map(\.givingTheirRest) == [0, 1])
        #expect(trace.steps.map(\.restTotal) == [ExactFraction(0), ExactFraction(22, 3)])
        #expect(trace.steps.map(\.payment) == [ExactFraction(20, 3), ExactFraction(38, 3)])
        #expect(trace.steps.map(\.rho) == [ExactFraction(1, 3), ExactFraction(19, 30)])
    }

    @Test("Equal Shares ties: lower cost, then identifier")
    func equalSharesTies() throws {
        let byCost = try profile([("x", 6), ("y", 4)], [[0, 1], [0, 1]])
        #expect(try BudgetCount.count(byCost, rule: .equalSharesAdd1, budget: 6).winnerIDs == ["y"])
        let byID = try profile([("p10", 10), ("p2", 10)], [[0, 1], [0, 1]])
        #expect(try BudgetCount.count(byID, rule: .equalSharesAdd1, budget: 10).winnerIDs == ["p2"])
    }

    /// Start 4 for eight voters. e (cost 16, voters 1–4) takes all they have, rho 1/4. Then f (cost 6, voters 1, 5, 6)
    /// costs voters 5 and 6 three each and g (cost 4, voters 7, 8) two each: rho 1/2 for both. g is cheaper and its
    /// identifier smaller, but f has more supporters and goes first. Voter 2 has nothing left for the dear project.
    @Test("Equal Shares ties: more supporters before lower cost")
    func moreSupporters() throws {
        let profile = try profile(
            [("dear", 900), ("e", 16), ("z-f", 6), ("a-g", 4)], [[1, 2], [0, 1], [1], [1], [2], [2], [3], [3]])
        let result = try BudgetCount.count(profile, rule: .equalSharesAdd1, budget: 32, currencyUnit: 10_000)
        #expect(result.winnerIDs == ["e", "z-f", "a-g"])
        guard case .equalShares(let trace) = result.trace else {
            Issue.record("Equal Shares has its own trace")
            return
        }
        #expect(trace.rounds == 0)
        #expect(trace.steps.map(\.rho) == [ExactFraction(1, 4), ExactFraction(1, 2), ExactFraction(1, 2)])
        #expect(trace.steps.map(\.givingTheirRest) == [0, 1, 0])
    }

    @Test("When the budget pays for everything supported, everything supported wins")
    func everything() throws {
        let profile = try profile([("a", 70), ("b", 20), ("none", 1)], [[0], [1], [1], []])
        let result = try BudgetCount.count(profile, rule: .equalSharesAdd1, budget: 100)
        #expect(Set(result.winnerIDs) == ["a", "b"])
        guard case .equalShares(let trace) = result.trace else {
            Issue.record("Equal Shares has its own trace")
            return
        }
        #expect(trace.ending == .everySupportedProjectTaken)
        #expect(trace.start == ExactFraction(90))
    }

    @Test("Nothing to count", arguments: [CountingRule.greedy, .greedyNoSkip, .greedyThreshold(1), .equalSharesAdd1])
    func nothing(rule: CountingRule) throws {
        let none = try ApprovalProfile(projects: [], ballots: [])
        #expect(try BudgetCount.count(none, rule: rule, budget: 10).winners == [])
        let blank = try profile([("a", 11)], [[], []])
        #expect(try BudgetCount.count(blank, rule: rule, budget: 10).winners == [])
        let noMoney = try profile([("a", 1)], [[0]])
        #expect(try BudgetCount.count(noMoney, rule: rule, budget: 0).winners == [])
    }

    @Test("Invalid input is refused with its reason")
    func refused() throws {
        #expect(throws: CountingError.costNotPositive(project: "a")) { try profile([("a", 0)], []) }
        #expect(throws: CountingError.duplicateProject(project: "a")) { try profile([("a", 1), ("a", 2)], []) }
        #expect(throws: CountingError.unknownProject(ballot: 1)) { try profile([("a", 1)], [[0], [1]]) }
        #expect(throws: CountingError.unknownProject(ballot: 0)) { try profile([("a", 1)], [[-1]]) }
        #expect(throws: CountingError.unknownProject(ballot: 0)) { try profile([("a", 1)], [[Int.max]]) }
        #expect(throws: CountingError.repeatedProject(ballot: 0)) { try profile([("a", 1)], [[0, 0]]) }
        #expect(throws: CountingError.malformedBallot(ballot: 0)) {
            try ApprovalProfile(projects: [], ballots: [(approvals: [], multiplicity: 0)])
        }
        #expect(throws: CountingError.malformedBallot(ballot: 0)) {
            try ApprovalProfile(projects: [BudgetProject(id: "a", cost: 1)], flatApprovals: [0], offsets: [0, 5, 1])
        }
        #expect(throws: CountingError.tooManyVoters(limit: 100_000_000)) {
            try ApprovalProfile(projects: [], ballots: [(approvals: [], multiplicity: .max), ([], .max)])
        }
        let one = try profile([("a", 1)], [[0]])
        #expect(throws: CountingError.negativeBudget) { try BudgetCount.count(one, rule: .greedy, budget: -1) }
        #expect(throws: CountingError.unitNotPositive) {
            try BudgetCount.count(one, rule: .equalSharesAdd1, budget: 1, currencyUnit: 0)
        }
    }

    @Test("A hostile election cannot run for ever")
    func bounded() throws {
        let dear = try profile([("a", 1), ("b", .max)], [[0], [1]])
        #expect(throws: CountingError.tooManyRounds(limit: 1_000)) {
            try BudgetCount.count(dear, rule: .equalSharesAdd1, budget: 1, limits: CountLimits(rounds: 1_000))
        }
        #expect(throws: CountingError.tooMuchWork(limit: 1_000)) {
            try BudgetCount.count(dear, rule: .equalSharesAdd1, budget: 1, limits: CountLimits(work: 1_000))
        }
        #expect(throws: CountingError.amountsTooLarge) {
            try BudgetCount.count(dear, rule: .equalSharesAdd1, budget: .max - 1)
        }
        #expect(throws: CountingError.amountsTooLarge) {
            try BudgetCount.count(dear, rule: .equalSharesAdd1, budget: 1, currencyUnit: .max)
        }
    }

    @Test("Decimals of exact fractions")
    func decimals() {
        #expect(ExactFraction(20, 3).decimal(places: 4) == "6.6666")
        #expect(ExactFraction(-1, 200).decimal(places: 2) == "-0.00")
        #expect(ExactFraction(6, -4).description == "-3/2")
        #expect(ExactFraction(7).decimal(places: 0) == "7")
        #expect(ExactFraction(1, 3) < ExactFraction(1, 2))
    }
}
