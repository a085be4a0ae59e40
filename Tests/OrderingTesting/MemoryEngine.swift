package import Ordering
package import Primitives
import Synchronization

/// An ordering engine in memory: each node of a test has one, over one ``MemoryCluster``.
package final class MemoryEngine<Hash: SHA256Function>: OrderingEngine {
    private struct Storage {
        var tokens: [Digest: UInt64] = [:]
        var ordered: [(position: UInt64, name: String, party: String)] = []
        var readers: Set<Int> = []
        var isShutDown = false
    }

    private let origin: String
    private let cluster: MemoryCluster
    private let storage = Mutex(Storage())

    /// A node's engine for the ledger `origin`.
    package init(origin: String, cluster: MemoryCluster, using hash: Hash.Type) {
        self.origin = origin
        self.cluster = cluster
    }

    /// Puts a batch up, again and again until that was answered.
    package func submit(_ batch: Batch) async throws {
        guard let received = ReceivedBatch(parsing: batch.text, origin: origin, using: Hash.self) else {
            throw MemoryEngineError.noBatch
        }
        let digest = Hash.hash(batch.text)
        storage.withLock { $0.tokens[digest] = batch.localToken }
        while true {
            guard !isShutDown else { throw EngineStopped() }
            if cluster.put(received, named: digest.hex) { return }
            try await Task.sleep(for: .milliseconds(2))
        }
    }

    /// Writes each statement over the one before.
    package func publish(_ statements: [Statement]) async throws {
        guard cluster.put(statements) else { throw MemoryEngineError.notReached }
    }

    /// Follows the cluster's order until the engine is shut down.
    package func follow(
        after position: UInt64, knowing known: UInt64, of order: OrderName, acceptingGap: Bool,
        _ handle: @Sendable (OrderingEvent) async throws -> Void
    ) async throws {
        let (signals, wake) = AsyncStream.makeStream(of: Void.self, bufferingPolicy: .bufferingNewest(1))
        let reader = cluster.listen(wake)
        defer { cluster.leave(reader) }
        let isOpen = storage.withLock { storage in
            storage.readers.insert(reader)
            return !storage.isShutDown
        }
        guard isOpen else { return }
        var signal = signals.makeAsyncIterator()
        var known = MemoryOrder()
        var cursor = 0
        var readsOverGap = acceptingGap
        var connection: Int?
        while !isShutDown, !Task.isCancelled {
            switch cluster.step(cursor, connection: connection) {
            case .lost:
                if connection != nil { try await handle(.reached(false)) }
                connection = nil
                guard await signal.next() != nil else { return }
            case .connected(let made, let found):
                if found.name != order, let start = found.start {
                    storage.withLock { $0.ordered = [] }
                    return try await handle(.begunAnew(start, name: found.name))
                }
                let first = found.entries(upTo: position)
                cursor = max(cursor, first)
                known = found
                for statement in found.statements { try await handle(.statement(statement)) }
                try await handle(.reached(true))
                if readsOverGap {
                    cursor = max(cursor, found.cut)
                    readsOverGap = false
                } else if made > 0 {
                    cursor = max(first, min(cursor, max(cursor - cluster.repeats, found.cut)))
                }
                connection = made
            case .reading(.entry(let entry, let index)):
                cursor = index + 1
                try await give(entry, position: known.position(of: index), handle)
            case .reading(.missing):
                let position = known.position(of: cursor)
                try await handle(.misbehaviour(Misbehaviour(.compacted, party: "", position: position)))
                return try await handle(.missing)
            case .reading(.end): guard await signal.next() != nil else { return }
            }
        }
    }

    /// Deletes this node's batches up to `position`.
    package func forget(upTo position: UInt64) async {
        let old = storage.withLock { storage in
            let old = storage.ordered.prefix { $0.position <= position }
            storage.ordered.removeFirst(old.count)
            return Array(old)
        }
        for batch in old { cluster.delete(batch.name, of: batch.party) }
    }

    /// Ends `follow` and refuses further batches.
    package func shutDown() async {
        let readers = storage.withLock { storage in
            storage.isShutDown = true
            return storage.readers
        }
        for reader in readers { cluster.leave(reader) }
    }

    private var isShutDown: Bool { storage.withLock { $0.isShutDown } }

    private func give(
        _ entry: MemoryOrder.Entry, position: UInt64, _ handle: @Sendable (OrderingEvent) async throws -> Void
    ) async throws {
        switch entry {
        case .statement(let statement): try await handle(.statement(statement))
        case .deletion(let party, let name):
            try await handle(
                .misbehaviour(Misbehaviour(.deleted, party: party, position: position, evidence: Array(name.utf8))))
        case .batch(let batch):
            let digest = Hash.hash(batch.batch.text)
            let token = storage.withLock { storage -> UInt64 in
                guard let token = storage.tokens.removeValue(forKey: digest) else { return 0 }
                storage.ordered.append((position, digest.hex, batch.batch.proposer))
                return token
            }
            guard
                let received = ReceivedBatch(
                    parsing: batch.batch.text, origin: origin, localToken: token, using: Hash.self)
            else { throw MemoryEngineError.noBatch }
            try await handle(
                .batch(
                    OrderedBatch(position: position, batch: received.batch, received: received, name: digest.hex)))
        }
    }
}

/// Refusals of the engine in memory.
package enum MemoryEngineError: Error {
    /// A text that is no batch of the ledger.
    case noBatch
    /// The test has taken the engine away.
    case notReached
}
