import ContractKit
package import MerkleLog
import Primitives

/// Puts the leaves of a log together into blocks without executing them: for a log whose root a quorum has cosigned. What
/// the blocks left as state comes from elsewhere, and is held to the root in their seal.
package struct LogBlocks: Sendable {
    /// The tree over the leaves so far.
    package private(set) var log = MerkleTree<CryptoSHA256>()
    private var leaves: [[UInt8]] = []
    private var transactions: [ExecutedTransaction] = []

    /// Most leaves of a block: a log without seals would fill the memory.
    static let mostLeaves = 1 << 20

    /// No leaves yet.
    package init() {}

    /// Whether the last leaf ended a block.
    package var isWhole: Bool { leaves.isEmpty }

    /// Adds the next leaf; gives the block when it is a seal. Refuses with `leaf.form` and the refusals of the leaf's kind,
    /// and with `leaf.seal` a seal that does not stand where it says.
    package mutating func add(_ leaf: [UInt8]) throws(ReasonOfLeaf) -> ExecutedBlock? {
        do throws(Reason) {
            return try append(leaf)
        } catch {
            throw ReasonOfLeaf(index: log.size, code: error.code)
        }
    }

    private mutating func append(_ leaf: [UInt8]) throws(Reason) -> ExecutedBlock? {
        let index = log.size
        leaves.append(leaf)
        guard leaves.count <= LogBlocks.mostLeaves else { throw Reason("leaf.form") }
        switch try Leaf(parsing: leaf) {
        case .due: log.append(CryptoSHA256.leafHash(leaf))
        case .transaction(let text, let outcome, _):
            log.append(CryptoSHA256.leafHash(leaf))
            transactions.append(
                ExecutedTransaction(id: CryptoSHA256.hash(text.signedBytes), leaf: index, outcome: outcome))
        case .seal(let seal):
            guard seal.index == index, seal.entryCount == UInt64(leaves.count - 1) else {
                throw Reason("leaf.seal", field: "entries")
            }
            log.append(CryptoSHA256.leafHash(leaf))
            defer { (leaves, transactions) = ([], []) }
            return ExecutedBlock(
                seal: seal, leaves: leaves, transactions: transactions, changes: [], tiles: log.takeCompletedTiles(),
                size: log.size, root: log.root())
        }
        return nil
    }

    /// Which leaf is not what a log holds, and why.
    package struct ReasonOfLeaf: Error, CustomStringConvertible {
        /// Index of the leaf.
        package let index: UInt64
        /// Stable code.
        package let code: String
        /// Both in one line.
        package var description: String { "leaf \(index): \(code)" }
    }
}
