public import Primitives

/// An append-only Merkle tree (RFC 6962 §2.1) that keeps only its right edge: the roots of the complete subtrees it
/// ends in, and at each tile level the hashes of the tile that is not full yet.
///
/// Appending costs one node hash on average, the root at most one per binary digit of the size. Hashes to be kept
/// come out as completed tiles (C2SP tlog-tiles) with ``takeCompletedTiles()``. A copy is a cheap snapshot to go back
/// to.
public struct MerkleTree<H: SHA256Function>: Sendable {
    /// The number of leaves.
    public private(set) var size: UInt64 = 0
    /// The roots of the complete subtrees, largest first: one for each set bit of `size`.
    private var peaks: [Digest] = []
    /// At each tile level, the hashes right of the last full tile.
    private var edge: [[Digest]] = []
    private var completed: [CompletedTile] = []

    /// A tree without leaves.
    public init() {}

    /// Adds a leaf by its hash, SHA-256(0x00 ‖ entry), on the right.
    public mutating func append(_ leafHash: Digest) {
        var node = leafHash
        var height = 0
        push(node, level: 0)
        // Each set bit at the bottom of the old size is a complete subtree that the new node completes a pair with.
        while (size &>> UInt64(truncatingIfNeeded: height)) & 1 == 1, let left = peaks.popLast() {
            node = H.nodeHash(left, node)
            height &+= 1
            if height & 7 == 0 { push(node, level: height &>> 3) }
        }
        peaks.append(node)
        size &+= 1
    }

    /// Adds leaves by their hashes, in order.
    public mutating func append(contentsOf leafHashes: [Digest]) {
        for leafHash in leafHashes { append(leafHash) }
    }

    /// The tree's root hash; SHA-256 of nothing for the tree without leaves.
    public func root() -> Digest { H.fold(peaks) }

    /// Hands over the tiles that became full since the last call, in the order in which they did.
    public mutating func takeCompletedTiles() -> [CompletedTile] {
        let taken = completed
        completed = []
        return taken
    }

    /// The hashes at `level` right of the last full tile, as tile bytes; empty when the size is a whole number of
    /// tiles at that level.
    public func partialTile(level: Int) -> [UInt8] {
        edge.indices.contains(level) ? Tiles.encode(edge[level]) : []
    }

    /// The hashes of the leaves right of the last full level-0 tile: what is to be stored, or found again from the
    /// entries, to restore the tree.
    public var tailLeafHashes: [Digest] { edge.first ?? [] }

    private mutating func push(_ node: Digest, level: Int) {
        if level == edge.count {
            edge.append([])
            edge[level].reserveCapacity(Tiles.width)
        }
        edge[level].append(node)
        guard edge[level].count == Tiles.width else { return }
        let hashes = (size &+ 1) &>> UInt64(truncatingIfNeeded: 8 &* level)
        let coordinate = TileCoordinate(level: level, index: (hashes &>> 8) &- 1)
        completed.append(CompletedTile(coordinate: coordinate, bytes: Tiles.encode(edge[level])))
        edge[level].removeAll(keepingCapacity: true)
    }
}

extension MerkleTree {
    /// Restores a tree of `size` leaves from its full tiles and the leaf hashes right of the last full level-0 tile.
    ///
    /// Reads at most 255 full tiles for each level. The tiles are not checked against anything; compare ``root()``
    /// with the signed one.
    /// - Throws: ``TileError/outOfRange`` when `size` is too large or `tailLeafHashes` has not `size mod 256` hashes;
    ///   otherwise what `tiles` throws.
    public init<Reader: TileReader>(
        size: UInt64, tiles: Reader, tailLeafHashes: [Digest]
    ) throws(TileError) {
        guard size <= Tiles.maximumTreeSize, UInt64(tailLeafHashes.count) == size & 255 else {
            throw .outOfRange
        }
        var hasher = TileHasher<H, Reader>(reader: tiles)
        self.size = size
        for level in 0..<Tiles.levelCount(size: size) {
            let hashes = size >> UInt64(8 * level)
            var partial = level == 0 ? tailLeafHashes : []
            if level > 0 {
                partial.reserveCapacity(Tiles.width)
                for index in (hashes & ~255)..<hashes {
                    partial.append(try hasher.fullTileRoot(TileCoordinate(level: level - 1, index: index)))
                }
            }
            edge.append(partial)
        }
        for bit in (0..<62).reversed() where size >> UInt64(bit) & 1 == 1 {
            // The complete subtree of height `bit` lies in the partial tile of its level, left of the smaller ones.
            let level = bit / 8
            let start = Int(size >> UInt64(8 * level) & 255 & ~(2 << UInt64(bit % 8) - 1))
            peaks.append(H.completeRoot(edge[level][start..<start + 1 << (bit % 8)]))
        }
    }
}
