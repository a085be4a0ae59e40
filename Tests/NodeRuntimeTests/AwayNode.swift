import Foundation
import LedgerCore
import LedgerSamples
import Logging
import NodeRuntime
import Ordering
import OrderingTesting
import Primitives
import Storage
import Synchronization
import Testing

/// A node that was away while the others went on: its folder holds the first blocks of a ledger, the engine has forgotten the
/// rest, and two other nodes have it.
final class AwayNode: Sendable {
    typealias Answer = @Sendable (_ path: String, _ peer: String, _ node: AwayNode) -> [UInt8]?

    let directory: NodeDirectory
    let network: SampleNetwork
    /// Transactions of the block store that were committed.
    let commits = Mutex(0)
    private let answer: Answer
    private let limit: RunLimit
    private let engine: (any OrderingEngine)?

    /// The nodes that are asked, in this order.
    static let peers = ["bela", "cora"]

    /// A folder with the first `count` blocks of `network`; `answer` is what the others' nodes answer. Without `engine` the
    /// node has one that has forgotten everything.
    init(
        _ network: SampleNetwork, holding count: Int, limit: RunLimit = RunLimit(),
        engine: (any OrderingEngine)? = nil, _ answer: @escaping Answer
    ) throws {
        self.engine = engine
        self.network = network
        self.answer = answer
        self.limit = limit
        directory = NodeDirectory(NSTemporaryDirectory() + "linlian-away-" + UUID().uuidString)
        try directory.create(.init(origin: SampleSigner.origin, party: "dora"))
        for (name, key) in try SampleNetwork.keys(of: "dora") where name != "cosigner-next" {
            try directory.write(key, as: name)
        }
        let store = try directory.openLedger()
        try network.write(count, to: store)
        try store.close()
    }

    deinit { try? FileManager.default.removeItem(atPath: directory.path) }

    /// Runs the node until it has the whole ledger, or no longer goes on; then `body` looks at it.
    func run(_ body: (Node) async throws -> Void = { _ in }) async throws {
        let height = UInt64(network.blocks.count - 1)
        try await run(until: { $0.hub.latest?.height == height }, body)
    }

    /// Runs the node until something is so, or it no longer goes on; then `body` looks at it.
    func run(
        until isSo: (Node) async -> Bool, _ body: (Node) async throws -> Void = { _ in }
    ) async throws {
        var logger = Logger(label: "test")
        logger.logLevel = .critical
        let surroundings = Surroundings(
            engine: try await ordering(),
            peers: Self.peers.map { .init(party: $0, address: "https://\($0).example.org") }, limit: limit
        ) { [weak self] path, peer, _ in
            guard let self, let bytes = self.answer(path, peer.party, self) else { throw NotThere() }
            return bytes
        }
        let node = try await Node.open(
            directory, catalog: SampleNetwork.catalog, projections: [], logger: logger,
            clock: { SampleSigner.start.advanced(byMilliseconds: Instant.hour) }, surroundings: surroundings
        ) { [weak self] point in
            if point == .afterCommit { self?.commits.withLock { $0 += 1 } }
        }
        let running = Task { try await node.run() }
        for _ in 0..<1_200 {
            guard await !isSo(node), await node.failureCode == nil else { break }
            try await Task.sleep(for: .milliseconds(25))
        }
        let result: Result<Void, any Error>
        do {
            result = .success(try await body(node))
        } catch {
            result = .failure(error)
        }
        await node.shutDown()
        _ = await running.result
        try node.close()
        try result.get()
    }

    private func ordering() async throws -> any OrderingEngine {
        if let engine { return engine }
        return try await forgetfulEngine()
    }

    /// An engine from which everything that the node lacks was deleted.
    private func forgetfulEngine() async throws -> any OrderingEngine {
        let cluster = MemoryCluster()
        let others = MemoryEngine(origin: SampleSigner.origin, cluster: cluster, using: CryptoSHA256.self)
        for _ in 0...network.blocks.count {
            try await others.publish([Statement(kind: .status, party: "anna", text: [])])
        }
        cluster.cutHistory()
        return MemoryEngine(origin: SampleSigner.origin, cluster: cluster, using: CryptoSHA256.self)
    }

    struct NotThere: Error {}
}
