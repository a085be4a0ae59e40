import Foundation
import Logging
import Ordering
import OrderingEtcd
import Primitives
import Synchronization
import Testing

@Suite("Ordering by a real etcd", .serialized)
struct EtcdEngineTests {
    static let origin = "example.org/lane"

    static func batch(_ number: Int, _ proposer: String) -> Batch {
        Batch(
            origin: origin, proposer: proposer, clock: Instant(milliseconds: Int64(number)),
            transactions: (0..<number % 4).map { [UInt8(truncatingIfNeeded: number), UInt8($0), 10, 13] },
            localToken: UInt64(number) + 1, using: PortableSHA256.self
        ) { _ in [UInt8](repeating: 7, count: 64) }
    }

    private static func engine(_ etcd: EtcdProcess, _ logger: Logger? = nil) -> EtcdEngine<PortableSHA256> {
        var silent = Logger(label: "test")
        silent.logLevel = .critical
        var options = EtcdOptions(endpoints: [etcd.endpoint], identity: nil)
        options.deadline = 1_000
        options.longestPause = 200
        return EtcdEngine(origin: origin, options: options, using: PortableSHA256.self, logger: logger ?? silent)
    }

    @Test("It keeps what every ordering engine promises", .timeLimit(.minutes(2)), arguments: OrderingPromise.allCases)
    func conformance(_ promise: OrderingPromise) async throws {
        let etcd = try EtcdProcess()
        defer { etcd.stop() }
        let bench = OrderingBench(
            engine: EtcdEngineTests.engine(etcd),
            shared: .init(
                other: EtcdEngineTests.engine(etcd), breakConnections: { try etcd.restart() },
                interrupt: { etcd.pause() }, restore: { etcd.goOn() },
                cutHistory: { try etcd.cutHistory(of: EtcdEngineTests.origin) },
                beginAnew: { try etcd.beginAnew($0, of: EtcdEngineTests.origin) }))
        try await OrderingConformance(bench: bench, batch: EtcdEngineTests.batch, amount: 60).check(promise)
    }

    @Test("A start that cannot be read, or was written over, is told and nothing is read", .timeLimit(.minutes(1)))
    func badStart() async throws {
        let etcd = try EtcdProcess()
        defer { etcd.stop() }
        let engine = EtcdEngineTests.engine(etcd)
        let reader = OrderingReader(engine)
        try await engine.submit(EtcdEngineTests.batch(1, "office"))
        _ = try await reader.batches(1)
        let key = "/linlian/\(EtcdEngineTests.origin)/start"
        _ = try etcd.control("put", key, "linlian/start/v1")
        try await reader.wait("it is told") { $0.misbehaviours.contains { $0.kind == .malformedBatch } }
        let start = OrderStart(position: 50, size: 3, root: .zero, time: Instant(milliseconds: 1))
        _ = try etcd.control("put", key, String(decoding: start.text(origin: EtcdEngineTests.origin), as: UTF8.self))
        try await reader.wait("it is told") { $0.misbehaviours.contains { $0.kind == .overwritten } }
        #expect(reader.misbehaviours.allSatisfy { $0.party.isEmpty && $0.evidence == Array(key.utf8) })
        #expect(reader.begunAnew == nil && reader.ordered.count == 1 && reader.failures > 0)
        // Put right, the way the runbook says.
        try etcd.beginAnew(start, of: EtcdEngineTests.origin)
        try await reader.finished()
        let name = try #require(reader.begunAnew?.name)
        // Who goes on in it and finds it gone is before an etcd that was put back.
        let later = OrderingReader(engine, after: 50, of: name)
        try await later.wait("it is reached") { $0.connections > 0 }
        _ = try etcd.control("del", key)
        try await later.wait("it is told") { $0.misbehaviours.contains { $0.kind == .rewound } }
        await engine.shutDown()
    }

