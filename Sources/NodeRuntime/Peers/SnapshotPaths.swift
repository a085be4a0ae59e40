import Primitives

/// Where a node gives out the newest snapshot of its state (`docs/formats.md`, Snapshot).
enum SnapshotPaths {
    /// How far it reaches: `<height> <number of rows>` and a newline.
    static let extent = "api/v1/snapshot"
    /// Bytes of a part before it ends with the row under way.
    static let part = 1 << 20
    /// Most bytes of a part: one that ends with the largest row.
    static let largestPart = 10 << 20

    /// Some of its rows: those after the first `count`, up to the `end`th.
    static func rows(after count: UInt64, upTo end: UInt64) -> String {
        "api/v1/snapshot/rows?after=\(count)&upTo=\(end)"
    }
}

/// How far a snapshot reaches.
struct SnapshotExtent: Sendable, Equatable {
    /// The block after which the state was like this.
    let height: UInt64
    /// Number of rows; later ones replace earlier ones of the same key.
    let rows: UInt64

    /// As it travels.
    var text: [UInt8] { Array("\(height) \(rows)\n".utf8) }

    init(height: UInt64, rows: UInt64) {
        self.height = height
        self.rows = rows
    }

    /// Reads one; nil if it is none.
    init?(parsing text: [UInt8]) {
        guard text.last == UInt8(ascii: "\n") else { return nil }
        let parts = text.dropLast().split(separator: UInt8(ascii: " "), omittingEmptySubsequences: false)
        guard parts.count == 2, let height = ASCIIDecimal.parse(parts[0], maximum: UInt64(Int64.max)),
            let rows = ASCIIDecimal.parse(parts[1], maximum: UInt64(Int64.max))
        else { return nil }
        self.init(height: height, rows: rows)
    }
}
