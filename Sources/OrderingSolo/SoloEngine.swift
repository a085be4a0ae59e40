package import Ordering

/// Ordering inside one process: batches keep the order in which they were submitted.
///
/// The engine holds no file of its own. A batch becomes durable as the leaves of its block, in the block's one SQLite
/// transaction, and its submitter is answered only after that; so whatever was acknowledged survives, and a batch that
/// a crash took was never acknowledged (`docs/decisions/003-solo-ordering.md`).
package actor SoloEngine: OrderingEngine {
    private var position: UInt64
    private var continuation: AsyncStream<OrderedBatch>.Continuation?
    private var waiting: [OrderedBatch] = []
    private var isShutDown = false

    /// Refusal after `shutDown`.
    package struct ShutDown: Error {
        package init() {}
    }

    /// An engine whose next batch gets the position after `position`.
    package init(after position: UInt64) { self.position = position }

    /// Gives the batch the next position.
    package func submit(_ batch: Batch) throws {
        guard !isShutDown else { throw ShutDown() }
        position += 1
        let ordered = OrderedBatch(position: position, batch: batch)
        if let continuation { continuation.yield(ordered) } else { waiting.append(ordered) }
    }

    /// The one stream of this process's batches after `position`.
    package func batches(after position: UInt64) -> AsyncStream<OrderedBatch> {
        let (stream, continuation) = AsyncStream.makeStream(of: OrderedBatch.self)
        for batch in waiting where batch.position > position { continuation.yield(batch) }
        waiting = []
        self.continuation = continuation
        if isShutDown { continuation.finish() }
        return stream
    }

    /// Ends the stream.
    package func shutDown() {
        isShutDown = true
        continuation?.finish()
    }
}
