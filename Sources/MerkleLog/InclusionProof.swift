public import Primitives

/// A proof that a leaf is in a tree (RFC 6962 §2.1.1, RFC 9162 §2.1.3).
public struct InclusionProof: Hashable, Sendable {
    /// The leaf's place, from 0.
    public let leafIndex: UInt64
    /// The number of leaves of the tree.
    public let treeSize: UInt64
    /// The hashes beside the path, from the leaf's sibling up to the root's child.
    public let hashes: [Digest]

    /// A proof from its parts, checked only by ``verify(leafHash:root:using:)``.
    public init(leafIndex: UInt64, treeSize: UInt64, hashes: [Digest]) {
        self.leafIndex = leafIndex
        self.treeSize = treeSize
        self.hashes = hashes
    }

    /// Makes the proof for leaf `leafIndex` of the tree of `treeSize` leaves from tiles.
    /// - Throws: ``TileError/outOfRange`` for an index outside the tree; otherwise what `tiles` throws.
    public init<H: SHA256Function, Reader: TileReader>(
        leafIndex: UInt64, treeSize: UInt64, tiles: Reader, using _: H.Type
    ) throws(TileError) {
        guard leafIndex < treeSize, treeSize <= Tiles.maximumTreeSize else { throw .outOfRange }
        var hasher = TileHasher<H, Reader>(reader: tiles)
        var hashes: [Digest] = []
        var low: UInt64 = 0
        var high = treeSize
        while high - low > 1 {
            let middle = low + Tiles.split(high - low)
            if leafIndex < middle {
                hashes.append(try hasher.rangeHash(middle, high, size: treeSize))
                high = middle
            } else {
                hashes.append(try hasher.rangeHash(low, middle, size: treeSize))
                low = middle
            }
        }
        self.init(leafIndex: leafIndex, treeSize: treeSize, hashes: hashes.reversed())
    }

    /// The root that the proof leads to from `leafHash` (RFC 9162 §2.1.3.2, steps 1–5).
    public func root<H: SHA256Function>(leafHash: Digest, using _: H.Type) throws(MerkleProofError) -> Digest {
        guard leafIndex < treeSize else { throw .indexOutOfRange(index: leafIndex, size: treeSize) }
        var first = leafIndex
        var last = treeSize - 1
        var root = leafHash
        for hash in hashes {
            guard last > 0 else { throw .wrongLength(found: hashes.count) }
            if first & 1 == 1 || first == last {
                root = H.nodeHash(hash, root)
                while first & 1 == 0, first > 0 {
                    first >>= 1
                    last >>= 1
                }
            } else {
                root = H.nodeHash(root, hash)
            }
            first >>= 1
            last >>= 1
        }
        guard last == 0 else { throw .wrongLength(found: hashes.count) }
        return root
    }

    /// Checks that the leaf with `leafHash` is where the proof says in the tree with `root`.
    public func verify<H: SHA256Function>(
        leafHash: Digest, root expected: Digest, using hash: H.Type
    ) throws(MerkleProofError) {
        let found = try root(leafHash: leafHash, using: hash)
        guard found == expected else { throw .rootMismatch(expected: expected, found: found) }
    }
}
