import AppCatalog
import ContractCatalog
import ContractKit
import Foundation
import LedgerCore
import Logging
import NodeRuntime
import PageKit
import Primitives

/// Runs a node inside this process for as long as some work takes, without a server.
enum LocalNode {
    /// The modules' rules.
    static let catalog = CommandCatalog(ContractCatalog.contracts)

    /// Opens the node in `directory`, runs it while `body` works, then stops it and closes its files.
    static func run<Result: Sendable>(
        _ directory: NodeDirectory, clock: @escaping @Sendable () -> Instant = { SystemClock.now },
        _ body: (Node) async throws -> Result
    ) async throws -> Result {
        var logger = Logger(label: "linlian")
        logger.logLevel = .warning
        let node = try await Node.open(
            directory, catalog: catalog, projections: AppCatalog.modules.compactMap(\.projection), logger: logger,
            clock: clock)
        let running = Task { try await node.run() }
        do {
            let result = try await body(node)
            await node.shutDown()
            try await running.value
            try node.close()
            return result
        } catch {
            await node.shutDown()
            _ = await running.result
            try node.close()
            throw error
        }
    }
}

extension Node {
    /// Transactions handed over together: large enough that the hand-over costs nothing.
    private static let chunk = 64

    /// Takes signed texts through the gate and has them executed, on all cores, as many at a time as keep the pipeline
    /// busy. Each must be accepted.
    func submitAll(_ texts: [[UInt8]]) async throws {
        let workers = ProcessInfo.processInfo.activeProcessorCount * 64
        try await withThrowingTaskGroup(of: Void.self) { group in
            var next = 0
            var running = 0
            while next < texts.count || running > 0 {
                while next < texts.count, running < workers {
                    let part = Array(texts[next..<min(next + Node.chunk, texts.count)])
                    next += part.count
                    running += 1
                    group.addTask { try await self.admitAndSubmit(part) }
                }
                try await group.next()
                running -= 1
            }
        }
    }

    @concurrent
    private func admitAndSubmit(_ texts: [[UInt8]]) async throws {
        let now = clock()
        let admitted = try texts.map { try admission.admit($0, now: now) }
        for status in try await submit(admitted: admitted) {
            if case .rejected(let code) = status.outcome { throw Reason(code) }
        }
    }
}

/// Signs a party's transactions and hands them to a node.
struct Signatory: Sendable {
    let node: Node
    let key: SigningKey
    let capacity: Capacity

    /// Signs a body.
    func text(_ command: some Command) throws -> TransactionText {
        try Transaction.signedText(
            ledger: node.origin, type: "\(type(of: command).type)", capacity: capacity, body: command.canonicalJSON,
            nonce: Randomness.bytes(16), notAfter: node.clock().advanced(byMilliseconds: Instant.hour), keys: [key])
    }

    /// Signs, submits and expects to be accepted.
    @discardableResult
    func act(_ command: some Command) async throws -> TransactionStatus {
        let statuses = try await node.submit([text(command)])
        guard let status = statuses.first else { throw Complaint("the node gave no answer") }
        if case .rejected(let code) = status.outcome { throw Reason(code, field: "\(type(of: command).type)") }
        return status
    }
}

/// Random bytes from the operating system.
enum Randomness {
    static func bytes(_ count: Int) -> [UInt8] {
        var generator = SystemRandomNumberGenerator()
        return (0..<count).map { _ in UInt8.random(in: 0...255, using: &generator) }
    }
}
