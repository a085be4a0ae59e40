import BudgetingContract
import ContractKit
import LedgerTesting
import Primitives
import Testing

@Suite struct VoteRulesTests {
    @Test func fromDraftToResult() throws {
        let town = try Town(residents: 5)
        var vote = Town.vote("v1", budget: 100)
        vote.text = "第一段\n第二段"
        let created = try town.bench.run(vote, as: Town.convener)
        let event = try VoteCreated(event: try #require(created.first))
        #expect(event.row.status == .draft && event.row.party == "p1" && event.row.minimum == 1)
        #expect(event.terms.title == "社区微更新" && event.terms.step == 1 && event.terms.rule == .greedy)
        #expect(try BudgetingTables.texts.find("v1", in: town.bench.state)?.text == "第一段\n第二段")
        #expect(town.refusal { try town.cast("v1", 1, [1]) } == "budgeting.notOpen")

        let added = try town.bench.run(
            AddProjects(vote: "v1", projects: Town.projects([60, 50, 40])), as: Town.convener)
        let projects = try ProjectsAdded(event: try #require(added.first))
        #expect(projects.count == 3 && projects.total == 3)
        try town.bench.run(PublishVote(vote: "v1"), as: Town.convener)
        for (resident, numbers) in [(1, [1, 2]), (2, [1]), (3, [3, 1]), (4, [3])] {
            try town.cast("v1", resident, numbers)
        }
        let result = try town.close("v1")
        #expect(result.votes == [3, 1, 2] && result.ballots == 4)
        #expect(result.winners == [1, 3] && result.spent == 100 && result.remaining == 0)
        #expect(try BudgetingTables.votes.find("v1", in: town.bench.state)?.status == .closed)
        #expect(town.refusal { try town.cast("v1", 5, [1]) } == "budgeting.closed")
        #expect(town.refusal { _ = try town.close("v1") } == "budgeting.closed")
    }

    @Test func closedByTheClockToTheMillisecond() throws {
        let town = try Town(residents: 3)
        var vote = Town.vote("v1")
        let opens = town.bench.time.advanced(byDays: 1)
        let closes = opens.advanced(byDays: 7)
        vote.opens = opens
        vote.closes = closes
        try town.publish(vote, Town.projects([60, 50]))
        #expect(town.refusal { try town.cast("v1", 1, [1]) } == "budgeting.notOpen")
        let early = opens.advanced(byMilliseconds: -1)
        #expect(town.refusal { try town.cast("v1", 1, [1], at: early) } == "budgeting.notOpen")
        try town.cast("v1", 1, [1], at: opens)
        #expect(town.refusal { _ = try town.close("v1") } == "budgeting.closesByItself")
        try town.cast("v1", 2, [2], at: closes.advanced(byMilliseconds: -1))
        let late = town.refusal {
            // The due action has not run: the rule itself knows the time.
            var execution = Execution(
                time: closes, height: 1, ledger: "l", caller: try town.resident(3), state: town.bench.state)
            try CastBudgetBallot(vote: "v1", projects: ["2026/P/1"]).execute(&execution)
        }
        #expect(late == "budgeting.closed")
        #expect(try BudgetingTables.votes.find("v1", in: town.bench.state)?.status == .published)
        town.bench.advance(to: closes)
        #expect(try town.result("v1").ballots == 2)
        #expect(town.refusal { try town.cast("v1", 3, [1]) } == "budgeting.closed")
        #expect(town.bench.state.keys(prefix: DueEntry.prefix).isEmpty)
    }

    @Test func creatingRefuses() throws {
        let town = try Town(residents: 1)
        try town.bench.run(Town.vote("v1"), as: Town.convener)
        func refusal(_ change: (inout CreateVote) -> Void) -> String? {
            town.refusal {
                var vote = Town.vote("v2")
                change(&vote)
                try town.bench.run(vote, as: Town.convener)
            }
        }
        #expect(refusal { $0.vote = "v1" } == "budgeting.voteKnown")
        #expect(refusal { $0.closes = town.bench.time } == "budgeting.period")
        #expect(
            refusal {
                $0.opens = town.bench.time.advanced(byDays: 2)
                $0.closes = $0.opens
            } == "budgeting.period")
        #expect(
            refusal {
                $0.minimumApprovals = 3
                $0.maximumApprovals = 2
            } == "budgeting.approvals")
        #expect(
            refusal {
                $0.ballot = .chooseOne
                $0.maximumApprovals = 2
            } == "budgeting.approvals")
        #expect(
            refusal {
                $0.ballot = .chooseOne
                $0.minimumApprovals = 2
            } == "budgeting.approvals")
        for caller in [Town.registrar, try town.resident(1)] {
            #expect(town.refusal { try town.bench.run(Town.vote("v3"), as: caller) } == "account.role")
        }
    }

    @Test(
        "Bodies that are refused before any state is looked at",
        arguments: [
            ("currency", "\"C1Y\"", "field.range"), ("currency", "\"CN\"", "field.range"),
            ("budget", "0", "field.range"), ("budget", "9007199254740993", "json.range"),
            ("rule", "\"phragmen\"", "budgeting.rule"), ("rule", "\"greedy-threshold\"", "budgeting.rule"),
            ("threshold", "5", "budgeting.rule"), ("ballot", "\"ordinal\"", "field.range"),
            ("maximumApprovals", "0", "field.range"), ("maximumApprovals", "1001", "field.range"),
            ("step", "0", "field.range"), ("text", "\"a\\u0007\"", "field.range"), ("title", "\"\\n\"", "field.range"),
            ("vote", "\"a/b\"", "field.range"), ("projects", "[]", "field.unknown"),
        ])
    func bodies(field: String, value: String, code: String) {
        var members = [
            "ballot": "\"approval\"", "budget": "5", "currency": "\"PLN\"", "rule": "\"greedy\"", "title": "\"t\"",
            "vote": "\"v\"",
        ]
        func json() -> [UInt8] {
            Array(("{" + members.map { "\"\($0)\":\($1)" }.joined(separator: ",") + "}").utf8)
        }
        #expect(throws: Never.self) { _ = try CreateVote(json: json()) }
        members[field] = value
        do throws(Reason) {
            _ = try CreateVote(json: json())
            Issue.record("\(field) = \(value) must be refused")
        } catch {
            #expect(error.code == code)
        }
    }

    @Test func everyRuleNameIsReadAndWritten() throws {
        for name in CountingRule.knownNames {
            let rule = try #require(CountingRule(name: name, threshold: name == "greedy-threshold" ? 20 : nil))
            let vote = Town.vote("v", rule: rule)
            #expect(try CreateVote(json: vote.canonicalJSON).rule == rule)
        }
    }

    @Test func addingRefuses() throws {
        let town = try Town(residents: 1)
        func add(_ projects: [ProjectEntry], _ vote: String = "v1", _ caller: Caller = Town.convener) -> String? {
            town.refusal { try town.bench.run(AddProjects(vote: vote, projects: projects), as: caller) }
        }
        let first = Town.projects([10, 20])
        #expect(add(first) == "budgeting.voteUnknown")
        try town.bench.run(Town.vote("v1"), as: Town.convener)
        #expect(add(first, "v1", Town.otherConvener) == "budgeting.notConvener")
        #expect(add(first, "v1", Town.registrar) == "account.role")
        #expect(add(first) == nil)
        #expect(add([first[1]]) == "budgeting.projectKnown")
        let twin = ProjectEntry(id: "x", name: "x", cost: 1)
        #expect(add([twin, twin]) == "budgeting.projectKnown")
        #expect(add([ProjectEntry(id: "x", name: "x", cost: 0)]) == "field.range")
        #expect(add([ProjectEntry(id: "", name: "x", cost: 1)]) == "field.range")
        #expect(add([ProjectEntry(id: "a\nb", name: "x", cost: 1)]) == "field.range")
        #expect(add([ProjectEntry(id: String(repeating: "i", count: 65), name: "x", cost: 1)]) == "field.range")
        #expect(add([ProjectEntry(id: "x", name: String(repeating: "n", count: 401), cost: 1)]) == "field.range")
        #expect(add([]) == "field.range")
        #expect(add((0...100).map { ProjectEntry(id: "y\($0)", name: "y", cost: 1) }) == "field.range")
        // Composed and decomposed letters are different bytes, so different projects.
        #expect(add(["\u{E9}", "e\u{301}"].map { ProjectEntry(id: $0, name: "x", cost: 1) }) == nil)
        try town.bench.run(PublishVote(vote: "v1"), as: Town.convener)
        #expect(add([twin]) == "budgeting.published")
    }

    @Test func aVoteHasAtMostAThousandProjectsAndItsLeavesFit() throws {
        let town = try Town(residents: 2)
        var vote = Town.vote("v1", budget: 1_000_000)
        vote.maximumApprovals = 1_000
        try town.bench.run(vote, as: Town.convener)
        func projects(_ range: Range<Int>) -> [ProjectEntry] {
            range.map {
                ProjectEntry(
                    id: String(repeating: "i", count: 58) + "/\(10_000 + $0)",
                    name: String(repeating: "项", count: 133) + "x", cost: 1_000 - Int64($0) / 2, score: 1 << 53)
            }
        }
        for start in stride(from: 0, to: 1_000, by: 100) {
            try town.bench.run(AddProjects(vote: "v1", projects: projects(start..<start + 100)), as: Town.convener)
            #expect(town.bench.lastSize < 65_000)
        }
        let more = town.refusal {
            try town.bench.run(AddProjects(vote: "v1", projects: projects(1_000..<1_001)), as: Town.convener)
        }
        #expect(more == "budgeting.tooManyProjects")
        try town.bench.run(PublishVote(vote: "v1"), as: Town.convener)
        let ids = projects(0..<900).map(\.id)
        try town.bench.run(CastBudgetBallot(vote: "v1", projects: ids), as: try town.resident(1))
        #expect(town.bench.lastSize < 65_000)
        let result = try town.close("v1")
        #expect(result.votes.count == 1_000 && result.ballots == 1 && result.winners.count == 1_000)
        #expect(town.bench.lastSize < 8_000, "the event names winners by number")
    }

    @Test func publishingAndClosingRefuse() throws {
        let town = try Town(residents: 1)
        func publish(_ vote: String, _ caller: Caller = Town.convener) -> String? {
            town.refusal { try town.bench.run(PublishVote(vote: vote), as: caller) }
        }
        func close(_ vote: String, _ caller: Caller = Town.convener) -> String? {
            town.refusal { try town.bench.run(CloseVote(vote: vote), as: caller) }
        }
        #expect(publish("v1") == "budgeting.voteUnknown")
        var vote = Town.vote("v1")
        vote.minimumApprovals = 2
        vote.opens = town.bench.time.advanced(byDays: 1)
        try town.bench.run(vote, as: Town.convener)
        #expect(publish("v1") == "budgeting.noProjects")
        #expect(close("v1") == "budgeting.notOpen")
        let projects = Town.projects([1, 2])
        try town.bench.run(AddProjects(vote: "v1", projects: [projects[0]]), as: Town.convener)
        #expect(publish("v1") == "budgeting.approvals")
        try town.bench.run(AddProjects(vote: "v1", projects: [projects[1]]), as: Town.convener)
        #expect(publish("v1", Town.otherConvener) == "budgeting.notConvener")
        #expect(publish("v1", Town.registrar) == "account.role")
        #expect(publish("v1") == nil)
        #expect(publish("v1") == "budgeting.published")
        #expect(close("v1") == "budgeting.notOpen")
        #expect(close("v1", Town.otherConvener) == "budgeting.notConvener")
        town.bench.advance(to: town.bench.time.advanced(byDays: 1))
        #expect(close("v1") == nil)

        // Whoever publishes only after the end has no vote.
        var late = Town.vote("v2")
        late.closes = town.bench.time.advanced(byDays: 1)
        try town.bench.run(late, as: Town.convener)
        try town.bench.run(AddProjects(vote: "v2", projects: projects), as: Town.convener)
        town.bench.advance(to: town.bench.time.advanced(byDays: 2))
        #expect(publish("v2") == "budgeting.period")
    }
}
