import LedgerCore
package import MerkleLog
import Primitives
package import Storage
import Synchronization

/// The tiles of a stored log, full and partial (C2SP tlog-tiles). Full ones are on disk; partial ones are worked out from
/// the leaves and the full tiles below, for any size the log has had.
package final class LedgerTiles: TileReader, Sendable {
    private struct Memory {
        /// Roots of full tiles, which never change: the hashes of the level above.
        var roots: [TileCoordinate: Digest] = [:]
        /// Leaf hashes right of the last full tile.
        var tailIndex: UInt64 = 0
        var tail: [Digest] = []
    }

    private let store: LedgerStore
    private let memory = Mutex(Memory())

    /// Most tile roots that are remembered; 56 bytes each.
    private static let mostRoots = 65_536

    /// Tiles of the log in `store`.
    package init(_ store: LedgerStore) { self.store = store }

    /// The first `width` hashes (1…256) of a tile. The caller vouches that the log has that many there.
    package func tile(level: Int, index: UInt64, width: Int) throws(TileError) -> [UInt8] {
        let coordinate = TileCoordinate(level: level, index: index)
        guard level >= 0, level < 8, index < 1 << 48, width > 0, width <= Tiles.width else { throw .outOfRange }
        if let bytes = try read(coordinate) { return width == Tiles.width ? bytes : Array(bytes.prefix(width * 32)) }
        let hashes = level == 0 ? try leafHashes(index, width) : try tileRoots(coordinate, width)
        var bytes: [UInt8] = []
        bytes.reserveCapacity(width * 32)
        for hash in hashes { hash.append(to: &bytes) }
        return bytes
    }

    /// Leaves of the entry bundle `index`, at most `width`.
    package func entries(index: UInt64, width: Int) throws -> [[UInt8]] {
        guard index < 1 << 48 else { return [] }
        return try store.leaves(from: index << 8, count: width)
    }

    /// Forgets what was worked out: blocks that were not final have been taken back.
    func forget() { memory.withLock { $0 = Memory() } }

    private func read(_ coordinate: TileCoordinate) throws(TileError) -> [UInt8]? {
        do {
            return try store.tile(level: coordinate.level, index: coordinate.index)
        } catch {
            throw .unavailable(coordinate, reason: "\(error)")
        }
    }

    private func leafHashes(_ index: UInt64, _ width: Int) throws(TileError) -> ArraySlice<Digest> {
        var known = memory.withLock { $0.tailIndex == index ? $0.tail : [] }
        if known.count < width {
            do {
                for leaf in try store.leaves(from: index << 8 + UInt64(known.count), count: width - known.count) {
                    known.append(CryptoSHA256.leafHash(leaf))
                }
            } catch {
                throw .unavailable(TileCoordinate(level: 0, index: index), reason: "\(error)")
            }
            guard known.count >= width else {
                throw .wrongLength(
                    TileCoordinate(level: 0, index: index), expected: width * 32, found: known.count * 32)
            }
            let read = known
            memory.withLock { memory in
                let isFurther = index > memory.tailIndex || index == memory.tailIndex && read.count > memory.tail.count
                if isFurther { (memory.tailIndex, memory.tail) = (index, read) }
            }
        }
        return known.prefix(width)
    }

    private func tileRoots(_ coordinate: TileCoordinate, _ width: Int) throws(TileError) -> ArraySlice<Digest> {
        var roots: ArraySlice<Digest> = []
        for place in 0..<UInt64(width) {
            let below = TileCoordinate(level: coordinate.level - 1, index: coordinate.index << 8 + place)
            if let known = memory.withLock({ $0.roots[below] }) {
                roots.append(known)
                continue
            }
            guard let bytes = try read(below), let hashes = Tiles.decode(bytes), hashes.count == Tiles.width
            else { throw .unavailable(below, reason: "the tile is missing") }
            var tree = MerkleTree<CryptoSHA256>()
            tree.append(contentsOf: hashes)
            let root = tree.root()
            memory.withLock { memory in
                if memory.roots.count >= LedgerTiles.mostRoots { memory.roots.removeAll(keepingCapacity: true) }
                memory.roots[below] = root
            }
            roots.append(root)
        }
        return roots
    }
}
