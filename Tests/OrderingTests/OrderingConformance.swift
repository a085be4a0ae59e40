import Ordering
import Primitives
import Synchronization
import Testing

/// What every ordering engine promises (`ledger.md`, Ordering), as one suite: run it on each engine.
struct OrderingConformance<Engine: OrderingEngine> {
    /// Makes an engine whose next batch gets a position after the given one.
    let make: @Sendable (_ after: UInt64) async throws -> Engine

    private func batch(_ number: Int, proposer: String = "office") -> Batch {
        Batch(
            proposer: proposer, clock: Instant(milliseconds: Int64(number)),
            transactions: (0..<number % 4).map { [UInt8(truncatingIfNeeded: number), UInt8($0)] },
            localToken: UInt64(number))
    }

    private func take(_ count: Int, of stream: AsyncStream<OrderedBatch>) async -> [OrderedBatch] {
        var found: [OrderedBatch] = []
        for await ordered in stream {
            found.append(ordered)
            if found.count == count { break }
        }
        return found
    }

    /// Runs everything.
    func run() async throws {
        try await keepsOrder()
        try await keepsContent()
        try await losesNothing()
        try await begins()
        try await shutsDown()
    }

    /// One submitter's batches keep their order, at positions that strictly increase.
    func keepsOrder() async throws {
        let engine = try await make(0)
        let stream = try await engine.batches(after: 0)
        for number in 0..<200 { try await engine.submit(batch(number)) }
        let found = await take(200, of: stream)
        #expect(found.map(\.batch.localToken) == (0..<200).map(UInt64.init))
        expectIncreasing(found.map(\.position), after: 0)
        await engine.shutDown()
    }

    /// A batch arrives as it was put up.
    func keepsContent() async throws {
        let engine = try await make(0)
        try await engine.submit(batch(7, proposer: "a"))
        try await engine.submit(batch(0, proposer: "b"))
        let found = await take(2, of: try await engine.batches(after: 0)).map(\.batch)
        #expect(found.map(\.proposer) == ["a", "b"])
        #expect(found.map(\.clock.milliseconds) == [7, 0])
        #expect(found.map(\.transactions) == [batch(7).transactions, []])
        await engine.shutDown()
    }

    /// Many submitters at a time: nothing is lost or doubled, and each one's own order stands.
    func losesNothing() async throws {
        let engine = try await make(0)
        let stream = try await engine.batches(after: 0)
        let reader = Task { await take(800, of: stream) }
        try await withThrowingTaskGroup { group in
            for submitter in 0..<8 {
                group.addTask {
                    for number in 0..<100 { try await engine.submit(batch(submitter * 1_000 + number)) }
                }
            }
            try await group.waitForAll()
        }
        let found = await reader.value
        let tokens = found.map(\.batch.localToken)
        #expect(Set(tokens).count == 800)
        expectIncreasing(found.map(\.position), after: 0)
        for submitter in UInt64(0)..<8 {
            let own = tokens.filter { $0 / 1_000 == submitter }
            #expect(own == own.sorted() && own.count == 100)
        }
        await engine.shutDown()
    }

    /// A reader gets what comes after its position and nothing else, whether submitted before or after it came; an
    /// engine that continues a ledger gives later positions than the ledger has.
    func begins() async throws {
        for start in [UInt64(0), 41, 1 << 40] {
            let engine = try await make(start)
            for number in 0..<10 { try await engine.submit(batch(number)) }
            let all = try await make(start)
            for number in 0..<10 { try await all.submit(batch(number)) }
            let whole = await take(10, of: try await all.batches(after: start))
            expectIncreasing(whole.map(\.position), after: start)
            await all.shutDown()

            let middle = whole[5].position
            let stream = try await engine.batches(after: middle)
            for number in 10..<15 { try await engine.submit(batch(number)) }
            let rest = await take(9, of: stream)
            #expect(rest.map(\.batch.localToken) == (6..<15).map(UInt64.init), "after \(middle)")
            expectIncreasing(rest.map(\.position), after: middle)
            await engine.shutDown()
        }
    }

    /// Shutting down ends the stream after what was ordered, and refuses what comes later.
    func shutsDown() async throws {
        let engine = try await make(0)
        let stream = try await engine.batches(after: 0)
        for number in 0..<5 { try await engine.submit(batch(number)) }
        await engine.shutDown()
        await engine.shutDown()
        await #expect(throws: (any Error).self) { try await engine.submit(batch(9)) }
        var found: [UInt64] = []
        for await ordered in stream { found.append(ordered.batch.localToken) }
        #expect(found == [0, 1, 2, 3, 4])
        for await _ in try await engine.batches(after: 5) { Issue.record("a batch after the end") }
    }

    private func expectIncreasing(_ positions: [UInt64], after start: UInt64) {
        #expect(positions.allSatisfy { $0 > start })
        #expect(zip(positions, positions.dropFirst()).allSatisfy { $0 < $1 })
    }
}
