import BudgetingContract
import ContractKit
import LedgerTesting
import Primitives
import Testing

/// A second, simple model of budgeting: sets of ids, and greedy counting by repeated search.
private struct Auditor {
    struct Vote {
        var budget: Int64
        var threshold: Int64?
        var stops: Bool
        var costs: [String: Int64] = [:]
        var order: [String] = []
        var ballots: [String: Set<String>] = [:]
        var changed: Set<String> = []
        var open = false
    }
    var votes: [String: Vote] = [:]

    /// The winners by the greedy rules: highest count first, then the lower cost, then the id.
    func winners(_ vote: Vote) -> Set<String> {
        func count(_ id: String) -> Int64 { Int64(vote.ballots.values.count { $0.contains(id) }) }
        var left = vote.budget
        var waiting = Set(vote.order)
        var winners: Set<String> = []
        while let next = waiting.min(by: { first, second in
            let counts = (count(first), count(second))
            if counts.0 != counts.1 { return counts.0 > counts.1 }
            let costs = (vote.costs[first] ?? 0, vote.costs[second] ?? 0)
            return costs.0 != costs.1 ? costs.0 < costs.1 : first < second
        }) {
            waiting.remove(next)
            let cost = vote.costs[next] ?? 0
            if let threshold = vote.threshold, count(next) < threshold { continue }
            if cost <= left {
                winners.insert(next)
                left -= cost
            } else if vote.stops {
                break
            }
        }
        return winners
    }
}

@Suite struct BudgetAuditRulesTests {
    /// Random votes, projects, ballots, changes and endings, counted again by the auditor.
    @Test(arguments: [UInt64(1), 2, 3, 4, 5, 6]) func theAuditorAgrees(seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        let town = try Town(residents: 12)
        let rules: [CountingRule] = [.greedy, .greedyNoSkip, .greedyThreshold(2)]
        var auditor = Auditor()
        var names: [String] = []
        var seen = 0
        var counted = 0
        for step in 0..<600 {
            let id = names.isEmpty ? "v0" : random.pick(Array(names.suffix(3)))
            switch random.next() % 16 {
            case 0:
                let once = random.chance(50)
                town.set(BudgetingParameters.changePolicy, .text(once ? "once" : "none"))
                let rule = random.pick(rules)
                var vote = Town.vote("v\(step)", budget: Int64.random(in: 20...200, using: &random), rule: rule)
                vote.minimumApprovals = random.chance(30) ? 0 : nil
                if random.chance(50) { vote.closes = town.bench.time.advanced(byMilliseconds: Int64(step) + 40) }
                try town.bench.run(vote, as: Town.convener)
                names.append(vote.vote)
                auditor.votes[vote.vote] = Auditor.Vote(
                    budget: vote.budget, threshold: rule.threshold, stops: rule == .greedyNoSkip)
            case 1, 2:
                let project = ProjectEntry(
                    id: "p/\(random.next() % 9)", name: "x", cost: Int64.random(in: 1...90, using: &random))
                guard (try? town.bench.run(AddProjects(vote: id, projects: [project]), as: Town.convener)) != nil
                else { continue }
                auditor.votes[id]?.costs[project.id] = project.cost
                auditor.votes[id]?.order.append(project.id)
            case 3, 4:
                if (try? town.bench.run(PublishVote(vote: id), as: Town.convener)) != nil {
                    auditor.votes[id]?.open = true
                }
            case 5 where random.chance(60): _ = try? town.bench.run(CloseVote(vote: id), as: Town.convener)
            default:
                let resident = Int.random(in: 1...12, using: &random)
                let ids = (auditor.votes[id]?.order ?? ["p/1"]).filter { _ in random.chance(40) }
                let ballot = CastBudgetBallot(vote: id, projects: ids.shuffled(using: &random))
                let caller = try town.resident(resident)
                guard (try? town.bench.run(ballot, as: caller)) != nil else { break }
                #expect(auditor.votes[id]?.open == true, "seed \(seed) step \(step)")
                if auditor.votes[id]?.ballots.updateValue(Set(ids), forKey: caller.account) != nil {
                    let first = auditor.votes[id]?.changed.insert(caller.account).inserted
                    #expect(first == true, "seed \(seed) step \(step): one change at most")
                }
            }
            for event in town.bench.events[seen...] where event.eventName == "budgeting.closed" {
                try check(event, &auditor, town, "seed \(seed) step \(step)")
                counted += 1
            }
            seen = town.bench.events.count
        }
        #expect(counted > 5, "seed \(seed): the walk must close votes")
        #expect(!town.bench.events.contains { $0.eventName == "ledger.dueFailed" }, "seed \(seed)")
    }

