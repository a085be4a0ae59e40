import struct Crypto.SHA256
import MerkleLog
import Primitives

/// SHA-256 as the node has it: with the processor's own instructions.
enum ProcessorSHA256: SHA256Function {
    static func hash(_ bytes: UnsafeRawBufferPointer) -> Digest {
        var hasher = SHA256()
        hasher.update(bufferPointer: bytes)
        return hasher.finalize().withUnsafeBytes { Digest(bytes: $0) ?? .zero }
    }
}

/// Made-up material that is the same in every run.
enum Samples {
    /// A ballot's payload, as a phone signs it.
    static let payload = Array(
        """
        {"as":"resident","body":{"projects":["p3","p6"],"vote":"bench-0"},"ledger":"bench.linlian.example",\
        "nonce":"AAAAAAAAAAAAAAAAAAAAAA","notAfter":1790000000000,"type":"budgeting.castBallot"}
        """.utf8)

    /// A digest that looks random and depends on `number` only.
    static func digest(_ number: Int) -> Digest {
        withUnsafeBytes(of: number.bigEndian) { ProcessorSHA256.hash($0) }
    }

    /// A state tree with `count` keys, hashed.
    static func stateTree(_ count: Int) -> SparseTree<ProcessorSHA256> {
        var tree = SparseTree<ProcessorSHA256>(
            bulk: (0..<count).map { (keyHash: digest($0), valueHash: digest($0 &+ 1)) })
        _ = tree.root()
        return tree
    }

    /// A log's tree over `count` leaves.
    static func logTree(_ count: Int) -> MerkleTree<ProcessorSHA256> {
        var tree = MerkleTree<ProcessorSHA256>()
        for number in 0..<count { tree.append(digest(number)) }
        return tree
    }
}

/// A log's tiles in memory, the last ones of each level partly filled.
struct MemoryTiles: TileReader {
    private var tiles: [TileCoordinate: [UInt8]] = [:]

    /// The tiles of a tree that still holds all its completed ones.
    init(_ tree: MerkleTree<ProcessorSHA256>) {
        var tree = tree
        for tile in tree.takeCompletedTiles() { tiles[tile.coordinate] = tile.bytes }
        for level in 0..<Tiles.levelCount(size: tree.size) {
            let hashes = tree.size >> UInt64(8 * level)
            tiles[TileCoordinate(level: level, index: hashes >> 8)] = tree.partialTile(level: level)
        }
    }

    func tile(level: Int, index: UInt64, width: Int) throws(TileError) -> [UInt8] {
        let place = TileCoordinate(level: level, index: index)
        guard let bytes = tiles[place], bytes.count >= width * 32 else {
            throw .unavailable(place, reason: "not there")
        }
        return Array(bytes.prefix(width * 32))
    }
}
