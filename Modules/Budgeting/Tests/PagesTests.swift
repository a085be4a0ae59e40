@testable import BudgetingApp
import BudgetingContract
import ConstitutionContract
import ContractKit
import LedgerTesting
import PageKit
import PageTesting
import Primitives
import ReadModels
import RegistryContract
import Testing

@Suite("Budgeting pages")
struct BudgetingPagesTests {
    private let town: Town
    private let pages: PageBench

    init() throws {
        town = try Town(residents: 12)
        pages = try PageBench(
            town.bench, contracts: [ConstitutionContract.self, RegistryContract.self, BudgetingContract.self],
            modules: [BudgetingModule()])
    }

    /// A vote of each rule counted, one open.
    private func debate() throws {
        let rules: [(String, CountingRule)] = [
            ("greedy", .greedy), ("stop", .greedyNoSkip), ("least", .greedyThreshold(5)), ("shares", .equalSharesAdd1),
        ]
        for (id, rule) in rules {
            try town.publish(Town.vote(id, budget: 100, rule: rule), Town.projects([60, 50, 30, 7]))
            for index in 1...7 { try town.cast(id, index, [1, 3]) }
            for index in 8...12 { try town.cast(id, index, index == 12 ? [2, 4] : [2]) }
            try pages.seal()
            try town.close(id)
        }
        var vote = Town.vote("open", budget: 12_000_000)
        vote.title = "<script>alert(1)</script> 微更新"
        vote.text = "街道拨付\n\n的资金"
        vote.step = 100
        vote.closes = town.bench.time.advanced(byDays: 5)
        vote.maximumApprovals = 2
        try town.publish(vote, Town.projects([4_800_000, 1_650_050]))
        try town.cast("open", 1, [1])
        var single = Town.vote("single")
        single.ballot = .chooseOne
        single.opens = town.bench.time.advanced(byDays: 2)
        try town.publish(single, Town.projects([3, 4]))
        try town.bench.run(Town.vote("draft"), as: Town.convener)
        try pages.seal()
    }

    @Test("the read model built step by step equals the one built anew")
    func rebuilt() throws {
        try debate()
        let rows = try pages.rows()
        #expect(rows.count == 7)
        #expect(rows == (try pages.rebuiltRows()))
        let vote = try pages.readModels.read { try BudgetingQueries.vote($0, "shares") }
        #expect(vote?.ballots == 12)
        #expect(vote?.projects == 4)
        #expect(vote?.status == .closed)
    }

    @Test("votes come page by page")
    func paged() throws {
        try debate()
        let found = try pages.readModels.read { database in
            (
                count: try BudgetingQueries.count(database, .closed),
                first: try BudgetingQueries.votes(database, .closed, limit: 2).map(\.vote),
                last: try BudgetingQueries.votes(database, .closed, limit: 5, offset: 3).map(\.vote),
                published: try BudgetingQueries.votes(database, .published, limit: 5).map(\.vote),
                latest: try BudgetingQueries.votes(database, limit: 1, offset: 0).map(\.vote)
            )
        }
        #expect(found.count == 4)
        #expect(found.first == ["shares", "least"])
        #expect(found.last == ["greedy"])
        #expect(found.published == ["open", "single"])
        #expect(found.latest == ["draft"])
    }

    @Test("pages are drawn, hostile titles escaped", arguments: Language.allCases)
    func drawn(language: Language) async throws {
        try debate()
        for (name, path) in [
            ("budgets", "/budgets"), ("budget", "/budgets/open"), ("budget-single", "/budgets/single"),
            ("budget-draft", "/budgets/draft"), ("result-greedy", "/budgets/greedy/result"),
            ("result-stop", "/budgets/stop/result"), ("result-least", "/budgets/least/result"),
            ("result-shares", "/budgets/shares/result"),
        ] {
            let answer = try await pages.get(path, language)
            #expect(answer.status == 200, "\(name)")
            Words.expectWhole(answer.body, name)
            #expect(!answer.body.contains("<script>alert"))
            try pages.show(answer.body, as: "\(name).\(language.rawValue)")
            if !["budget-single", "budget-draft"].contains(name) { try Words.expectSame(answer.body, name, language) }
        }
    }

