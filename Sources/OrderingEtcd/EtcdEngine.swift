import EtcdProtocol
import FoundationEssentials
import GRPCCore
package import Logging
package import Ordering
package import Primitives
import SwiftProtobuf
import Synchronization

/// Ordering by etcd: the order of batches is etcd's revision order, which Raft gives every member alike (`ledger.md`,
/// Ordering; `etcd.md`). Nothing rests on etcd but progress: batches are signed, blocks are cosigned.
package final class EtcdEngine<Hash: SHA256Function>: OrderingEngine {
    private struct Storage {
        /// Own batches that are put up: their tokens by the digest of their text.
        var tokens: [Digest: UInt64] = [:]
        /// Own batches that were ordered, oldest first.
        var ordered: [(position: UInt64, key: [UInt8])] = []
        var outage = Outage()
        var memory = EtcdMemory()
        var isShutDown = false
        var following: [Int: Task<Void, any Error>] = [:]
        var nextFollowing = 0
    }

    let options: EtcdOptions
    let origin: String
    let keys: EtcdKeys
    let logger: Logger
    private let calls: EtcdCalls
    private let storage = Mutex(Storage())
    private let started = ContinuousClock.now

    /// An engine for the ledger `origin`; nothing is reached yet.
    package init(origin: String, options: EtcdOptions, using hash: Hash.Type, logger: Logger) {
        self.origin = origin
        self.options = options
        self.logger = logger
        keys = EtcdKeys(origin: origin)
        calls = EtcdCalls(options)
        if options.readsFirst { memory { $0.willRead() } }
    }

    var isShutDown: Bool { storage.withLock { $0.isShutDown } }

    /// Looks at, or changes, what this node remembers of etcd.
    func memory<Result: Sendable>(_ body: (inout EtcdMemory) -> Result) -> Result {
        storage.withLock { body(&$0.memory) }
    }

    // MARK: Writing

    /// Puts the batch under the digest of its text, only if it is not there: asking again does no harm, and half of the
    /// calls that fail have in fact been carried out.
    package func submit(_ batch: Batch) async throws {
        guard !batch.text.isEmpty, batch.text.count <= Batch.largestText else { throw EtcdError.unsigned }
        let digest = Hash.hash(batch.text)
        let key = keys.batch(batch.proposer, digest)
        storage.withLock { $0.tokens[digest] = batch.localToken }
        var pause = Pause(longest: options.longestPause)
        while true {
            guard !isShutDown else { throw EngineStopped() }
            do {
                try await putOnce(key, batch.text)
                return
            } catch {
                failed(.submit, error)
            }
            try await pause.wait()
        }
    }

    private func putOnce(_ key: [UInt8], _ value: [UInt8]) async throws {
        var request = Etcdserverpb_TxnRequest()
        request.compare = [
            .with {
                $0.key = Data(key)
                $0.target = .version
                $0.version = 0
            }
        ]
        request.success = [
            .with {
                $0.requestPut = .with {
                    $0.key = Data(key)
                    $0.value = Data(value)
                }
            }
        ]
        request.failure = [
            .with {
                $0.requestRange = .with {
                    $0.key = Data(key)
                    $0.keysOnly = true
                }
            }
        ]
        try await makeSure(calls.next)
        _ = try await calls.next().kv.txn(request, metadata: EtcdCall.metadata, options: EtcdCall.options(options))
        worked(.submit)
    }

    /// Writes each statement over the one before, all in one transaction: every put costs three members a write to disk.
    package func publish(_ statements: [Statement]) async throws {
        var request = Etcdserverpb_TxnRequest()
        request.success = statements.map { statement in
            .with {
                $0.requestPut = .with {
                    $0.key = Data(keys.statement(statement))
                    $0.value = Data(statement.text)
                }
            }
        }
        do {
            try await makeSure(calls.next)
            let answer = try await calls.next().kv.txn(
                request, metadata: EtcdCall.metadata, options: EtcdCall.options(options))
            let keys = statements.map(keys.statement)
            memory { $0.wrote(keys, at: answer.header.revision) }
            worked(.publish)
        } catch {
            failed(.publish, error)
            throw error
        }
    }

    /// Deletes this node's batches up to `position`, some at a time; what is not deleted now is deleted the next time.
    package func forget(upTo position: UInt64) async {
        let old = storage.withLock { storage in
            let count = min(storage.ordered.prefix { $0.position <= position }.count, EtcdCall.mostDeleted)
            let old = Array(storage.ordered.prefix(count))
            storage.ordered.removeFirst(count)
            return old
        }
        guard !old.isEmpty else { return }
        var request = Etcdserverpb_TxnRequest()
        request.success = old.map { entry in
            .with { $0.requestDeleteRange = .with { $0.key = Data(entry.key) } }
        }
        do {
            _ = try await calls.next().kv.txn(request, metadata: EtcdCall.metadata, options: EtcdCall.options(options))
        } catch {
            storage.withLock { $0.ordered.insert(contentsOf: old, at: 0) }
        }
    }

    /// Ends `follow` and refuses further batches.
    package func shutDown() async {
        let following = storage.withLock { storage in
            storage.isShutDown = true
            return Array(storage.following.values)
        }
        for task in following { task.cancel() }
        calls.close()
    }

    // MARK: Reading

    /// Follows etcd until the engine is shut down, over lost connections.
    package func follow(
        after position: UInt64, knowing known: UInt64, of order: OrderName, acceptingGap: Bool,
        _ handle: @Sendable (OrderingEvent) async throws -> Void
    ) async throws {
        try await withoutActuallyEscaping(handle) { handle in
            let task = Task {
                try await EtcdFollower(engine: self, order: order, handle: handle)
                    .run(after: position, knowing: known, acceptingGap: acceptingGap)
            }
            let (number, isShutDown) = storage.withLock { storage in
                storage.nextFollowing += 1
                storage.following[storage.nextFollowing] = task
                storage.memory.willRead()
                return (storage.nextFollowing, storage.isShutDown)
            }
            defer { storage.withLock { _ = $0.following.removeValue(forKey: number) } }
            if isShutDown { task.cancel() }
            try await withTaskCancellationHandler {
                do {
                    try await task.value
                } catch  where self.isShutDown {
                    return
                }
            } onCancel: {
                task.cancel()
            }
        }
    }

    /// The token of an own batch that has its place now; 0 for others' batches.
    func token(of digest: Digest, key: [UInt8], position: UInt64) -> UInt64 {
        storage.withLock { storage in
            guard let token = storage.tokens.removeValue(forKey: digest) else { return 0 }
            storage.ordered.append((position, key))
            return token
        }
    }

    /// What was written in another order is nowhere in this one.
    func forgetOrder() {
        storage.withLock { storage in
            storage.ordered = []
            storage.memory = EtcdMemory()
        }
    }

    // MARK: Telling that etcd is away

    func worked(_ work: Outage.Work) {
        guard case .back(let failures, let milliseconds) = storage.withLock({ $0.outage.worked(work, at: now) })
        else { return }
        logger.notice("etcd is reached again", metadata: EtcdEngine.figures(failures, milliseconds))
    }

    func failed(_ work: Outage.Work, _ error: any Error) {
        // Another connection, and another member, may do better.
        calls.replace()
        memory { $0.isDoubted = true }
        guard !isShutDown else { return }
        switch storage.withLock({ $0.outage.failed(work, at: now) }) {
        case .away:
            logger.warning("etcd is not reached: \(work.rawValue)", metadata: ["error": "\(error)"])
        case .still(let failures, let milliseconds):
            var metadata = EtcdEngine.figures(failures, milliseconds)
            metadata["error"] = "\(error)"
            logger.warning("etcd is still not reached: \(work.rawValue)", metadata: metadata)
        case .back, nil: break
        }
    }

    /// ms since the engine was made.
    private var now: Int64 {
        let (seconds, attoseconds) = (ContinuousClock.now - started).components
        return seconds * 1_000 + attoseconds / 1_000_000_000_000_000
    }

    private static func figures(_ failures: Int, _ milliseconds: Int64) -> Logger.Metadata {
        ["failures": "\(failures)", "seconds": "\(milliseconds / 1_000)"]
    }
}

/// Refusals of the engine.
package enum EtcdError: Error {
    /// A batch without a text, or one that is too large.
    case unsigned
}

/// What all calls have in common.
enum EtcdCall {
    static let mostDeleted = 100

    /// A member without a leader answers at once instead of waiting.
    static let metadata: Metadata = ["hasleader": "true"]

    static func options(_ options: EtcdOptions) -> CallOptions {
        var call = CallOptions.defaults
        call.timeout = .milliseconds(options.deadline)
        call.waitForReady = false
        call.maxRequestMessageBytes = 16 << 20
        call.maxResponseMessageBytes = 16 << 20
        return call
    }

    static func watchOptions() -> CallOptions {
        var call = CallOptions.defaults
        call.maxRequestMessageBytes = 16 << 20
        call.maxResponseMessageBytes = 16 << 20
        return call
    }
}

/// Waits a little longer after each failure.
struct Pause {
    private var next: Int64 = 50
    private let longest: Int64

    init(longest: Int64) { self.longest = longest }

    mutating func wait() async throws {
        try await Task.sleep(for: .milliseconds(next))
        next = min(next * 2, longest)
    }

    mutating func reset() { next = 50 }
}
