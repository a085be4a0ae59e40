import BudgetingContract
import ContractKit
import LedgerTesting
import Primitives
import RegistryContract
import Testing

@Suite struct BudgetBallotRulesTests {
    @Test func aBallotIsRecordedCompactly() throws {
        let town = try Town(residents: 3)
        try town.publish(Town.vote("v1"), Town.projects(Array(repeating: 10, count: 12)))
        let reads = town.bench.state.reads
        let events = try town.cast("v1", 2, [11, 3])
        #expect(town.bench.state.reads - reads <= 6, "caller, vote, two projects, ballot")
        let cast = try BudgetBallotCast(event: try #require(events.first))
        let account = try town.resident(2).account
        #expect(events.count == 1 && cast.vote == "v1" && cast.count == 2 && cast.account == account && !cast.changed)
        let row = town.bench.state.read(BudgetingTables.ballots.key("v1/2"))
        #expect(row.map { String(decoding: $0, as: UTF8.self) } == #"{"projects":[3,11]}"#)
        #expect(town.bench.lastSize < 200)
    }

    @Test func castingRefuses() throws {
        let town = try Town(residents: 3)
        var vote = Town.vote("v1")
        vote.minimumApprovals = 1
        vote.maximumApprovals = 2
        try town.publish(vote, Town.projects([10, 20, 30]))
        #expect(town.refusal { try town.cast("v9", 1, [1]) } == "budgeting.voteUnknown")
        #expect(town.refusal { try town.cast("v1", 1, []) } == "budgeting.ballotSize")
        #expect(town.refusal { try town.cast("v1", 1, [1, 2, 3]) } == "budgeting.ballotSize")
        #expect(town.refusal { try town.cast("v1", 1, [4]) } == "budgeting.projectUnknown")
        #expect(town.refusal { try town.cast("v1", 1, [2, 2]) } == "budgeting.projectRepeated")
        let staff = town.refusal {
            try town.bench.run(CastBudgetBallot(vote: "v1", projects: ["2026/P/1"]), as: Town.convener)
        }
        #expect(staff == "account.role")
        let nobody = Caller(keyID: nil, account: "x", number: 0, party: nil, roles: ["resident"])
        #expect(
            town.refusal {
                try town.bench.run(CastBudgetBallot(vote: "v1", projects: ["2026/P/1"]), as: nobody)
            } == "account.role")
        try town.cast("v1", 1, [1, 2])
        #expect(town.refusal { try town.cast("v1", 1, [1, 2]) } == "budgeting.ballotSecond")
        #expect(town.refusal { try town.cast("v1", 1, [3]) } == "budgeting.ballotSecond")
    }

    /// A second key of the same owner is the same account and has no second ballot.
    @Test func anAccountHasOneBallotWhateverItsKeys() throws {
        let town = try Town(residents: 1)
        let entry = UnitEntry(area: Area(hundredths: 9), areaSource: .survey, building: "b1", owner: "o1")
        try town.bench.run(ImportUnits(rows: [ImportedUnit(unit: "u1", entry: entry)]), as: Town.registrar)
        let keys = [50, 51].map { AssistedAccount(key: RuleBench.key($0), owner: "o1") }
        try town.bench.run(OpenAccounts(accounts: keys), as: Town.registrar)
        try town.publish(Town.vote("v1"), Town.projects([10, 20]))
        try town.cast("v1", 50, [1])
        #expect(town.refusal { try town.cast("v1", 51, [2]) } == "budgeting.ballotSecond")
        #expect(try town.close("v1").ballots == 1)
    }

    @Test func aBallotMayBeChangedOnceWhereThePolicySaysSo() throws {
        let town = try Town(residents: 2, parameters: [(BudgetingParameters.changePolicy, .text("once"))])
        try town.publish(Town.vote("v1"), Town.projects([60, 70]))
        // A vote keeps the policy it was created with.
        town.set(BudgetingParameters.changePolicy, .text("none"))
        try town.publish(Town.vote("v2"), Town.projects([60, 70]))
        try town.cast("v1", 1, [1])
        let events = try town.cast("v1", 1, [2])
        #expect(try BudgetBallotCast(event: try #require(events.first)).changed)
        #expect(town.refusal { try town.cast("v1", 1, [1]) } == "budgeting.ballotSecond")
        try town.cast("v2", 1, [1])
        #expect(town.refusal { try town.cast("v2", 1, [2]) } == "budgeting.ballotSecond")
        let result = try town.close("v1")
        #expect(result.votes == [0, 1] && result.ballots == 1 && result.winners == [2])
    }

