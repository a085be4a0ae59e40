package import LedgerCore
import Primitives

/// Rows of the state as they travel from node to node (`docs/formats.md`, Snapshot). Each is
/// ```
/// <bytes of the key> <bytes of the value, or - where the row removes the key>
/// ```
/// a newline, the key and the value. They are believed only when their root is the one of a seal.
package enum SnapshotRows {
    /// Longest key in bytes.
    package static let longestKey = 4_096
    /// Largest value in bytes: a row is smaller than what one page may be.
    package static let largestValue = 8 << 20

    /// Appends one row.
    package static func append(_ row: StateChange, to text: inout [UInt8]) {
        ASCIIDecimal.append(UInt64(row.key.count), to: &text)
        text.append(UInt8(ascii: " "))
        if let value = row.value {
            ASCIIDecimal.append(UInt64(value.count), to: &text)
        } else {
            text.append(UInt8(ascii: "-"))
        }
        text.append(UInt8(ascii: "\n"))
        text.append(contentsOf: row.key)
        if let value = row.value { text.append(contentsOf: value) }
    }

    /// Reads rows. Throws `StorageError` `storage.snapshot` where the text is not exactly a number of them.
    package static func decode(_ text: [UInt8]) throws -> [StateChange] {
        var rows: [StateChange] = []
        var at = 0
        while at < text.count {
            guard let space = text[at..<min(text.count, at + 8)].firstIndex(of: UInt8(ascii: " ")),
                let newline = text[space..<min(text.count, space + 12)].firstIndex(of: UInt8(ascii: "\n")),
                let keyCount = ASCIIDecimal.parse(text[at..<space], maximum: UInt64(longestKey)), keyCount > 0
            else { throw malformed(rows.count) }
            let length = text[(space + 1)..<newline]
            let isRemoved = length.elementsEqual([UInt8(ascii: "-")])
            guard let valueCount = isRemoved ? 0 : ASCIIDecimal.parse(length, maximum: UInt64(largestValue)),
                Int(keyCount + valueCount) <= text.count - newline - 1
            else { throw malformed(rows.count) }
            let keyEnd = newline + 1 + Int(keyCount)
            at = keyEnd + Int(valueCount)
            rows.append((Array(text[(newline + 1)..<keyEnd]), isRemoved ? nil : Array(text[keyEnd..<at])))
        }
        return rows
    }

    private static func malformed(_ row: Int) -> StorageError {
        StorageError("storage.snapshot", "row \(row) of a part of a snapshot is malformed")
    }
}