    @Test("the ballot has check boxes, or one choice; the costs are in hundredths for the running total")
    func ballots() async throws {
        try debate()
        let open = try await pages.get("/budgets/open").body
        #expect(open.contains("type=\"checkbox\" name=\"project\" value=\"2026/P/1\""))
        #expect(open.contains("data-cost=\"4800000\""))
        #expect(Words.visible(open).contains("¥48,000.00"))
        let opens = town.bench.time.advanced(byDays: 3).milliseconds
        let single = try await pages.get("/budgets/single", now: opens).body
        #expect(single.contains("type=\"radio\" name=\"project\""))
        #expect(single.contains("data-cost=\"300\""))
        let early = try await pages.get("/budgets/single").body
        #expect(!early.contains("type=\"radio\""))
    }

    @Test("while voting is open there is neither result nor export")
    func noPartialResult() async throws {
        try debate()
        for path in ["/budgets/open/result", "/budgets/open/ballots.csv", "/budgets/open/trace.csv"] {
            let answer = try await pages.get(path)
            #expect(answer.status == 404)
            #expect(answer.body.contains("budgeting.notCounted"))
        }
        let api = try await pages.get("/api/v1/budgets/open").body
        #expect(!api.contains("winners"))
    }

    @Test("the exports hold every ballot and the exact fractions of the count")
    func exports() async throws {
        try debate()
        let ballots = try await pages.get("/budgets/shares/ballots.csv").body.split(separator: "\r\n")
        #expect(ballots.count == 13)
        #expect(ballots[1] == "1,\"2026/P/1,2026/P/3\"")
        let trace = try await pages.get("/budgets/shares/trace.csv").body
        #expect(trace.hasPrefix("project,supporters,cost,rho,payment,"))
        #expect(trace.split(separator: "\r\n").count == 5)
        let counted = try await pages.get("/api/v1/budgets/greedy").body
        #expect(counted.contains(#""winners":["2026/P/3","2026/P/1","2026/P/4"]"#))
    }

    @Test("readers who ask at the same time share one count")
    func shared() async throws {
        try debate()
        let environment = try pages.environment()
        let traces = TraceCache(environment.state)
        let counts = try await withThrowingTaskGroup(of: Int64.self) { group in
            for _ in 1...16 { group.addTask { try await traces.count(of: "shares").ballots } }
            return try await group.reduce(into: []) { $0.append($1) }
        }
        #expect(counts == Array(repeating: 12, count: 16))
        #expect(await traces.countings == 1)
        for index in 1...20 { _ = try? await traces.count(of: "none\(index)") }
        #expect(try await traces.count(of: "shares").ballots == 12)
    }

    @Test("every refusal has its words in both languages, every parameter a name")
    func words() throws {
        let sources = BudgetingModule().messages
        let counting: [CountingError] = [
            .tooManyProjects(limit: 1), .tooManyVoters(limit: 1), .costNotPositive(project: ""),
            .duplicateProject(project: ""), .unknownProject(ballot: 0), .repeatedProject(ballot: 0),
            .malformedBallot(ballot: 0), .negativeBudget, .unitNotPositive, .amountsTooLarge, .tooManyRounds(limit: 1),
            .tooMuchWork(limit: 1),
        ]
        let codes = BudgetingContract.reasons.map(\.code) + counting.map(\.code) + ["budgeting.notCounted"]
        #expect(try Words.missingReasons(codes, in: sources) == [])
        let catalog = try MessageCatalog(sources)
        for parameter in BudgetingContract.parameters {
            let key = parameter.name.replacing("budgeting.", with: "budgeting.parameter.")
            #expect(catalog.contains(key), "\(key)")
        }
        for language in Language.allCases { #expect(catalog.missing(in: language) == []) }
    }
}
