import Primitives

extension SHA256Function {
    /// The root over a power of two of neighbouring hashes.
    static func completeRoot(_ hashes: ArraySlice<Digest>) -> Digest {
        var row = [Digest](hashes)
        var count = row.count
        while count > 1 {
            count /= 2
            for index in 0..<count { row[index] = nodeHash(row[2 * index], row[2 * index + 1]) }
        }
        return row.first ?? emptyRoot
    }
}

/// Finds the hash of any subtree of a tree of a given size by reading tiles; remembers the tiles of one question,
/// because neighbouring hashes of a proof lie in the same ones.
struct TileHasher<H: SHA256Function, Reader: TileReader> {
    private let reader: Reader
    /// The tile read last at each level: a proof's path meets few others.
    private var recent: [(index: UInt64, hashes: [Digest])?] = Array(repeating: nil, count: 8)

    init(reader: Reader) {
        self.reader = reader
    }

    /// The root of a full tile.
    mutating func fullTileRoot(_ coordinate: TileCoordinate) throws(TileError) -> Digest {
        let hashes = try read(coordinate, width: Tiles.width)
        return H.completeRoot(hashes[...])
    }

    /// The Merkle tree hash of leaves `start ..< end` in a tree of `size` leaves, where the range is one that RFC 6962
    /// §2.1's recursion meets: it starts at a multiple of the power of two that is not smaller than its length.
    mutating func rangeHash(_ start: UInt64, _ end: UInt64, size: UInt64) throws(TileError) -> Digest {
        var position = start
        var subtrees: [Digest] = []
        while position < end {
            let height = 63 - (end - position).leadingZeroBitCount
            subtrees.append(try completeSubtree(at: position, height: height, size: size))
            position += 1 << UInt64(height)
        }
        return H.fold(subtrees)
    }

    private mutating func completeSubtree(at start: UInt64, height: Int, size: UInt64) throws(TileError) -> Digest {
        let level = height / 8
        let first = start >> UInt64(8 * level)
        let count = 1 << (height % 8)
        let coordinate = TileCoordinate(level: level, index: first >> 8)
        let width = Tiles.width(level: level, index: coordinate.index, size: size)
        let offset = Int(first & 255)
        guard offset + count <= width else { throw .outOfRange }
        let hashes = try read(coordinate, width: width)
        return H.completeRoot(hashes[offset..<offset + count])
    }

    private mutating func read(_ coordinate: TileCoordinate, width: Int) throws(TileError) -> [Digest] {
        if let known = recent[coordinate.level], known.index == coordinate.index, known.hashes.count == width {
            return known.hashes
        }
        let bytes = try reader.tile(level: coordinate.level, index: coordinate.index, width: width)
        guard bytes.count == width * 32, let hashes = Tiles.decode(bytes) else {
            throw .wrongLength(coordinate, expected: width * 32, found: bytes.count)
        }
        recent[coordinate.level] = (coordinate.index, hashes)
        return hashes
    }
}