    private func check(_ event: JSONValue, _ auditor: inout Auditor, _ town: Town, _ place: String) throws {
        let closed = try VoteClosed(event: event)
        let vote = try #require(auditor.votes[closed.vote])
        auditor.votes[closed.vote]?.open = false
        let winners = closed.winners.map { vote.order[Int($0) - 1] }
        #expect(Set(winners) == auditor.winners(vote), "\(place)")
        #expect(Set(winners).count == winners.count, "\(place)")
        let spent = winners.reduce(0) { $0 + (vote.costs[$1] ?? 0) }
        #expect(closed.spent == spent && closed.remaining == vote.budget - spent, "\(place)")
        #expect(closed.ballots == Int64(vote.ballots.count), "\(place)")
        let result = try BudgetingTables.results.require(closed.vote, in: town.bench.state, else: .stateDamaged)
        let votes = vote.order.map { id in Int64(vote.ballots.values.count { $0.contains(id) }) }
        #expect(result.votes == votes, "\(place)")
    }

    /// No body makes a parser or a rule trap.
    @Test(arguments: [UInt64(41), 42]) func bodiesAreFuzzed(seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        let town = try Town(residents: 2)
        try town.publish(Town.vote("v1"), Town.projects([10, 20]))
        try town.bench.run(Town.vote("v2"), as: Town.convener)
        let names = [
            "ballot", "budget", "closes", "currency", "maximumApprovals", "minimumApprovals", "opens", "rule", "step",
            "text", "threshold", "title", "vote", "projects", "cost", "id", "name", "score",
        ]
        var full = Town.vote("v3", rule: .greedyThreshold(4))
        full.opens = town.bench.time.advanced(byDays: 1)
        full.closes = town.bench.time.advanced(byDays: 2)
        let valid = [
            full.canonicalJSON, AddProjects(vote: "v2", projects: Town.projects([5, 6])).canonicalJSON,
            PublishVote(vote: "v2").canonicalJSON, CloseVote(vote: "v1").canonicalJSON,
            CastBudgetBallot(vote: "v1", projects: ["2026/P/1", "2026/P/2"]).canonicalJSON,
        ]
        var read = 0
        for round in 0..<4_000 {
            let body =
                round % 2 == 0
                ? Array(RandomJSON.object(names: names, using: &random).utf8)
                : RandomJSON.damaged(random.pick(valid), using: &random)
            for command in BudgetingContract.commands where try run(command, body, town) { read += 1 }
        }
        #expect(read > 0, "seed \(seed): some bodies must be readable")
    }

    private func run<C: Command>(_: C.Type, _ body: [UInt8], _ town: Town) throws -> Bool {
        guard let command = try? C(json: body) else { return false }
        _ = try? town.bench.run(command, as: C.callers == .resident ? try town.resident(1) : Town.convener)
        return true
    }

    @Test func everyReasonIsListedOnceAndEveryNameIsTheModules() {
        let codes = BudgetingReason.all.map(\.code)
        #expect(Set(codes).count == codes.count)
        #expect(codes.allSatisfy { $0.hasPrefix("budgeting.") && $0.utf8.count <= 64 })
        for definition in BudgetingContract.parameters { #expect(definition.accepts(definition.default)) }
        for command in BudgetingContract.commands { #expect("\(command.type)".hasPrefix("budgeting.")) }
        #expect(BudgetingContract.dueActions.map(\.name) == ["budgeting.close"])
    }
}
