public import Primitives

/// How the state tree hashes: the same two prefixes as the log's tree, over fixed lengths.
extension SHA256Function {
    /// SHA-256(0x00 ‖ key hash ‖ value hash).
    @inlinable
    public static func sparseLeafHash(_ keyHash: Digest, _ valueHash: Digest) -> Digest {
        hash(prefix: 0x00, keyHash, valueHash)
    }

    /// SHA-256(0x01 ‖ left ‖ right); an empty side is 32 zero bytes.
    @inlinable
    public static func sparseNodeHash(_ left: Digest, _ right: Digest) -> Digest {
        hash(prefix: 0x01, left, right)
    }
}

/// A compact sparse Merkle tree over 256-bit key hashes: it commits to a key–value map and proves presence and
/// absence.
///
/// The subtree at depth d holds the keys that share their first d bits and splits on bit d. Without a key its hash is
/// 32 zero bytes; with one, that key's leaf hash; with more, the node hash of its two halves, also when one of them
/// is empty. The order in which keys were set does not matter.
///
/// Changes mark nodes; ``root()`` hashes each marked node once, so set a whole block's keys before asking. About 112
/// bytes a key. A copy shares memory until either is changed, and then copies all of it: keep one owner.
public struct SparseTree<H: SHA256Function>: Sendable {
    private var shape: SparseNodes

    /// A tree without keys.
    public init() {
        shape = SparseNodes()
    }

    /// The tree over `entries`, given in any order; of entries with equal keys the last one counts.
    ///
    /// Sorts, so that a million entries cost about a second instead of ten.
    public init(bulk entries: [(keyHash: Digest, valueHash: Digest)]) {
        shape = SparseNodes(bulk: entries.map { SparseNodes.Leaf(key: $0.keyHash, value: $0.valueHash) })
    }

    /// The number of keys.
    public var count: Int { shape.count }

    /// The value hash set for a key, or nil.
    public func value(for keyHash: Digest) -> Digest? { shape.value(for: keyHash) }

    /// Sets a key's value hash, and returns the one it had: what is needed to undo the change.
    @discardableResult
    public mutating func set(keyHash: Digest, valueHash: Digest) -> Digest? { shape.set(keyHash, valueHash) }

    /// Removes a key, and returns the value hash it had; nil when there was none.
    @discardableResult
    public mutating func remove(keyHash: Digest) -> Digest? { shape.remove(keyHash) }

    /// The root hash; 32 zero bytes for the tree without keys. Hashes what changed since the last call.
    public mutating func root() -> Digest {
        let root = shape.root
        guard root != .none else { return .zero }
        return shape.nodes.withUnsafeMutableBufferPointer { nodes in
            shape.leaves.withUnsafeBufferPointer { leaves in
                Self.hash(root, depth: 0, nodes, leaves)
            }
        }
    }

    /// The hash of a subtree as seen at `depth`. Recursion is bounded by the 256 bits of a key.
    private static func hash(
        _ reference: SparseNodes.Reference, depth: Int,
        _ nodes: UnsafeMutableBufferPointer<SparseNodes.Node>, _ leaves: UnsafeBufferPointer<SparseNodes.Leaf>
    ) -> Digest {
        guard !reference.isLeaf else {
            let leaf = leaves[reference.index]
            return H.sparseLeafHash(leaf.key, leaf.value)
        }
        let node = nodes[reference.index]
        guard node.dirty else { return node.hash }
        let bit = Int(node.bit)
        let left = hash(node.left, depth: bit &+ 1, nodes, leaves)
        let right = hash(node.right, depth: bit &+ 1, nodes, leaves)
        var result = H.sparseNodeHash(left, right)
        if bit > depth { result = lift(result, from: bit, to: depth, along: leaves[Int(node.sample)].key) }
        nodes[reference.index].hash = result
        nodes[reference.index].dirty = false
        return result
    }

    /// Carries a hash up through depths at which all its keys lie on the same side.
    private static func lift(_ hash: Digest, from bit: Int, to depth: Int, along key: Digest) -> Digest {
        var result = hash
        var level = bit &- 1
        while level >= depth {
            result = key.bit(at: level) ? H.sparseNodeHash(.zero, result) : H.sparseNodeHash(result, .zero)
            level &-= 1
        }
        return result
    }
}

extension SparseTree {
    /// A proof of what the tree of the present ``root()`` holds under a key: its value hash, or nothing.
    public mutating func prove(_ keyHash: Digest) -> SparseProof {
        _ = root()
        var siblings: [Digest] = []
        var reference = shape.root
        while reference != .none, !reference.isLeaf {
            let node = shape.nodes[reference.index]
            let bit = Int(node.bit)
            let shared = shape.leaves[Int(node.sample)].key
            if let fork = keyHash.firstDifferingBit(from: shared), fork < bit {
                // The key leaves the tree where all of this subtree's keys lie on the other side.
                siblings.append(contentsOf: repeatElement(.zero, count: fork - siblings.count))
                let whole = H.sparseNodeHash(hashBelow(node.left), hashBelow(node.right))
                siblings.append(Self.lift(whole, from: bit, to: fork + 1, along: shared))
                return SparseProof(siblings: siblings, end: .empty)
            }
            siblings.append(contentsOf: repeatElement(.zero, count: bit - siblings.count))
            let right = keyHash.bit(at: bit)
            siblings.append(hashBelow(right ? node.left : node.right))
            reference = right ? node.right : node.left
        }
        guard reference != .none else { return SparseProof(siblings: [], end: .empty) }
        let leaf = shape.leaves[reference.index]
        return SparseProof(
            siblings: siblings,
            end: leaf.key == keyHash ? .key : .otherKey(keyHash: leaf.key, valueHash: leaf.value))
    }

    /// A child's hash, which is up to date.
    private func hashBelow(_ reference: SparseNodes.Reference) -> Digest {
        guard reference.isLeaf else { return shape.nodes[reference.index].hash }
        let leaf = shape.leaves[reference.index]
        return H.sparseLeafHash(leaf.key, leaf.value)
    }
}
