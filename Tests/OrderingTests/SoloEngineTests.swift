import Ordering
import OrderingSolo
import Primitives
import Testing

@Suite("Ordering inside one process")
struct SoloEngineTests {
    @Test("It keeps what every ordering engine promises", .timeLimit(.minutes(1)))
    func conformance() async throws {
        try await OrderingConformance { SoloEngine(after: $0) }.run()
    }

    @Test("Positions go on without a gap")
    func positions() async throws {
        let engine = SoloEngine(after: 7)
        let batch = Batch(proposer: "a", clock: Instant(milliseconds: 0), transactions: [], localToken: 0)
        for _ in 0..<3 { try engine.submit(batch) }
        engine.shutDown()
        var found: [UInt64] = []
        for await ordered in engine.batches(after: 7) { found.append(ordered.position) }
        #expect(found == [8, 9, 10])
    }
}
