/// A source of tiles: a database, a folder, a peer's HTTP server.
public protocol TileReader {
    /// The first `width` hashes (1…256) of the tile at (`level`, `index`), 32 bytes each.
    ///
    /// A reader may hold a wider tile than asked for: hashes are only ever added on the right, so it gives the front
    /// of it. Fewer hashes than asked for are an error.
    func tile(level: Int, index: UInt64, width: Int) throws(TileError) -> [UInt8]
}

/// Why hashes could not be had from tiles.
public enum TileError: Error, Hashable, Sendable {
    /// The source has no such tile, or could not read it; the text is the source's own reason.
    case unavailable(TileCoordinate, reason: String)
    /// The source gave a tile of the wrong length, in bytes.
    case wrongLength(TileCoordinate, expected: Int, found: Int)
    /// The question makes no sense: an index outside the tree, or a larger tree before a smaller one.
    case outOfRange

    /// A stable name for the error.
    public var code: String {
        switch self {
        case .unavailable: "tile.unavailable"
        case .wrongLength: "tile.length"
        case .outOfRange: "tile.range"
        }
    }
}

/// A ``TileReader`` from a closure.
public struct ClosureTileReader: TileReader {
    private let read: (_ level: Int, _ index: UInt64, _ width: Int) throws(TileError) -> [UInt8]

    /// Reads through `read`, which answers as ``TileReader/tile(level:index:width:)`` does.
    public init(_ read: @escaping (_ level: Int, _ index: UInt64, _ width: Int) throws(TileError) -> [UInt8]) {
        self.read = read
    }

    /// The first `width` hashes of a tile.
    public func tile(level: Int, index: UInt64, width: Int) throws(TileError) -> [UInt8] {
        try read(level, index, width)
    }
}
