import Ordering
import Primitives
import Synchronization
import Testing

extension OrderedBatch {
    /// The number that a test has given the batch.
    var number: Int { Int(batch.clock.milliseconds) }
}

/// Follows an engine in a task of its own and keeps all that it is given.
final class OrderingReader<Engine: OrderingEngine>: Sendable {
    /// Apart from the reader, so that the task does not keep it.
    private final class Given: Sendable {
        let events = Mutex<[OrderingEvent]>([])
    }

    private let given: Given
    private let following: Task<Void, any Error>
    private let start: UInt64

    init(
        _ engine: Engine, after position: UInt64 = 0, knowing known: UInt64? = nil, of order: OrderName = .first,
        acceptingGap: Bool = false
    ) {
        let given = Given()
        self.given = given
        start = position
        following = Task {
            try await engine.follow(
                after: position, knowing: known ?? position, of: order, acceptingGap: acceptingGap
            ) { event in
                given.events.withLock { $0.append(event) }
            }
        }
    }

    deinit { following.cancel() }

    /// Every batch that was given, also those that came again.
    var ordered: [OrderedBatch] {
        given.events.withLock { $0.compactMap { if case .batch(let ordered) = $0 { ordered } else { nil } } }
    }

    /// The batches as a node takes them: those after the last one.
    var batches: [OrderedBatch] {
        var last = start
        return ordered.filter { ordered in
            defer { last = max(last, ordered.position) }
            return ordered.position > last
        }
    }

    private var statements: [Statement] {
        given.events.withLock { $0.compactMap { if case .statement(let statement) = $0 { statement } else { nil } } }
    }

    /// What each party says now.
    var latestStatements: [String: String] {
        var latest: [String: String] = [:]
        for statement in statements {
            latest["\(statement.party) \(statement.kind)"] = String(decoding: statement.text, as: UTF8.self)
        }
        return latest
    }

    var misbehaviours: [Misbehaviour] {
        given.events.withLock { $0.compactMap { if case .misbehaviour(let fault) = $0 { fault } else { nil } } }
    }

    /// Whether the engine has said that batches can no longer be read.
    var isMissingSomething: Bool {
        given.events.withLock { $0.contains { if case .missing = $0 { true } else { false } } }
    }

    /// The start and the name of another order than the one that was asked for.
    var begunAnew: (start: OrderStart, name: OrderName)? {
        given.events.withLock { events in
            for case .begunAnew(let start, let name) in events { return (start, name) }
            return nil
        }
    }

    /// How often the engine was reached.
    var connections: Int {
        given.events.withLock { $0.count { if case .reached(true) = $0 { true } else { false } } }
    }

    /// How often it was not.
    var failures: Int {
        given.events.withLock { $0.count { if case .reached(false) = $0 { true } else { false } } }
    }

    /// Waits until so many batches were given.
    func batches(_ count: Int) async throws -> [OrderedBatch] {
        try await wait("\(count) batches") { $0.batches.count >= count }
        return batches
    }

    /// Waits for something, at most half a minute.
    func wait(_ what: Comment, _ isSo: (OrderingReader) -> Bool) async throws {
        for _ in 0..<3_000 {
            if isSo(self) { return }
            try await Task.sleep(for: .milliseconds(10))
        }
        try #require(isSo(self), what)
    }

    /// Waits until the following ends by itself.
    func finished() async throws { try await following.value }

    /// Ends the following, and waits until it has.
    func end() async {
        following.cancel()
        _ = await following.result
    }
}
