package import Primitives

/// A batch of signed transactions as one node puts it up for ordering.
package struct Batch: Sendable {
    /// The party whose node made it.
    package let proposer: String
    /// That node's clock.
    package let clock: Instant
    /// Signed texts, in order.
    package let transactions: [[UInt8]]
    /// Lets the proposing node recognise its own batch, so that it need not check the signatures twice. Means nothing
    /// to other nodes.
    package let localToken: UInt64

    /// A batch.
    package init(proposer: String, clock: Instant, transactions: [[UInt8]], localToken: UInt64) {
        self.proposer = proposer
        self.clock = clock
        self.transactions = transactions
        self.localToken = localToken
    }
}

/// A batch at its place in the order that every node sees.
package struct OrderedBatch: Sendable {
    /// The engine's position: strictly increasing, recorded in the seal.
    package let position: UInt64
    /// The batch.
    package let batch: Batch

    /// Places a batch.
    package init(position: UInt64, batch: Batch) {
        self.position = position
        self.batch = batch
    }
}

/// Gives every node the same sequence of batches (`ledger.md`, Ordering). Nothing above knows which engine it is.
package protocol OrderingEngine: Sendable {
    /// Puts a batch up; returns once it has its place. Waits while too many batches are under way.
    func submit(_ batch: Batch) async throws
    /// The batches after `position`, in order, without end until the engine is shut down.
    func batches(after position: UInt64) async throws -> AsyncStream<OrderedBatch>
    /// Ends all streams; later submissions are refused.
    func shutDown() async
}
