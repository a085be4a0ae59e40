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
        /// What the follower has not taken yet, oldest first.
        var waiting: [OrderedBatch] = []
        var wake: AsyncStream<Void>.Continuation?
        var isShutDown = false

        mutating func takeFirst() -> OrderedBatch? { waiting.isEmpty ? nil : waiting.removeFirst() }
    }

    private let storage: Mutex<Storage>

    /// An engine whose next batch gets the position after `position`.
    package init(after position: UInt64) { storage = Mutex(Storage(position: position)) }

    /// Gives the batch the next position.
    package func submit(_ batch: Batch) throws {
        let wake = try storage.withLock { storage in
            guard !storage.isShutDown else { throw EngineStopped() }
            storage.position += 1
            storage.waiting.append(OrderedBatch(position: storage.position, batch: batch))
            return storage.wake
        }
        wake?.yield()
    }

    /// Nobody else listens.
    package func publish(_ statements: [Statement]) {}

    /// Gives this process's batches after `position`; one follower at a time.
    package func follow(
        after position: UInt64, knowing known: UInt64, of order: OrderName, acceptingGap: Bool,
        _ handle: @Sendable (OrderingEvent) async throws -> Void
    ) async throws {
        let (signals, wake) = AsyncStream.makeStream(of: Void.self, bufferingPolicy: .bufferingNewest(1))
        storage.withLock { storage in
            storage.wake = wake
            if storage.isShutDown { wake.finish() }
        }
        wake.yield()
        var signal = signals.makeAsyncIterator()
        while true {
            while let batch = storage.withLock({ $0.takeFirst() }) {
                if batch.position > position { try await handle(.batch(batch)) }
            }
            guard await signal.next() != nil else { break }
        }
        // What was submitted just before the end.
        while let batch = storage.withLock({ $0.takeFirst() }) { try await handle(.batch(batch)) }
    }

    /// Nothing is kept.
    package func forget(upTo position: UInt64) {}

    /// Ends `follow` after what was submitted.
    package func shutDown() {
        storage.withLock { storage in
            storage.isShutDown = true
            storage.wake?.finish()
        }
    }
}