    @Test func blankBallotsCountAsVoters() throws {
        let town = try Town(residents: 4)
        var vote = Town.vote("v1", budget: 100, rule: .equalSharesAdd1)
        vote.minimumApprovals = 0
        try town.publish(vote, Town.projects([30, 80]))
        for resident in 1...3 { try town.cast("v1", resident, []) }
        try town.cast("v1", 4, [1])
        let result = try town.close("v1")
        #expect(result.ballots == 4 && result.votes == [1, 0] && result.winners == [1])
        guard case .success(let count) = try BudgetCount.run(vote: "v1", in: town.bench.state).outcome,
            case .equalShares(let trace) = count.trace
        else { throw Reason.stateDamaged }
        #expect(trace.voters == 4)
    }

    @Test func oneProjectOrNoneWhereOneIsChosen() throws {
        let town = try Town(residents: 2)
        var vote = Town.vote("v1")
        vote.ballot = .chooseOne
        try town.publish(vote, Town.projects([10, 20]))
        #expect(town.refusal { try town.cast("v1", 1, [1, 2]) } == "budgeting.ballotSize")
        #expect(town.refusal { try town.cast("v1", 1, []) } == "budgeting.ballotSize")
        #expect(town.refusal { try town.cast("v1", 1, [2]) } == nil)
    }

    @Test("Each rule counts real ballots as it does pure ones", arguments: CountingRule.knownNames)
    func likeThePureCount(name: String) throws {
        let rule = try #require(CountingRule(name: name, threshold: name == "greedy-threshold" ? 6 : nil))
        var random = SeededGenerator(seed: 77)
        let town = try Town(residents: 40, parameters: [(BudgetingParameters.add1Step, .integer(10))])
        let costs = (0..<15).map { _ in Int64.random(in: 10...400, using: &random) }
        var projects = Town.projects(costs)
        projects[3].score = 12
        try town.publish(Town.vote("v1", budget: 1_200, rule: rule), projects)
        var ballots: [(approvals: [Int], multiplicity: Int64)] = []
        for resident in 1...40 where random.chance(80) {
            var numbers = (1...15).filter { _ in random.chance(25) }
            if numbers.isEmpty { numbers = [1] }
            numbers.shuffle(using: &random)
            try town.cast("v1", resident, numbers)
            ballots.append((numbers.map { $0 - 1 }, 1))
        }
        let result = try town.close("v1")
        let profile = try ApprovalProfile(
            projects: projects.map { BudgetProject(id: $0.id, cost: $0.cost, score: $0.score) }, ballots: ballots)
        let pure = try BudgetCount.count(profile, rule: rule, budget: 1_200, currencyUnit: 10)
        #expect(result.winners == pure.winners.map { Int64($0) + 1 })
        #expect(result.spent == pure.totalCost && result.remaining == 1_200 - pure.totalCost)
        #expect(result.votes == profile.votes && result.ballots == Int64(ballots.count))
        #expect(!result.winners.isEmpty && result.problem == nil)
    }

    /// Amounts that no count can hold end in a result that says so; the vote does not stay open for ever.
    @Test func aCountThatFailsIsRecorded() throws {
        let town = try Town(residents: 260)
        var vote = Town.vote("v1", budget: 1 << 53, rule: .equalSharesAdd1)
        vote.closes = town.bench.time.advanced(byDays: 1)
        try town.publish(vote, Town.projects([1 << 53]))
        for resident in 1...260 { try town.cast("v1", resident, [1]) }
        town.bench.advance(to: town.bench.time.advanced(byDays: 1))
        let result = try town.result("v1")
        #expect(result.problem == "budgeting.count.amounts-too-large")
        #expect(result.winners.isEmpty && result.spent == 0 && result.remaining == 1 << 53)
        #expect(result.ballots == 260 && result.votes == [260])
        #expect(try BudgetingTables.votes.find("v1", in: town.bench.state)?.status == .closed)
    }
}
