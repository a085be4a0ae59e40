package import LedgerCore
package import Primitives
import Storage

/// What became of a transaction that was handed to the node.
package struct TransactionStatus: Sendable {
    /// The transaction's id.
    package let id: Digest
    /// Index of its leaf.
    package let leaf: UInt64
    /// Whether the rule accepted it.
    package let outcome: Outcome
    /// Height of its block.
    package let height: UInt64
    /// Whether its block is final. Before that it is ordered and executed here, and the other parties' word is awaited.
    package var isFinal: Bool
}

/// The node has recorded transactions durably and could not have them ordered yet: it goes on trying. Sending them again
/// does no harm.
package struct WaitingForOthers: Error {
    /// Ids of what waits, in the order in which it was handed over.
    package let ids: [Digest]
}

/// Finds out what became of a transaction, from the index and its leaf.
enum TransactionLookup {
    /// The status of transaction `id`; nil if it was never executed. `finalSize` is the size of the log that is final.
    static func status(
        _ id: Digest, _ index: TransactionIndex, _ store: LedgerStore, finalSize: UInt64
    ) throws -> TransactionStatus? {
        guard let leafIndex = index.leaf(of: id), let bytes = try store.leaf(leafIndex),
            case .transaction(_, let outcome, _) = try Leaf(parsing: bytes),
            let block = try store.block(holding: leafIndex)
        else { return nil }
        return TransactionStatus(
            id: id, leaf: leafIndex, outcome: outcome, height: block.height, isFinal: leafIndex < finalSize)
    }
}
