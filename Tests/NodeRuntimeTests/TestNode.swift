import ContractKit
import Foundation
import HTTPTypes
import Hummingbird
import HummingbirdTesting
import LedgerCore
import Logging
import MerkleLog
import NodeRuntime
import PageKit
import Primitives
import Synchronization
import UnixSignals

/// A node in a folder of its own, with one resident and one member of staff, and a clock that tests can move.
final class TestNode: Sendable {
    static let origin = "example.org/notes"

    let node: Node
    let resident: SigningKey
    let staff: SigningKey
    let logger: Logger
    private let clock: Box
    private let nonce = Mutex(UInt64(0))

    /// A moment to begin with: 2026-01-01T00:00:00Z.
    static let start: Int64 = 1_767_225_600_000

    /// Runs `body` with a node and its server on a free port of the loopback address; then the server is asked to stop,
    /// unless `body` has stopped it.
    static func serving(stopOn signals: [UnixSignal] = [], _ body: (TestNode, Int) async throws -> Void) async throws {
        let directory = NodeDirectory(NSTemporaryDirectory() + "linlian-test-" + UUID().uuidString)
        defer { try? FileManager.default.removeItem(atPath: directory.path) }
        try directory.create(.init(origin: origin, party: "committee"))
        let test = try await TestNode(directory)
        let server = try test.server()
        let (ports, continuation) = AsyncStream.makeStream(of: Int.self)
        let running = Task {
            defer { continuation.finish() }
            try await server.run(stopOn: signals) { continuation.yield($0) }
        }
        var iterator = ports.makeAsyncIterator()
        guard let port = await iterator.next() else { return try await running.value }
        do {
            _ = try await test.node.submit([test.join(test.resident), test.join(test.staff, party: "committee")])
            try await body(test, port)
        } catch {
            running.cancel()
            _ = await running.result
            throw error
        }
        if signals.isEmpty {
            running.cancel()
            _ = await running.result
        } else {
            try await running.value
        }
        try test.node.close()
    }

    /// Runs `body` with a node that makes blocks; the folder is removed afterwards.
    static func with(_ body: (TestNode) async throws -> Void) async throws {
        let directory = NodeDirectory(NSTemporaryDirectory() + "linlian-test-" + UUID().uuidString)
        defer { try? FileManager.default.removeItem(atPath: directory.path) }
        try directory.create(.init(origin: origin, party: "committee"))
        let test = try await TestNode(directory)
        let running = Task { try await test.node.run() }
        do {
            _ = try await test.node.submit([test.join(test.resident), test.join(test.staff, party: "committee")])
            try await body(test)
        } catch {
            await test.node.shutDown()
            _ = await running.result
            throw error
        }
        await test.node.shutDown()
        try await running.value
        try test.node.close()
    }

    private init(_ directory: NodeDirectory) async throws {
        let clock = Box()
        var logger = Logger(label: "test")
        logger.logLevel = .critical
        resident = SigningKey(generating: .es256)
        staff = SigningKey(generating: .edDSA)
        self.clock = clock
        self.logger = logger
        node = try await Node.open(
            directory, catalog: CommandCatalog([NotesContract.self]), projections: [], logger: logger,
            clock: { Instant(milliseconds: TestNode.start + clock.value.withLock { $0 }) })
    }

    private final class Box: Sendable { let value = Mutex(Int64(0)) }

    /// The time that the node sees.
    var now: Instant { node.clock() }

    /// Moves the node's clock.
    func advance(milliseconds: Int64) { clock.value.withLock { $0 += milliseconds } }

    /// The server's router, without a socket.
    func api(
        modules: [any AppModule] = [], _ body: @escaping @Sendable (any TestClientProtocol) async throws -> Void
    ) async throws {
        try await server(modules: modules).application().test(.router, body)
    }

    func server(modules: [any AppModule] = []) throws -> LinlianServer {
        var options = ServerOptions()
        options.port = 0
        options.requestSeconds = 1
        return try LinlianServer(node: node, modules: modules, options: options, logger: logger)
    }

    /// A signed transaction.
    func sign(
        _ command: some Command, as capacity: Capacity = .resident, by key: SigningKey? = nil,
        ledger: String = TestNode.origin, notAfter: Instant? = nil
    ) throws -> TransactionText {
        let number = nonce.withLock { nonce in
            nonce += 1
            return nonce
        }
        var bytes = [UInt8](repeating: 0, count: 8)
        withUnsafeBytes(of: number.bigEndian) { bytes.append(contentsOf: $0) }
        return try Transaction.signedText(
            ledger: ledger, type: "\(type(of: command).type)", capacity: capacity, body: command.canonicalJSON,
            nonce: bytes, notAfter: notAfter ?? now.advanced(byMilliseconds: Instant.hour), keys: [key ?? resident])
    }

    func join(_ key: SigningKey, party: String? = nil) throws -> TransactionText {
        try sign(Join(key: key.publicKey, party: party), as: .guest, by: key)
    }

    func note(_ id: String, _ text: String = "hello") throws -> TransactionText { try sign(Write(id: id, text: text)) }

    /// Writes `count` notes in blocks of at most `block`.
    func write(_ count: Int, block: Int = 100, prefix: String = "n") async throws {
        var at = 0
        while at < count {
            let texts = try (at..<min(count, at + block)).map { try note("\(prefix)\($0)") }
            _ = try await node.submit(texts)
            at += texts.count
        }
    }

    func id(_ text: TransactionText) -> Digest { CryptoSHA256.hash(text.signedBytes) }
}

extension TestResponse {
    var bytes: [UInt8] { [UInt8](body.readableBytesView) }
    var string: String { String(decoding: bytes, as: UTF8.self) }

    /// The body as parsed JSON.
    func json() throws -> JSONValue {
        try JSONDocument(bytes, limits: JSONLimits(depth: 32, bytes: 1 << 24, allowsNewlines: true)).root
    }

    /// The code of a refusal, or nil.
    var code: String? { (try? json())?.member("error")?.member("code")?.string }
}

extension TestClientProtocol {
    func get(_ path: String, _ headers: HTTPFields = [:]) async throws -> TestResponse {
        try await execute(uri: path, method: .get, headers: headers)
    }

    func post(_ body: [UInt8], type: String? = nil, to path: String = "/api/v1/transactions") async throws
        -> TestResponse
    {
        var headers: HTTPFields = [:]
        headers[.contentType] = type
        return try await execute(uri: path, method: .post, headers: headers, body: ByteBuffer(bytes: body))
    }
}
