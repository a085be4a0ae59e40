import Foundation
import LedgerCore
import LedgerSamples
import Logging
import NodeRuntime
import Ordering
import OrderingTesting
import Primitives
import Storage

/// A node that was away, and gets what it lacks from the answers of another one, which lie in a file: paths and bytes.
enum CatchUp {
    /// Runs until the ledger ends with the block at `height`. Prints the height of each final block that it hears of.
    static func run(
        _ folder: String, answers file: String, height: UInt64, onWrite: @escaping @Sendable (WritePoint) -> Void
    ) async throws {
        let data = try Data(contentsOf: URL(filePath: file))
        let answers = try JSONDecoder().decode([String: [UInt8]].self, from: data)
        let surroundings = Surroundings(
            engine: try await forgetfulEngine(entries: Int(height) + 1),
            peers: [.init(party: "bela", address: "https://bela.example.org")], limit: RunLimit(blocks: 20)
        ) { path, _, _ in
            guard let bytes = answers[path] else { throw NotThere() }
            return bytes
        }
        var logger = Logger(label: "crash-node")
        logger.logLevel = .critical
        let node = try await Node.open(
            NodeDirectory(folder), catalog: SampleNetwork.catalog, projections: [], logger: logger,
            clock: { SampleSigner.start.advanced(byMilliseconds: Instant.hour) }, surroundings: surroundings,
            onWrite: onWrite)
        let working = Task { try await node.run() }
        var told = node.hub.latest?.height
        while told != height {
            let now = node.hub.latest?.height
            if let now, now != told { tell("\(now)") }
            told = now
            try await Task.sleep(for: .milliseconds(2))
        }
        await node.shutDown()
        try await working.value
        try node.close()
        tell("end")
    }

    /// An engine that has forgotten everything.
    private static func forgetfulEngine(entries: Int) async throws -> any OrderingEngine {
        let cluster = MemoryCluster()
        let engine = MemoryEngine(origin: SampleSigner.origin, cluster: cluster, using: CryptoSHA256.self)
        for _ in 0...entries { try await engine.publish([Statement(kind: .status, party: "anna", text: [])]) }
        cluster.cutHistory()
        return engine
    }

    struct NotThere: Error {}
}
