public import Primitives

/// Questions about a whole tree that its tiles answer.
extension Tiles {
    /// The root of the tree of `size` leaves, found from its tiles.
    /// - Throws: ``TileError/outOfRange`` when `size` is too large; otherwise what `tiles` throws.
    public static func root<H: SHA256Function, Reader: TileReader>(
        size: UInt64, tiles: Reader, using _: H.Type
    ) throws(TileError) -> Digest {
        guard size <= maximumTreeSize else { throw .outOfRange }
        var hasher = TileHasher<H, Reader>(reader: tiles)
        return try hasher.rangeHash(0, size, size: size)
    }
}

/// A reader that takes the tiles of the right edge from a tree in memory and the full ones from a store.
///
/// The tree's completed tiles must have been taken out and stored; what is neither full nor at the edge does not
/// exist.
public struct EdgeTileReader<H: SHA256Function, Base: TileReader>: TileReader {
    private let tree: MerkleTree<H>
    private let base: Base

    /// Reads the edge from `tree` and full tiles from `base`, which is always asked for whole tiles.
    public init(tree: MerkleTree<H>, base: Base) {
        self.tree = tree
        self.base = base
    }

    /// The first `width` hashes of a tile.
    public func tile(level: Int, index: UInt64, width: Int) throws(TileError) -> [UInt8] {
        let coordinate = TileCoordinate(level: level, index: index)
        let held = Tiles.width(level: level, index: index, size: tree.size)
        let bytes: [UInt8]
        if held == Tiles.width {
            bytes = try base.tile(level: level, index: index, width: Tiles.width)
        } else {
            bytes = held > 0 ? tree.partialTile(level: level) : []
        }
        guard width >= 0, bytes.count / 32 >= width else {
            throw .wrongLength(coordinate, expected: width &* 32, found: bytes.count)
        }
        return Array(bytes.prefix(width * 32))
    }
}
