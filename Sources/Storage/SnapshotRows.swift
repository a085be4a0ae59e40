package import LedgerCore
import Primitives

/// Rows of the state's snapshot as text and bytes, for archives and for other nodes. Per row: the number of bytes of the
/// key, a space, that of the value or `-` where the key is removed, a newline; then key and value.
package enum SnapshotRows {
    /// Longest key in bytes.
    package static let longestKey = 1 << 16
    /// Longest value in bytes.
    package static let longestValue = 64 << 20
    /// The longest line of lengths, with its newline.
    private static let longestLine = 20

    /// Appends a row.
    package static func append(_ row: StateChange, to bytes: inout [UInt8]) {
        ASCIIDecimal.append(UInt64(row.key.count), to: &bytes)
        bytes.append(UInt8(ascii: " "))
        if let value = row.value {
            ASCIIDecimal.append(UInt64(value.count), to: &bytes)
        } else {
            bytes.append(UInt8(ascii: "-"))
        }
        bytes.append(UInt8(ascii: "\n"))
        bytes.append(contentsOf: row.key)
        if let value = row.value { bytes.append(contentsOf: value) }
    }

    /// The rows in `bytes`, whole ones only. Throws `StorageError` `snapshot.rows` where they cannot be read.
    package static func decode(_ bytes: [UInt8]) throws -> [StateChange] {
        var rows: [StateChange] = []
        var rest = bytes[...]
        while !rest.isEmpty {
            guard let end = rest.prefix(longestLine).firstIndex(of: UInt8(ascii: "\n")) else {
                throw StorageError("snapshot.rows", "row \(rows.count) has no line of lengths")
            }
            let words = rest[..<end].split(separator: UInt8(ascii: " "), omittingEmptySubsequences: false)
            rest = rest[(end + 1)...]
            guard words.count == 2, let keyCount = ASCIIDecimal.parse(words[0], maximum: UInt64(longestKey)) else {
                throw StorageError("snapshot.rows", "row \(rows.count) has no length of its key")
            }
            var valueCount: UInt64?
            if !words[1].elementsEqual("-".utf8) {
                guard let count = ASCIIDecimal.parse(words[1], maximum: UInt64(longestValue)) else {
                    throw StorageError("snapshot.rows", "row \(rows.count) has no length of its value")
                }
                valueCount = count
            }
            guard keyCount + (valueCount ?? 0) <= UInt64(rest.count) else {
                throw StorageError("snapshot.rows", "row \(rows.count) is cut")
            }
            let key = Array(rest.prefix(Int(keyCount)))
            rest = rest.dropFirst(Int(keyCount))
            rows.append((key, valueCount.map { Array(rest.prefix(Int($0))) }))
            rest = rest.dropFirst(Int(valueCount ?? 0))
        }
        return rows
    }
}
