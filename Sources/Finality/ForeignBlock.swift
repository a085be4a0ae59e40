package import LedgerCore
package import Primitives

/// A block that others have made, as their log has it: read, and its signatures checked as far as their keys were known.
package struct ForeignBlock: Sendable {
    /// Its seal.
    package let seal: Seal
    /// All leaves, the seal last.
    package let leaves: [[UInt8]]
    /// Its transactions, in order.
    package let transactions: [Transaction]
    /// Ids of those whose keys were not known yet: they may be opened by a block before, or by this one.
    package let unchecked: Set<Digest>

    /// A block.
    package init(seal: Seal, leaves: [[UInt8]], transactions: [Transaction], unchecked: Set<Digest> = []) {
        self.seal = seal
        self.leaves = leaves
        self.transactions = transactions
        self.unchecked = unchecked
    }
}
