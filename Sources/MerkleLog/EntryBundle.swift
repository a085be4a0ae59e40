/// Up to 256 neighbouring entries, each with its length before it as a big-endian UInt16 (C2SP tlog-tiles).
public enum EntryBundle {
    /// The longest entry, in bytes.
    public static let maximumEntryByteCount = 65_535

    /// The bundle's bytes; nil when an entry is too long or there are more than 256.
    public static func encode(_ entries: [[UInt8]]) -> [UInt8]? {
        guard entries.count <= Tiles.width else { return nil }
        var bytes: [UInt8] = []
        bytes.reserveCapacity(entries.reduce(0) { $0 + $1.count + 2 })
        for entry in entries {
            guard entry.count <= maximumEntryByteCount else { return nil }
            bytes.append(UInt8(truncatingIfNeeded: entry.count >> 8))
            bytes.append(UInt8(truncatingIfNeeded: entry.count))
            bytes.append(contentsOf: entry)
        }
        return bytes
    }

    /// The entries in a bundle's bytes; nil unless they are whole and number at most 256.
    public static func decode(_ bytes: [UInt8]) -> [[UInt8]]? {
        var entries: [[UInt8]] = []
        var position = 0
        while position < bytes.count {
            guard bytes.count - position >= 2, entries.count < Tiles.width else { return nil }
            let length = Int(bytes[position]) << 8 | Int(bytes[position + 1])
            position += 2
            guard length <= bytes.count - position else { return nil }
            entries.append([UInt8](bytes[position..<position + length]))
            position += length
        }
        return entries
    }
}
