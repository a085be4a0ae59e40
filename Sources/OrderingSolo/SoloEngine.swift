package import Ordering
import Synchronization

/// Ordering inside one process: batches keep the order in which they were submitted.
///
/// The engine holds no file of its own. A batch becomes durable as the leaves of its block, in the block's one SQLite
/// transaction, and its submitter is answered only after that; so whatever was acknowledged survives, and a batch that
/// a crash took was never acknowledged (`docs/decisions/003-solo-ordering.md`).
///
/// Not an actor: the pipeline would wait for a turn on the shared threads, behind every signature check that waits there.
package final class SoloEngine: OrderingEngine {
    private struct Storage {
        var position: UInt64
        var continuation: AsyncStream<OrderedBatch>.Continuation?
        var waiting: [OrderedBatch] = []
        var isShutDown = false
    }

    private let storage: Mutex<Storage>

    /// Refusal after `shutDown`.
    package struct ShutDown: Error {
        package init() {}
    }

    /// An engine whose next batch gets the position after `position`.
    package init(after position: UInt64) { storage = Mutex(Storage(position: position)) }

    /// Gives the batch the next position.
    package func submit(_ batch: Batch) throws {
        try storage.withLock { storage in
            guard !storage.isShutDown else { throw ShutDown() }
            storage.position += 1
            let ordered = OrderedBatch(position: storage.position, batch: batch)
            if let continuation = storage.continuation {
                continuation.yield(ordered)
            } else {
                storage.waiting.append(ordered)
            }
        }
    }

    /// The one stream of this process's batches after `position`.
    package func batches(after position: UInt64) -> AsyncStream<OrderedBatch> {
        let (stream, continuation) = AsyncStream.makeStream(of: OrderedBatch.self)
        storage.withLock { storage in
            for batch in storage.waiting where batch.position > position { continuation.yield(batch) }
            storage.waiting = []
            storage.continuation = continuation
            if storage.isShutDown { continuation.finish() }
        }
        return stream
    }

    /// Ends the stream.
    package func shutDown() {
        storage.withLock { storage in
            storage.isShutDown = true
            storage.continuation?.finish()
        }
    }
}
