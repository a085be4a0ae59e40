import Foundation
import LedgerCore
import MerkleLog
import NodeRuntime
import Primitives
import Verifier

/// The measurements.
enum BenchRuns {
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
            try await node.submitAll(texts.map(\.bytes))
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

    /// `linlian verify` of a whole ledger.
    static func verify(_ transactions: Int) async throws -> BenchFigure {
        let work = try await BenchWork.prepare(transactions: transactions)
        defer { work.remove() }
        let (texts, keys) = try await fill(work, transactions)
        let bareBefore = try await BareVerification.perSecond(texts, keys: keys)
        let start = ProcessInfo.processInfo.systemUptime
        let report = try await FolderAudit(directory: work.directory, policy: nil).run().ledger
        let seconds = ProcessInfo.processInfo.systemUptime - start
        let bare = (bareBefore + (try await BareVerification.perSecond(texts, keys: keys))) / 2
        let rate = Double(report.transactions) / seconds
        var figure = BenchFigure("verify")
        figure.add("transactions", report.transactions)
        figure.add("transactionsPerSecond", rate, decimals: 0)
        figure.add("bareVerificationsPerSecond", bare, decimals: 0)
        figure.add("ratio", rate / bare, decimals: 3)
        figure.add("seconds", seconds)
        return figure
    }

    /// Restart of a node: a ledger is filled, and opened by a process of its own.
    static func restart(_ transactions: Int) async throws -> BenchFigure {
        let work = try await BenchWork.prepare(transactions: transactions)
        defer { work.remove() }
        _ = try await fill(work, transactions)
        return try await OwnProcess.figure(["bench", "open", "--data", work.directory.path])
    }

    /// From a node's folder to ready to serve, in this process.
    static func open(_ directory: NodeDirectory) async throws -> BenchFigure {
        let start = ProcessInfo.processInfo.systemUptime
        return try await LocalNode.run(directory) { node in
            var figure = BenchFigure("restart")
            figure.add("transactions", node.transactions.count)
            figure.add("stateKeys", node.state.count)
            figure.add("seconds", ProcessInfo.processInfo.systemUptime - start)
            figure.add("residentMegabytes", ResidentMemory.megabytes, decimals: 0)
            return figure
        }
    }

    /// Fills a ledger; gives some of its ballots with the voters' keys, to measure bare verification with.
    static func fill(
        _ work: BenchWork, _ transactions: Int
    ) async throws -> (texts: [TransactionText], keys: [SigningKey]) {
        try await LocalNode.run(work.directory) { node in
            let keys = try await work.open(on: node)
            var sample: [TransactionText] = []
            for start in stride(from: 0, to: transactions, by: 100_000) {
                let texts = try await work.ballots(
                    keys, count: min(transactions, start + 100_000), node: node, from: start)
                if start == 0 { sample = Array(texts.prefix(512)) }
                try await node.submitAll(texts.map(\.bytes))
            }
            return (sample, keys)
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
