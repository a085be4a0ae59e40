import BudgetingContract
import ContractKit
import Foundation
import LedgerCore
import NodeRuntime
import Pabulib
import Primitives
import RegistryContract

/// Replays a real city vote on the ledger: the vote is created, every voter gets a key of its own, and every ballot is
/// signed with it and submitted as a transaction; then the ledger closes and counts.
struct BudgetImport {
    /// The one JSON line that the import prints.
    struct Report {
        var file: String
        var ballots: Int
        var rule: String
        var winners: [String]
        var officialWinners: [String]?
        var seconds: [(stage: String, seconds: Double)]

        var match: Bool? { officialWinners.map { Set($0) == Set(winners) } }

        var json: String {
            var writer = JSONWriter()
            writer.object { fields in
                fields.field("ballots", ballots)
                fields.field("file", file)
                if let match { fields.field("match", match) }
                if let officialWinners { fields.field("officialWinners", array: officialWinners) { $0.string($1) } }
                fields.field("rule", rule)
                let thousandths = seconds.map { (stage: $0.stage, text: String(format: "%.3f", $0.seconds)) }
                fields.field(
                    "seconds",
                    canonical: Array(
                        ("{" + thousandths.map { "\"\($0.stage)\":\($0.text)" }.joined(separator: ",") + "}").utf8))
                fields.field("winners", array: winners) { $0.string($1) }
            }
            return String(decoding: writer.bytes, as: UTF8.self)
        }
    }

    /// Voters whose keys are opened by one transaction and whose ballots are handed over together.
    private static let group = 100
    /// Groups under way at the same time: enough to keep all cores signing and checking while a block is stored.
    private static let groupsUnderWay = 48

    let node: Node
    let convener: Signatory
    let registrar: Signatory

    /// Imports the file at `path`.
    func run(_ path: String) async throws -> Report {
        var clock = StageClock()
        let election: PabulibElection
        do {
            election = try PabulibReader.read(path: path)
        } catch {
            throw Complaint("\(path): \(error)")
        }
        clock.end("read")
        let vote = try await create(election, from: path)
        clock.end("create")
        try await castAll(election, in: vote)
        clock.end("ballots")
        try await convener.act(CloseVote(vote: vote))
        guard let result = try BudgetingTables.results.find(vote, in: node.state) else {
            throw Complaint("the vote was closed, but there is no result")
        }
        clock.end("count")
        try await node.catchUpReadModels()
        clock.end("pages")
        if let problem = result.problem { throw Complaint("the rule could not count this vote: \(problem)") }
        return Report(
            file: URL(fileURLWithPath: path).lastPathComponent, ballots: Int(result.ballots),
            rule: election.rule.name,
            // The ledger numbers a vote's projects from 1, in the order in which they were added.
            winners: result.winners.compactMap { number in
                let index = Int(number) - 1
                return election.projects.indices.contains(index) ? election.projects[index].counted.id : nil
            },
            officialWinners: election.officialWinners, seconds: clock.stages)
    }

    private func create(_ election: PabulibElection, from path: String) async throws -> String {
        let vote = try freeIdentifier(for: path)
        let title = election.value("description").map { String($0.prefix(100)) } ?? vote
        try await convener.act(
            CreateVote(
                vote: vote, title: title, budget: election.budget, currency: election.value("currency") ?? "CUR",
                rule: election.rule, ballot: election.voteType == .approval ? .approval : .chooseOne,
                minimumApprovals: 0,
                maximumApprovals: election.voteType == .approval ? Int64(election.projects.count) : 1,
                step: election.currencyUnit))
        var entries: [ProjectEntry] = election.projects.map { project in
            ProjectEntry(
                id: project.counted.id, name: BudgetImport.shortened(project.name), cost: project.counted.cost,
                score: project.counted.score)
        }
        while !entries.isEmpty {
            try await convener.act(AddProjects(vote: vote, projects: Array(entries.prefix(50))))
            entries.removeFirst(min(50, entries.count))
        }
        try await convener.act(PublishVote(vote: vote))
        return vote
    }

    /// The file's name as an identifier that no vote has yet.
    private func freeIdentifier(for path: String) throws -> String {
        let name = URL(fileURLWithPath: path).deletingPathExtension().lastPathComponent
        var base = String(name.unicodeScalars.map { $0.isASCII && Fields.isIdentifier("a\($0)") ? Character($0) : "-" })
        base = String(base.drop { !$0.isLetter && !$0.isNumber }.prefix(56))
        if base.isEmpty { base = "vote" }
        var candidate = base
        var number = 1
        while BudgetingTables.votes.contains(candidate, in: node.state) {
            number += 1
            candidate = "\(base)-\(number)"
        }
        return candidate
    }

    /// At most 200 bytes, cut between characters.
    private static func shortened(_ name: String) -> String {
        var short = String(name.unicodeScalars.map { $0.value < 0x20 || $0.value == 0x7F ? " " : Character($0) })
        while short.utf8.count > 200 { short.removeLast() }
        return short.isEmpty ? "—" : short
    }

    private func castAll(_ election: PabulibElection, in vote: String) async throws {
        let progress = ProgressBar("ballots", total: election.ballotCount)
        let ids = election.projects.map(\.counted.id)
        try await withThrowingTaskGroup(of: Int.self) { tasks in
            var first = 0
            var running = 0
            while first < election.ballotCount || running > 0 {
                while first < election.ballotCount, running < BudgetImport.groupsUnderWay {
                    let range = first..<min(first + BudgetImport.group, election.ballotCount)
                    let ballots = range.map { ballot in
                        election.flatApprovals[election.offsets[ballot]..<election.offsets[ballot + 1]].map {
                            ids[Int($0)]
                        }
                    }
                    tasks.addTask { try await castGroup(ballots, in: vote) }
                    first = range.upperBound
                    running += 1
                }
                if let done = try await tasks.next() {
                    running -= 1
                    progress.advance(by: done)
                }
            }
        }
        progress.finish()
    }

    /// Opens a key for each voter of a group, then hands in each ballot, signed with it.
    @concurrent
    private func castGroup(_ ballots: [[String]], in vote: String) async throws -> Int {
        let keys = ballots.map { _ in SigningKey(generating: .es256) }
        try await registrar.act(OpenAccounts(accounts: try keys.map { AssistedAccount(key: try $0.publicKey) }))
        var texts: [TransactionText] = []
        texts.reserveCapacity(ballots.count)
        for (key, projects) in zip(keys, ballots) {
            let voter = Signatory(node: node, key: key, capacity: .resident)
            texts.append(try voter.text(CastBudgetBallot(vote: vote, projects: projects)))
        }
        for status in try await node.submit(texts) {
            if case .rejected(let code) = status.outcome { throw Reason(code, field: "budgeting.castBallot") }
        }
        return ballots.count
    }
}

/// Seconds per stage.
struct StageClock {
    private var last = ProcessInfo.processInfo.systemUptime
    private(set) var stages: [(stage: String, seconds: Double)] = []

    /// Ends a stage and begins the next.
    mutating func end(_ stage: String) {
        let now = ProcessInfo.processInfo.systemUptime
        stages.append((stage, now - last))
        last = now
    }
}
