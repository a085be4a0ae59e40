import LedgerCore
import MerkleLog
import Primitives

/// Finds the first leaf in which two copies of a log differ: down the tiles from the top, so that of a million leaves a
/// handful of tiles is read.
struct FirstDifference {
    let a: any LedgerCopy
    let b: any LedgerCopy

    /// Index of the first leaf that differs; nil where one log is the beginning of the other, or they are equal.
    func find() async throws -> UInt64? {
        let size = min(a.size, b.size)
        var level = max(0, Tiles.levelCount(size: size) - 1)
        var index: UInt64 = 0
        while true {
            // Only whole subtrees have a hash at this level; what is right of them is looked at further down.
            let width = Int(
                min(UInt64(Tiles.width), (size >> UInt64(8 * level)) - min(index << 8, size >> UInt64(8 * level))))
            let place = width == 0 ? 0 : try await firstDifferent(level, index, width)
            let differs = place < width
            if level == 0 { return differs ? index << 8 + UInt64(place) : nil }
            index = index << 8 + UInt64(place)
            level -= 1
        }
    }

    /// The first place at which the tiles differ; `width` where they do not.
    private func firstDifferent(_ level: Int, _ index: UInt64, _ width: Int) async throws -> Int {
        let left = try await a.hashes(level: level, index: index, width: width)
        let right = try await b.hashes(level: level, index: index, width: width)
        return zip(left, right).enumerated().first { $1.0 != $1.1 }?.offset ?? width
    }

    /// Whether each copy's leaf is the one that its tile names.
    func check(_ index: UInt64) async throws {
        let number = index >> 8
        for copy in [a, b] {
            let leaf = try await copy.leaf(index)
            let width = Tiles.width(level: 0, index: number, size: copy.size)
            let hash = try await copy.hashes(level: 0, index: number, width: width)[Int(index & 255)]
            guard CryptoSHA256.leafHash(leaf) == hash
            else { throw copy.torn("leaf \(index) is not the one that its tile names") }
        }
    }
}