    @Test(
        "An etcd that was put back from an old copy is noticed, also when others have written more since",
        .timeLimit(.minutes(1)))
    func putBack() async throws {
        let etcd = try EtcdProcess()
        defer { etcd.stop() }
        let engine = EtcdEngineTests.engine(etcd)
        let reader = OrderingReader(engine)
        try await engine.submit(EtcdEngineTests.batch(1, "office"))
        _ = try await reader.batches(1)
        etcd.kill()
        let copy = try etcd.copyData()
        try etcd.start()
        try await engine.submit(EtcdEngineTests.batch(2, "office"))
        let last = try await reader.batches(2)[1].position
        try await engine.publish([Statement(kind: .seen, party: "office", text: [1])])
        etcd.kill()
        try etcd.putBack(copy)
        try etcd.start()
        // Somebody who knows nothing of it writes on: its revision is soon beyond the old one.
        for number in 0..<10 { _ = try etcd.control("put", "/elsewhere", "\(number)") }
        let restarted = EtcdEngineTests.engine(etcd)
        let other = OrderingReader(restarted, after: last + 1)
        try await other.wait("it is reached") { $0.connections > 0 }
        try await reader.wait("it is told") { $0.misbehaviours.contains { $0.kind == .rewound } }
        await #expect(throws: EtcdRewound.self) {
            try await engine.publish([Statement(kind: .seen, party: "office", text: [2])])
        }
        #expect(try etcd.control("get", "--prefix", "/linlian/", "--keys-only").contains("/seen") == false)
        #expect(reader.batches.count == 2)
        await engine.shutDown()
        await restarted.shutDown()
    }

    @Test("A node that starts writes nothing to an etcd that is behind it", .timeLimit(.minutes(1)))
    func behind() async throws {
        let etcd = try EtcdProcess()
        defer { etcd.stop() }
        let engine = EtcdEngineTests.engine(etcd)
        let reader = OrderingReader(engine, after: 0, knowing: 50)
        try await reader.wait("it is told") { $0.misbehaviours.contains { $0.kind == .rewound } }
        await #expect(throws: EtcdNotRead.self) {
            try await engine.publish([Statement(kind: .seen, party: "office", text: [1])])
        }
        // Nor before it has begun to read.
        var options = EtcdOptions(endpoints: [etcd.endpoint], identity: nil)
        options.deadline = 200
        options.readsFirst = true
        let early = EtcdEngine(
            origin: EtcdEngineTests.origin, options: options, using: PortableSHA256.self,
            logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
        await #expect(throws: EtcdNotRead.self) {
            try await early.publish([Statement(kind: .seen, party: "office", text: [1])])
        }
        #expect(try etcd.control("get", "--prefix", "/", "--keys-only").isEmpty)
        await engine.shutDown()
        await early.shutDown()
    }

    @Test("An alarm is told once, and again when it is raised again", .timeLimit(.minutes(1)))
    func alarm() async throws {
        let etcd = try EtcdProcess(quota: 16_384)
        defer { etcd.stop() }
        let engine = EtcdEngineTests.engine(etcd)
        let reader = OrderingReader(engine)
        try await reader.wait("etcd is reached") { $0.connections > 0 }
        for round in 1...2 {
            // More than its quota: etcd raises the alarm itself.
            for _ in 0..<4 { _ = try? etcd.control("put", "/elsewhere", String(repeating: "x", count: 100_000)) }
            try await reader.wait("the alarm is told") { $0.misbehaviours.count == round }
            #expect(reader.misbehaviours.allSatisfy { $0.kind == .alarm && $0.party.isEmpty })
            #expect(String(decoding: reader.misbehaviours[0].evidence, as: UTF8.self).contains("NOSPACE"))
            try await Task.sleep(for: .milliseconds(1_500))
            #expect(reader.misbehaviours.count == round)
            _ = try etcd.control("alarm", "disarm")
            try await Task.sleep(for: .milliseconds(2_500))
        }
        await engine.shutDown()
    }

    @Test("While etcd is away the log gets one line, and one when it is back", .timeLimit(.minutes(1)))
    func logLines() async throws {
        let etcd = try EtcdProcess()
        defer { etcd.stop() }
        let lines = LogLines()
        let engine = EtcdEngineTests.engine(etcd, Logger(label: "test") { _ in lines })
        let reader = OrderingReader(engine)
        try await engine.submit(EtcdEngineTests.batch(1, "office"))
        try await reader.wait("etcd is reached") { $0.connections == 1 && $0.batches.count == 1 }
        // It was tried before etcd had started.
        let before = lines.all.count
        etcd.kill()
        async let late: Void = engine.submit(EtcdEngineTests.batch(2, "office"))
        for _ in 0..<20 {
            try? await engine.publish(Statement(kind: .seen, party: "office", text: [1]))
            try await Task.sleep(for: .milliseconds(100))
        }
        #expect(lines.all.dropFirst(before).map(\.message) == ["etcd is not reached"], "\(lines.all)")
        try etcd.start()
        try await late
        try await reader.wait("the reading goes on") { $0.connections == 2 && $0.batches.count == 2 }
        try await engine.publish(Statement(kind: .seen, party: "office", text: [1]))
        let said = lines.all.dropFirst(before)
        #expect(said.map(\.message) == ["etcd is not reached", "etcd is reached again"], "\(lines.all)")
        // How often it was tried stands in the second line.
        #expect(Int(said.last?.metadata["failures"]?.description ?? "") ?? 0 >= 20)
        await engine.shutDown()
    }

    @Test("A node whose certificate files cannot be read goes on trying", .timeLimit(.minutes(1)))
    func certificates() async throws {
        let lost = "/nonexistent/lost.pem"
        let options = EtcdOptions(
            endpoints: ["127.0.0.1:1"], identity: .init(authority: lost, certificate: lost, key: lost))
        let engine = EtcdEngine(
            origin: EtcdEngineTests.origin, options: options, using: PortableSHA256.self,
            logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
        let reader = OrderingReader(engine)
        try await reader.wait("it has tried twice") { $0.failures >= 2 }
        await engine.shutDown()
        try await reader.finished()
    }
}

/// Keeps what is logged.
private final class LogLines: LogHandler, Sendable {
    struct Line: Sendable {
        /// Up to a colon; what follows says what was tried.
        let message: String
        let metadata: Logger.Metadata
    }

    private let lines = Mutex<[Line]>([])
    var all: [Line] { lines.withLock { $0 } }
    var logLevel: Logger.Level {
        get { .info }
        set {}
    }
    var metadata: Logger.Metadata {
        get { [:] }
        set {}
    }
    subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { nil }
        set {}
    }

    func log(event: LogEvent) {
        let message = String("\(event.message)".prefix { $0 != ":" })
        lines.withLock { $0.append(Line(message: message, metadata: event.metadata ?? [:])) }
    }
}
