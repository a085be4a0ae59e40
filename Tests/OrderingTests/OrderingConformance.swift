import Ordering
import Primitives
import Synchronization
import Testing

/// Ends a following.
private struct Enough: Error {}

/// What every ordering engine promises (`ledger.md`, Ordering), as one suite: run it on each engine.
struct OrderingConformance<Engine: OrderingEngine>: Sendable {
    /// Makes an engine with nothing ordered yet.
    let make: @Sendable () async throws -> Engine
    /// Makes a batch that the engine takes.
    let batch: @Sendable (_ number: Int, _ proposer: String) -> Batch
    /// How many batches a test puts up: a real engine is slower than one in memory.
    let amount: Int

    /// The first `count` batches after `position`.
    static func take(_ count: Int, after position: UInt64, of engine: Engine) async throws -> [OrderedBatch] {
        let found = Mutex<[OrderedBatch]>([])
        do {
            try await engine.follow(after: position, acceptingGap: false) { event in
                guard case .batch(let ordered) = event else { return }
                let isEnough = found.withLock { found in
                    found.append(ordered)
                    return found.count == count
                }
                if isEnough { throw Enough() }
            }
        } catch is Enough {}
        return found.withLock { $0 }
    }

    /// Runs everything.
    func run() async throws {
        try await keepsOrder()
        try await keepsContent()
        try await losesNothing()
        try await resumes()
        try await shutsDown()
    }

    /// One submitter's batches keep their order, at positions that strictly increase.
    func keepsOrder() async throws {
        let engine = try await make()
        async let found = OrderingConformance.take(amount, after: 0, of: engine)
        for number in 0..<amount { try await engine.submit(batch(number, "office")) }
        let ordered = try await found
        #expect(ordered.map(\.batch.clock.milliseconds) == (0..<amount).map(Int64.init))
        #expect(ordered.map(\.batch.localToken) == (0..<amount).map { UInt64($0) + 1 })
        expectIncreasing(ordered.map(\.position), after: 0)
        await engine.shutDown()
    }

    /// A batch arrives as it was put up, also one without transactions.
    func keepsContent() async throws {
        let engine = try await make()
        try await engine.submit(batch(7, "a"))
        try await engine.submit(batch(0, "b"))
        let found = try await OrderingConformance.take(2, after: 0, of: engine).map(\.batch)
        #expect(found.map(\.proposer) == ["a", "b"])
        #expect(found.map(\.clock.milliseconds) == [7, 0])
        #expect(found.map(\.transactions) == [batch(7, "a").transactions, []])
        await engine.shutDown()
    }

    /// Many submitters at a time: nothing is lost or doubled, and each one's own order stands.
    func losesNothing() async throws {
        let engine = try await make()
        let each = amount / 4
        async let all = OrderingConformance.take(8 * each, after: 0, of: engine)
        try await withThrowingTaskGroup { group in
            for submitter in 0..<8 {
                group.addTask {
                    for number in 0..<each {
                        try await engine.submit(batch(submitter * 1_000 + number, "p\(submitter)"))
                    }
                }
            }
            try await group.waitForAll()
        }
        let found = try await all
        #expect(Set(found.map(\.batch.clock.milliseconds)).count == 8 * each)
        expectIncreasing(found.map(\.position), after: 0)
        for submitter in 0..<8 {
            let own = found.filter { $0.batch.proposer == "p\(submitter)" }.map(\.batch.clock.milliseconds)
            #expect(own == own.sorted() && own.count == each)
        }
        await engine.shutDown()
    }

    /// A reader gets what comes after its position and nothing else.
    func resumes() async throws {
        let engine = try await make()
        async let whole = OrderingConformance.take(10, after: 0, of: engine)
        for number in 0..<10 { try await engine.submit(batch(number, "office")) }
        let last = try await whole[9].position
        async let rest = OrderingConformance.take(5, after: last, of: engine)
        for number in 10..<15 { try await engine.submit(batch(number, "office")) }
        #expect(try await rest.map(\.batch.clock.milliseconds) == [10, 11, 12, 13, 14])
        expectIncreasing(try await rest.map(\.position), after: last)
        await engine.shutDown()
    }

    /// Shutting down ends the following, and refuses what comes later.
    func shutsDown() async throws {
        let engine = try await make()
        try await engine.submit(batch(1, "office"))
        let count = Mutex(0)
        async let following: Void = engine.follow(after: 0, acceptingGap: false) { event in
            if case .batch = event { count.withLock { $0 += 1 } }
        }
        for _ in 0..<500 where count.withLock({ $0 == 0 }) { try await Task.sleep(for: .milliseconds(10)) }
        await engine.shutDown()
        await engine.shutDown()
        try await following
        #expect(count.withLock { $0 } == 1)
        let late = batch(9, "office")
        await #expect(throws: EngineStopped.self) { try await engine.submit(late) }
    }

    private func expectIncreasing(_ positions: [UInt64], after start: UInt64) {
        #expect(positions.allSatisfy { $0 > start })
        #expect(zip(positions, positions.dropFirst()).allSatisfy { $0 < $1 })
    }
}
