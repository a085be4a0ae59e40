import Foundation
import LedgerCore
import MerkleLog
import NodeRuntime
import Primitives
import Verifier

/// One figure of `linlian bench`, printed as one JSON line.
struct BenchFigure {
    private var fields: [(String, String)] = []

    init(_ name: String) { add("bench", "\"\(name)\"") }

    mutating func add(_ name: String, _ json: String) { fields.append((name, json)) }
    mutating func add(_ name: String, _ number: Double, decimals: Int = 2) {
        add(name, String(format: "%.\(decimals)f", number))
    }
    mutating func add(_ name: String, _ number: Int) { add(name, "\(number)") }

    var json: String { "{" + fields.map { "\"\($0.0)\":\($0.1)" }.joined(separator: ",") + "}" }

    var lines: String {
        fields.map { "  \($0.0.padding(toLength: 28, withPad: " ", startingAt: 0)) \($0.1)" }.joined(separator: "\n")
    }
}

/// The measurements.
enum BenchRuns {
    /// Transactions handed over together: large enough that the hand-over costs nothing.
    private static let chunk = 64

    /// Admission, ordering, execution and durable commit of signed transactions, with the read models following.
    static func ingest(_ transactions: Int) async throws -> BenchFigure {
        let work = try await BenchWork.prepare(transactions: transactions)
        defer { work.remove() }
        return try await LocalNode.run(work.directory) { node in
            let keys = try await work.open(on: node)
            let texts = try await work.ballots(keys, count: transactions, node: node)
            try await node.catchUpReadModels()
            let bareBefore = try await BareVerification.perSecond(texts, keys: keys, seconds: 1)
            let sizeBefore = ledgerBytes(work)
            let stagesBefore = node.times.seconds
            let processorBefore = ProcessorTime.seconds
            let start = ProcessInfo.processInfo.systemUptime
            try await submitAll(texts.map(\.bytes), to: node)
            let committed = ProcessInfo.processInfo.systemUptime - start
            try await node.catchUpReadModels()
            let projected = ProcessInfo.processInfo.systemUptime - start
            let processor = ProcessorTime.seconds - processorBefore
            let bare = (bareBefore + (try await BareVerification.perSecond(texts, keys: keys, seconds: 1))) / 2
            let rate = Double(transactions) / projected
            var figure = BenchFigure("ingest")
            figure.add("transactions", transactions)
            figure.add("transactionsPerSecond", rate, decimals: 0)
            figure.add("bareVerificationsPerSecond", bare, decimals: 0)
            figure.add("ratio", rate / bare, decimals: 3)
            figure.add("committedSeconds", committed)
            figure.add("projectedSeconds", projected)
            figure.add("processorMicrosecondsPerTransaction", processor * 1e6 / Double(transactions), decimals: 1)
            for (before, after) in zip(stagesBefore, node.times.seconds) {
                figure.add("\(after.stage.rawValue)Seconds", after.seconds - before.seconds)
            }
            figure.add(
                "bytesPerTransaction", Double(ledgerBytes(work) - sizeBefore) / Double(transactions), decimals: 0)
            figure.add("bytesOfOne", texts[0].bytes.count)
            figure.add("residentMegabytes", ResidentMemory.megabytes, decimals: 0)
            return figure
        }
    }

    private static func ledgerBytes(_ work: BenchWork) -> Int {
        ["", "-wal"].reduce(0) { sum, suffix in
            let path = work.directory.ledgerFile + suffix
            return sum + ((try? FileManager.default.attributesOfItem(atPath: path)[.size] as? Int) ?? 0)
        }
    }

    private static func submitAll(_ texts: [[UInt8]], to node: Node) async throws {
        let workers = ProcessInfo.processInfo.activeProcessorCount * 64
        try await withThrowingTaskGroup(of: Void.self) { group in
            var next = 0
            var running = 0
            while next < texts.count || running > 0 {
                while next < texts.count, running < workers {
                    let part = Array(texts[next..<min(next + chunk, texts.count)])
                    next += part.count
                    running += 1
                    group.addTask { try await admitAndSubmit(part, node) }
                }
                try await group.next()
                running -= 1
            }
        }
    }

