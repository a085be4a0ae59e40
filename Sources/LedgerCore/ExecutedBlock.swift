package import ContractKit
package import MerkleLog
package import Primitives

/// What executing a batch gave: everything that is stored, published and projected. Nothing of it is committed yet.
package struct ExecutedBlock: Sendable {
    /// The seal.
    package let seal: Seal
    /// All leaves, the seal last.
    package let leaves: [[UInt8]]
    /// The executed transactions: id, leaf index and outcome, in order.
    package let transactions: [ExecutedTransaction]
    /// Changes of the state, by key hash.
    package let changes: [(hash: Digest, key: [UInt8], value: [UInt8]?)]
    /// Tiles of the log that this block completed.
    package let tiles: [CompletedTile]
    /// The log's size after the block.
    package let size: UInt64
    /// The log's root after the block.
    package let root: Digest
}

/// One executed transaction of a block.
package struct ExecutedTransaction: Sendable {
    /// The transaction's id.
    package let id: Digest
    /// Index of its leaf.
    package let leaf: UInt64
    /// What became of it.
    package let outcome: Outcome
}

/// A due action failed: a rule refused something nobody signed. It is recorded, and the entry is gone.
package struct DueFailed: Event {
    package static let name: StaticString = "ledger.dueFailed"
    /// The refusal's code.
    package let code: String

    package init(code: String) { self.code = code }
    /// Reads the event.
    package init(_ fields: inout Fields) throws(Reason) { code = try fields.string("code", bytes: 1...64) }
    /// Writes the event.
    package func write(to fields: inout JSONWriter) { fields.field("code", code) }
}
