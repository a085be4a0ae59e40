import LedgerCore
package import Primitives
import Synchronization

/// What listeners learn of a block once it is stored.
package struct BlockNotice: Sendable {
    /// Height of the block.
    package let height: UInt64
    /// Block time.
    package let time: Instant
    /// The log's size after it.
    package let size: UInt64
    /// Number of transactions in it.
    package let transactionCount: Int
    /// The log's root after it.
    package let root: Digest
    /// A signed checkpoint of the log with this block: the one after it, or a later one.
    package var checkpoint: [UInt8]
}

/// Tells listeners of new blocks; a slow listener misses notices instead of holding anyone up.
package final class BlockHub: Sendable {
    private struct Storage {
        var latest: BlockNotice?
        var listeners: [UInt64: AsyncStream<BlockNotice>.Continuation] = [:]
        var next: UInt64 = 0
        var isShutDown = false
    }

    private let storage = Mutex(Storage())

    /// Most listeners at a time.
    package static let mostListeners = 1_000

    /// A hub without listeners.
    package init() {}

    /// The newest block's notice.
    package var latest: BlockNotice? { storage.withLock { $0.latest } }

    /// Sets the notice of the last stored block when a node starts.
    package func start(with notice: BlockNotice) { storage.withLock { $0.latest = notice } }

    /// Blocks have become final by a checkpoint, which is the last one's. Without blocks it is the newest block's, cosigned
    /// by more.
    func publish(_ blocks: [ExecutedBlock], checkpoint: [UInt8]) {
        let notices = blocks.map { block in
            BlockNotice(
                height: block.seal.height, time: block.seal.time, size: block.size,
                transactionCount: block.transactions.count, root: block.root, checkpoint: checkpoint)
        }
        let listeners = storage.withLock { storage in
            if let last = notices.last {
                storage.latest = last
            } else {
                storage.latest?.checkpoint = checkpoint
            }
            return Array(storage.listeners.values)
        }
        for listener in listeners {
            for notice in notices { listener.yield(notice) }
        }
    }

    /// A stream of the blocks from now on, which has ended already after `shutDown`; nil when there are too many listeners.
    package func listen() -> AsyncStream<BlockNotice>? {
        let (stream, continuation) = AsyncStream.makeStream(of: BlockNotice.self, bufferingPolicy: .bufferingNewest(16))
        let id: UInt64? = storage.withLock { storage in
            guard storage.listeners.count < BlockHub.mostListeners else { return nil }
            storage.next += 1
            // A node may be stopped before its listeners have come; one that came later would wait for ever.
            if storage.isShutDown { continuation.finish() } else { storage.listeners[storage.next] = continuation }
            return storage.next
        }
        guard let id else { return nil }
        continuation.onTermination = { [weak self] _ in
            self?.storage.withLock { storage in _ = storage.listeners.removeValue(forKey: id) }
        }
        return stream
    }

    /// Ends all streams, those of later listeners too.
    package func shutDown() {
        let listeners = storage.withLock { storage in
            storage.isShutDown = true
            defer { storage.listeners = [:] }
            return Array(storage.listeners.values)
        }
        for listener in listeners { listener.finish() }
    }
}