    @concurrent
    private static func admitAndSubmit(_ texts: [[UInt8]], _ node: Node) async throws {
        let now = node.clock()
        let admitted = try texts.map { try node.admission.admit($0, now: now) }
        for status in try await node.submit(admitted: admitted) where status.outcome != .accepted {
            throw Complaint("a ballot of the bench was refused: \(status.outcome.line)")
        }
    }

    /// `linlian verify` of a whole ledger.
    static func verify(_ transactions: Int) async throws -> BenchFigure {
        let work = try await BenchWork.prepare(transactions: transactions)
        defer { work.remove() }
        let bare = try await fill(work, transactions)
        let start = ProcessInfo.processInfo.systemUptime
        let report = try await FolderAudit(directory: work.directory, policy: nil).run()
        let seconds = ProcessInfo.processInfo.systemUptime - start
        let rate = Double(report.transactions) / seconds
        var figure = BenchFigure("verify")
        figure.add("transactions", report.transactions)
        figure.add("transactionsPerSecond", rate, decimals: 0)
        figure.add("bareVerificationsPerSecond", bare, decimals: 0)
        figure.add("ratio", rate / bare, decimals: 3)
        figure.add("seconds", seconds)
        return figure
    }

    /// Restart of a node: from its folder to ready to serve.
    static func restart(_ transactions: Int) async throws -> BenchFigure {
        let work = try await BenchWork.prepare(transactions: transactions)
        defer { work.remove() }
        _ = try await fill(work, transactions)
        let start = ProcessInfo.processInfo.systemUptime
        return try await LocalNode.run(work.directory) { node in
            var figure = BenchFigure("restart")
            figure.add("transactions", node.transactions.count)
            figure.add("stateKeys", node.state.count)
            figure.add("seconds", ProcessInfo.processInfo.systemUptime - start)
            figure.add("residentMegabytes", ResidentMemory.megabytes, decimals: 0)
            return figure
        }
    }

    private static func fill(_ work: BenchWork, _ transactions: Int) async throws -> Double {
        try await LocalNode.run(work.directory) { node in
            let keys = try await work.open(on: node)
            var bare = 0.0
            for start in stride(from: 0, to: transactions, by: 100_000) {
                let texts = try await work.ballots(
                    keys, count: min(transactions, start + 100_000), node: node, from: start)
                if start == 0 { bare = try await BareVerification.perSecond(texts, keys: keys) }
                try await submitAll(texts.map(\.bytes), to: node)
            }
            return bare
        }
    }

    /// The sparse tree over the state: updates per second, and its share of a block's time.
    static func state(_ keys: Int) async throws -> BenchFigure {
        var random = SystemRandomNumberGenerator()
        func digest() -> Digest { Digest(random.next(), random.next(), random.next(), random.next()) }
        var known: [Digest] = []
        known.reserveCapacity(keys)
        for _ in 0..<keys { known.append(digest()) }
        var tree = SparseTree<CryptoSHA256>(bulk: known.map { (keyHash: $0, valueHash: digest()) })
        _ = tree.root()
        let blocks = 50
        let perBlock = 2_000
        let start = ProcessInfo.processInfo.systemUptime
        for _ in 0..<blocks {
            for _ in 0..<perBlock {
                tree.set(keyHash: known[Int(random.next(upperBound: UInt64(keys)))], valueHash: digest())
            }
            _ = tree.root()
        }
        let seconds = ProcessInfo.processInfo.systemUptime - start
        var figure = BenchFigure("state")
        figure.add("keys", keys)
        figure.add("updatesPerSecond", Double(blocks * perBlock) / seconds, decimals: 0)
        figure.add("microsecondsPerUpdate", seconds * 1e6 / Double(blocks * perBlock))
        figure.add("residentMegabytes", ResidentMemory.megabytes, decimals: 0)
        return figure
    }
}

/// This process's time on all processors.
enum ProcessorTime {
    static var seconds: Double {
        var usage = rusage()
        getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &usage)
        return [usage.ru_utime, usage.ru_stime].reduce(0) { $0 + Double($1.tv_sec) + Double($1.tv_usec) / 1e6 }
    }
}

/// This process's resident memory.
enum ResidentMemory {
    static var megabytes: Double {
        let text = (try? String(contentsOfFile: "/proc/self/status", encoding: .utf8)) ?? ""
        let line = text.split(separator: "\n").first { $0.hasPrefix("VmRSS:") }
        return (line?.split(separator: " ").dropFirst().first.flatMap { Double($0) } ?? 0) / 1_024
    }
}
