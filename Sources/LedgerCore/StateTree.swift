import ContractKit
package import MerkleLog
package import Primitives
import Synchronization

/// The sparse Merkle tree over the committed state, with its proofs.
package final class StateTree: Sendable {
    private let tree: Mutex<SparseTree<CryptoSHA256>>

    /// A tree over the given keys and values, by their hashes.
    package init(_ entries: [(keyHash: Digest, valueHash: Digest)] = []) {
        tree = Mutex(SparseTree(bulk: entries))
    }

    /// The state root.
    package var root: Digest { tree.withLock { $0.root() } }

    /// Applies a block's changes and gives the new root.
    func apply(_ changes: [(hash: Digest, key: [UInt8], value: [UInt8]?)]) -> Digest {
        tree.withLock { tree in
            for change in changes {
                if let value = change.value {
                    tree.set(keyHash: change.hash, valueHash: CryptoSHA256.hash(value))
                } else {
                    tree.remove(keyHash: change.hash)
                }
            }
            return tree.root()
        }
    }

    /// Proof of presence or absence of a state key.
    package func prove(_ key: [UInt8]) -> SparseProof {
        let hash = CryptoSHA256.hash(key)
        return tree.withLock { $0.prove(hash) }
    }
}
