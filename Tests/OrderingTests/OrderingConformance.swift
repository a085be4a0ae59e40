import Ordering
import Primitives
import Testing

/// What every ordering engine promises (`ledger.md`, Ordering).
enum OrderingPromise: String, CaseIterable, CustomTestStringConvertible {
    case keepsOrder = "one submitter’s batches keep their order"
    case keepsContent = "a batch arrives as it was put up"
    case losesNothing = "of many submitters at a time nothing is lost or doubled"
    case resumes = "a reader gets what comes after its position"
    case shutsDown = "shutting down ends the following"
    case forgetsQuietly = "what is forgotten disturbs nobody who follows"
    case tellsTheLatest = "everybody hears the latest statement of each kind"
    case goesOn = "after a lost connection all goes on in order"
    case saysWhatIsMissing = "a reader learns that the history was cut off"
    case beginsAnew = "after it was lost the order goes on from where people say"
    case putsUpOnce = "a batch that is put up while nobody answers is ordered once"

    /// What an engine promises that orders for one process only.
    static let alone: [OrderingPromise] = [
        .keepsOrder, .keepsContent, .losesNothing, .resumes, .shutsDown, .forgetsQuietly,
    ]

    var testDescription: String { rawValue }
}

/// An engine with nothing ordered yet.
struct OrderingBench<Engine: OrderingEngine>: Sendable {
    /// What is done to an engine that several nodes share.
    struct Shared: Sendable {
        /// Another node's engine.
        let other: Engine
        /// Breaks every connection. They can be made again at once.
        let breakConnections: @Sendable () async throws -> Void
        /// Nothing is answered any more, though what is asked for may be done.
        let interrupt: @Sendable () async throws -> Void
        /// Ends that.
        let restore: @Sendable () async throws -> Void
        /// Deletes all batches and cuts the history off before what comes.
        let cutHistory: @Sendable () async throws -> Void
        /// People begin the order anew.
        let beginAnew: @Sendable (OrderStart) async throws -> Void
    }

    /// The engine of the node that puts batches up.
    let engine: Engine
    /// Nil where one process orders for itself.
    var shared: Shared?
}

/// Checks one engine.
struct OrderingConformance<Engine: OrderingEngine>: Sendable {
    let bench: OrderingBench<Engine>
    /// Makes a batch that the engine takes.
    let batch: @Sendable (_ number: Int, _ proposer: String) -> Batch
    /// How many batches a test puts up: a real engine is slower than one in memory.
    let amount: Int

    var engine: Engine { bench.engine }

    /// Checks one promise, and ends the engines.
    func check(_ promise: OrderingPromise) async throws {
        switch promise {
        case .keepsOrder: try await keepsOrder()
        case .keepsContent: try await keepsContent()
        case .losesNothing: try await losesNothing()
        case .resumes: try await resumes()
        case .shutsDown: try await shutsDown()
        case .forgetsQuietly: try await forgetsQuietly()
        case .tellsTheLatest: try await tellsTheLatest(try #require(bench.shared))
        case .goesOn: try await goesOn(try #require(bench.shared))
        case .saysWhatIsMissing: try await saysWhatIsMissing(try #require(bench.shared))
        case .beginsAnew: try await beginsAnew(try #require(bench.shared))
        case .putsUpOnce: try await putsUpOnce(try #require(bench.shared))
        }
        await bench.shared?.other.shutDown()
        await engine.shutDown()
    }

    /// Puts batches with these numbers up, one after another.
    func submit(_ numbers: Range<Int>) async throws {
        for number in numbers { try await engine.submit(batch(number, "office")) }
    }

    private func keepsOrder() async throws {
        let reader = OrderingReader(engine)
        try await submit(0..<amount)
        let ordered = try await reader.batches(amount)
        #expect(ordered.map(\.number) == Array(0..<amount))
        #expect(ordered.map(\.batch.localToken) == (0..<amount).map { UInt64($0) + 1 })
        expectIncreasing(ordered.map(\.position), after: 0)
    }

    private func keepsContent() async throws {
        let reader = OrderingReader(engine)
        try await engine.submit(batch(7, "a"))
        try await engine.submit(batch(0, "b"))
        let found = try await reader.batches(2)
        #expect(found.map(\.batch.proposer) == ["a", "b"])
        #expect(found.map(\.number) == [7, 0])
        #expect(found.map(\.batch.transactions) == [batch(7, "a").transactions, []])
    }

    private func losesNothing() async throws {
        let each = amount / 4
        let readers = ([engine] + [bench.shared?.other].compactMap(\.self)).map { OrderingReader($0) }
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
        var orders: Set<[Int]> = []
        for reader in readers {
            let found = try await reader.batches(8 * each)
            orders.insert(found.map(\.number))
            #expect(Set(found.map(\.number)).count == 8 * each)
            expectIncreasing(found.map(\.position), after: 0)
            for submitter in 0..<8 {
                let own = found.filter { $0.batch.proposer == "p\(submitter)" }.map(\.number)
                #expect(own == own.sorted() && own.count == each)
            }
        }
        #expect(orders.count == 1, "every node sees the same order")
    }

    private func resumes() async throws {
        let whole = OrderingReader(engine)
        try await submit(0..<10)
        let last = try await whole.batches(10)[9].position
        await whole.end()
        let rest = OrderingReader(engine, after: last)
        try await submit(10..<15)
        let found = try await rest.batches(5)
        #expect(found.map(\.number) == [10, 11, 12, 13, 14])
        expectIncreasing(found.map(\.position), after: last)
    }

    private func shutsDown() async throws {
        let reader = OrderingReader(engine)
        try await engine.submit(batch(1, "office"))
        _ = try await reader.batches(1)
        await engine.shutDown()
        await engine.shutDown()
        try await reader.finished()
        #expect(reader.ordered.count == 1)
        let late = batch(9, "office")
        await #expect(throws: EngineStopped.self) { try await engine.submit(late) }
    }

    private func forgetsQuietly() async throws {
        var readers = [OrderingReader(engine)]
        if let other = bench.shared?.other { readers.append(OrderingReader(other)) }
        try await submit(0..<10)
        let ordered = try await readers[0].batches(10)
        await engine.forget(upTo: ordered[4].position)
        try await submit(10..<15)
        for reader in readers {
            #expect(try await reader.batches(15).map(\.number) == Array(0..<15))
            #expect(!reader.isMissingSomething)
        }
        // Whoever has what was forgotten reads on as ever.
        guard let other = bench.shared?.other else { return }
        let late = OrderingReader(other, after: ordered[4].position)
        #expect(try await late.batches(10).map(\.number) == Array(5..<15))
        #expect(!late.isMissingSomething)
        // Deletions are told, for it to judge whether their owner might.
        try await late.wait("all deletions are told") { $0.misbehaviours.count == 5 }
        #expect(late.misbehaviours.allSatisfy { $0.kind == .deleted && $0.party == "office" })
    }

    func expectIncreasing(_ positions: [UInt64], after start: UInt64) {
        #expect(positions.allSatisfy { $0 > start })
        #expect(zip(positions, positions.dropFirst()).allSatisfy { $0 < $1 })
    }
}
