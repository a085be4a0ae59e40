import Ordering
import OrderingSolo
import Primitives
import Testing

@Suite("Ordering inside one process")
struct SoloEngineTests {
    @Test("It keeps what every ordering engine promises", .timeLimit(.minutes(1)), arguments: OrderingPromise.alone)
    func conformance(_ promise: OrderingPromise) async throws {
        try await OrderingConformance(
            bench: OrderingBench(engine: SoloEngine(after: 0)),
            batch: { number, proposer in
                Batch(
                    proposer: proposer, clock: Instant(milliseconds: Int64(number)),
                    transactions: (0..<number % 4).map { [UInt8(truncatingIfNeeded: number), UInt8($0)] },
                    localToken: UInt64(number) + 1)
            }, amount: 200
        ).check(promise)
    }

    @Test("Positions go on without a gap")
    func positions() async throws {
        let engine = SoloEngine(after: 7)
        let batch = Batch(proposer: "a", clock: Instant(milliseconds: 0), transactions: [], localToken: 0)
        for _ in 0..<3 { try engine.submit(batch) }
        let found = try await OrderingReader(engine, after: 7).batches(3)
        #expect(found.map(\.position) == [8, 9, 10])
        engine.shutDown()
    }
}
