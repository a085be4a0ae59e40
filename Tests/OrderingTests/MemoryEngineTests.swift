import Ordering
import OrderingTesting
import Primitives
import Testing

@Suite("Ordering in memory, for tests")
struct MemoryEngineTests {
    @Test("It keeps what every ordering engine promises", .timeLimit(.minutes(1)), arguments: OrderingPromise.allCases)
    func conformance(_ promise: OrderingPromise) async throws {
        let cluster = MemoryCluster()
        let engines = (0..<2).map { _ in
            MemoryEngine(origin: EtcdEngineTests.origin, cluster: cluster, using: PortableSHA256.self)
        }
        let bench = OrderingBench(
            engine: engines[0],
            shared: .init(
                other: engines[1], breakConnections: { cluster.breakConnections() },
                interrupt: { cluster.interrupt() }, restore: { cluster.restore() },
                cutHistory: { cluster.cutHistory() }, beginAnew: { cluster.beginAnew($0) }))
        try await OrderingConformance(bench: bench, batch: EtcdEngineTests.batch, amount: 200).check(promise)
    }

    @Test("It gives batches again after a lost connection", .timeLimit(.minutes(1)))
    func repetition() async throws {
        let cluster = MemoryCluster(repeats: 4)
        let engine = MemoryEngine(origin: EtcdEngineTests.origin, cluster: cluster, using: PortableSHA256.self)
        let reader = OrderingReader(engine)
        for number in 0..<6 { try await engine.submit(EtcdEngineTests.batch(number, "office")) }
        _ = try await reader.batches(6)
        cluster.breakConnections()
        try await reader.wait("four came again") { $0.ordered.count == 10 }
        #expect(reader.ordered.map(\.number) == [0, 1, 2, 3, 4, 5, 2, 3, 4, 5])
        await engine.shutDown()
    }
}
