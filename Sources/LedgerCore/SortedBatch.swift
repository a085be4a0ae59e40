import MerkleLog
package import Primitives

/// A batch at its place in the order, its transactions read and their signatures checked.
package struct SortedBatch: Sendable {
    /// The party that put it up.
    package let proposer: String
    /// That party's clock.
    package let clock: Instant
    /// The transactions that may stand on the ledger, in order.
    package let transactions: [Transaction]
    /// Ids of those whose keys were not known yet, so that their signatures must be checked when their turn has come.
    package let unchecked: Set<Digest>
    /// Whether it was put up without transactions.
    package let isEmpty: Bool

    /// A batch.
    package init(
        proposer: String, clock: Instant, transactions: [Transaction], unchecked: Set<Digest> = [], isEmpty: Bool
    ) {
        self.proposer = proposer
        self.clock = clock
        self.transactions = transactions
        self.unchecked = unchecked
        self.isEmpty = isEmpty
    }
}

/// The ledger's edge at one block, to go back to.
package struct LedgerMark: Sendable {
    let log: MerkleTree<CryptoSHA256>
    let lastSeal: Seal?
    let lastSealHash: Digest
    let clocks: [String: Instant]
}

/// What one block changed, so that it can be taken back.
package struct BlockUndo: Sendable {
    let mark: LedgerMark
    let transactions: Int
    let changes: [(hash: Digest, key: [UInt8], value: [UInt8]?)]
}
