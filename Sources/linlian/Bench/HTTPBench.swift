import Foundation
import LedgerCore
import NodeRuntime
import Primitives

/// The same ballots over loopback HTTP with keep-alive; the load client shares the machine with the node.
enum HTTPBench {
    private static let connections = 256

    /// One transaction per POST, fifty per POST, and the latency of single ones on an idle node.
    static func run(_ transactions: Int) async throws -> [BenchFigure] {
        let work = try await BenchWork.prepare(transactions: transactions)
        defer { work.remove() }
        return try await LocalServer.run(work.directory) { node, port in
            try await measure(work, node, port: port, transactions)
        }
    }

    private static func measure(
        _ work: BenchWork, _ node: Node, port: Int, _ transactions: Int
    ) async throws -> [BenchFigure] {
        let keys = try await work.open(on: node)
        let texts = try await work.ballots(keys, count: transactions, node: node)
        let bareBefore = try await BareVerification.perSecond(texts, keys: keys)
        let half = texts.count / 2
        let idle = min(500, half / 4)

        let single = texts[..<(half - idle)].map { post($0.bytes, type: "application/vnd.linlian.tx") }
        let singleRate = try await load(single, port: port, perRequest: 1)
        var batches: [[UInt8]] = []
        for start in stride(from: half, to: texts.count, by: 50) {
            var body: [UInt8] = []
            for text in texts[start..<min(start + 50, texts.count)] {
                body += Array("\(text.bytes.count)\n".utf8) + text.bytes
            }
            batches.append(post(body, type: "application/vnd.linlian.tx-batch"))
        }
        let batchRate = try await load(batches, port: port, perRequest: 50)
        try await node.catchUpReadModels()
        let times = try await latencies(texts[(half - idle)..<half].map { $0 }, port: port)

        let bare = (bareBefore + (try await BareVerification.perSecond(texts, keys: keys))) / 2
        var one = BenchFigure("http")
        one.add("transactionsPerPost", 1)
        one.add("transactionsPerSecond", singleRate, decimals: 0)
        one.add("bareVerificationsPerSecond", bare, decimals: 0)
        one.add("ratio", singleRate / bare, decimals: 3)
        var fifty = BenchFigure("http")
        fifty.add("transactionsPerPost", 50)
        fifty.add("transactionsPerSecond", batchRate, decimals: 0)
        fifty.add("bareVerificationsPerSecond", bare, decimals: 0)
        fifty.add("ratio", batchRate / bare, decimals: 3)
        var latency = BenchFigure("latency")
        latency.add("requests", times.count)
        latency.add("p50Milliseconds", times[times.count / 2] * 1_000)
        latency.add("p99Milliseconds", times[times.count * 99 / 100] * 1_000)
        return [one, fifty, latency]
    }

    private static func post(_ body: [UInt8], type: String) -> [UInt8] {
        Array(
            "POST /api/v1/transactions HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: \(type)\r\nContent-Length: \(body.count)\r\n\r\n"
                .utf8) + body
    }

    /// Transactions per second.
    private static func load(_ requests: [[UInt8]], port: Int, perRequest: Int) async throws -> Double {
        let seconds = try await LoadClient.run(requests, port: port, connections: connections)
        return Double(requests.count * perRequest) / seconds
    }

    /// Seconds from POST to the receipt in hand, one transaction at a time, sorted.
    private static func latencies(_ texts: [TransactionText], port: Int) async throws -> [Double] {
        try await withCheckedThrowingContinuation { (done: CheckedContinuation<[Double], any Error>) in
            Thread.detachNewThread {
                done.resume(
                    with: Result {
                        let connection = try LoopbackConnection(port: port)
                        return try texts.map { text in
                            let start = ProcessInfo.processInfo.systemUptime
                            try connection.exchange(post(text.bytes, type: "application/vnd.linlian.tx"))
                            let id = CryptoSHA256.hash(text.signedBytes).hex
                            try connection.get("/api/v1/receipts/\(id)")
                            return ProcessInfo.processInfo.systemUptime - start
                        }.sorted()
                    })
            }
        }
    }
}
