public import Primitives

/// Where a tile lies in a tree cut into tiles of height 8 (C2SP tlog-tiles).
@frozen
public struct TileCoordinate: Hashable, Sendable {
    /// 0 holds leaf hashes; each hash at level L + 1 is the root of a full tile at level L. Between 0 and 63, and in
    /// practice between 0 and 7.
    public let level: Int
    /// The tile's place in its level, from the left, from 0.
    public let index: UInt64

    /// The tile at `index` of `level`.
    @inlinable
    public init(level: Int, index: UInt64) {
        self.level = level
        self.index = index
    }
}

/// The hashes of one tile that will never change again.
@frozen
public struct CompletedTile: Hashable, Sendable {
    /// Where it lies.
    public let coordinate: TileCoordinate
    /// 256 hashes of 32 bytes.
    public let bytes: [UInt8]

    /// A tile from its bytes.
    @inlinable
    public init(coordinate: TileCoordinate, bytes: [UInt8]) {
        self.coordinate = coordinate
        self.bytes = bytes
    }
}

/// The arithmetic of tiles.
public enum Tiles {
    /// Hashes in a full tile.
    @inlinable public static var width: Int { 256 }
    /// Bytes in a full tile.
    @inlinable public static var byteCount: Int { 8192 }
    /// The largest tree size handled, 2⁶² − 1: far out of reach, and it keeps every sum and shift in range.
    @inlinable public static var maximumTreeSize: UInt64 { (1 << 62) - 1 }

    /// How many hashes the tile at (`level`, `index`) holds in a tree of `size` leaves: 0 when there is none.
    public static func width(level: Int, index: UInt64, size: UInt64) -> Int {
        guard level >= 0, level < 8 else { return 0 }
        let hashes = size >> UInt64(8 * level)
        guard index <= hashes >> 8 else { return 0 }
        return Int(min(256, hashes - index << 8))
    }

    /// The levels at which a tree of `size` leaves has hashes.
    public static func levelCount(size: UInt64) -> Int {
        var levels = 0
        while levels < 8, size >> UInt64(8 * levels) > 0 { levels += 1 }
        return levels
    }

    /// The largest power of two below `size`, which must be at least 2 (RFC 6962 §2.1's k).
    static func split(_ size: UInt64) -> UInt64 {
        1 << UInt64(63 - (size - 1).leadingZeroBitCount)
    }

    static func encode(_ hashes: [Digest]) -> [UInt8] {
        [UInt8](unsafeUninitializedCapacity: hashes.count &* 32) { output, count in
            if let base = output.baseAddress {
                var pointer = UnsafeMutableRawPointer(base)
                for hash in hashes {
                    hash.store(unsafe: pointer)
                    pointer += 32
                }
            }
            count = hashes.count &* 32
        }
    }

    /// The hashes in a tile's bytes; nil when they do not divide into 32.
    public static func decode(_ bytes: [UInt8]) -> [Digest]? {
        guard bytes.count % 32 == 0 else { return nil }
        return bytes.withUnsafeBytes { buffer in
            guard let base = buffer.baseAddress else { return [] }
            return (0..<bytes.count / 32).map { Digest(unsafe: base + $0 * 32) }
        }
    }
}
