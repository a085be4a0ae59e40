import Foundation
import LedgerCore
import NodeRuntime

/// What a transaction costs in a ledger of 10⁴, 10⁵ and 10⁶ transactions: it must not grow but with the logarithm of the
/// state's size.
enum GrowthBench {
    private static let sizes = [10_000, 100_000, 1_000_000]
    /// Transactions measured at each size.
    private static let window = 20_000

    static func run(_ most: Int) async throws -> [BenchFigure] {
        let sizes = sizes.filter { $0 <= max(most, GrowthBench.sizes[0]) }
        let work = try await BenchWork.prepare(transactions: sizes[sizes.count - 1] + window)
        defer { work.remove() }
        return try await LocalNode.run(work.directory) { node in
            let keys = try await work.open(on: node)
            var figures: [BenchFigure] = []
            var filled = 0
            for size in sizes {
                for start in stride(from: filled, to: size, by: 100_000) {
                    let texts = try await work.ballots(
                        keys, count: min(size, start + 100_000), node: node, from: start)
                    try await node.submitAll(texts.map(\.bytes))
                }
                let texts = try await work.ballots(keys, count: size + window, node: node, from: size)
                try await node.catchUpReadModels()
                figures.append(try await measure(texts.map(\.bytes), node))
                filled = size + window
            }
            return figures
        }
    }

    private static func measure(_ texts: [[UInt8]], _ node: Node) async throws -> BenchFigure {
        var figure = BenchFigure("growth")
        figure.add("transactions", node.transactions.count)
        figure.add("stateKeys", node.state.count)
        let stages = node.times.seconds
        let processor = ProcessorTime.seconds
        let start = ProcessInfo.processInfo.systemUptime
        try await node.submitAll(texts)
        try await node.catchUpReadModels()
        let seconds = ProcessInfo.processInfo.systemUptime - start
        figure.add("transactionsPerSecond", Double(texts.count) / seconds, decimals: 0)
        figure.add(
            "processorMicrosecondsPerTransaction", (ProcessorTime.seconds - processor) * 1e6 / Double(texts.count),
            decimals: 1)
        for (before, after) in zip(stages, node.times.seconds) {
            figure.add(
                "\(after.stage.rawValue)Microseconds", (after.seconds - before.seconds) * 1e6 / Double(texts.count),
                decimals: 1)
        }
        figure.add("residentMegabytes", ResidentMemory.megabytes, decimals: 0)
        return figure
    }
}
