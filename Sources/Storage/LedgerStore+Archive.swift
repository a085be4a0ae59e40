import GRDB
package import LedgerCore
package import Primitives
import Synchronization

extension LedgerStore {
    /// Where the leaves that are in the database begin, and what a node must know of those before.
    package struct ArchiveBoundary: Sendable {
        /// Number of leaves in the archive: whole bundles.
        package let size: UInt64
        /// The last seal among them.
        package let seal: Seal
        /// The latest clock of each party in the seals among them.
        package let clocks: [String: Instant]

        /// A boundary.
        package init(size: UInt64, seal: Seal, clocks: [String: Instant]) {
            self.size = size
            self.seal = seal
            self.clocks = clocks
        }

        /// `<party> <clock>` a line, an empty line, the seal.
        var bytes: [UInt8] {
            let lines = clocks.sorted { $0.key < $1.key }.map { "\($0.key) \($0.value.milliseconds)\n" }.joined()
            return Array((lines + "\n").utf8) + seal.bytes
        }

        init?(size: UInt64, parsing bytes: [UInt8]) {
            guard let start = bytes.firstRange(of: Leaf.sealFirstLine)?.lowerBound,
                let seal = try? Seal(parsing: Array(bytes[start...]))
            else { return nil }
            var clocks: [String: Instant] = [:]
            for line in bytes[..<start].split(separator: UInt8(ascii: "\n")) {
                let words = line.split(separator: UInt8(ascii: " "))
                guard words.count == 2, let clock = ASCIIDecimal.parse(words[1], maximum: UInt64(Int64.max))
                else { return nil }
                clocks[String(decoding: words[0], as: UTF8.self)] = Instant(milliseconds: Int64(clock))
            }
            self.init(size: size, seal: seal, clocks: clocks)
        }
    }

    /// The boundary; nil where every leaf is in the database.
    package func archiveBoundary() throws -> ArchiveBoundary? {
        guard let mark = try pool.read({ try LedgerStore.mark("archived", $0) }) else { return nil }
        guard let boundary = ArchiveBoundary(size: mark.value, parsing: mark.data)
        else { throw StorageError("storage.archive", "the mark of the archived leaves cannot be read") }
        return boundary
    }

    /// Number of leaves that the archive has and the database need not have; 0 without an archive.
    package var archivedLeafCount: UInt64 { archivedSize.withLock { $0 } }

    /// From here on the leaves before the boundary are read from the archive, which must hold them: `dropArchived` deletes
    /// them here.
    package func setArchived(_ boundary: ArchiveBoundary) throws {
        try pool.write { database in
            try LedgerStore.setMark("archived", Int64(clamping: boundary.size), boundary.bytes, database)
        }
        archivedSize.withLock { $0 = boundary.size }
    }

    /// Deletes at most `count` leaves before the boundary, the oldest first, in one short write; returns how many. Blocks
    /// and tiles, and with them every proof, stay. What a process that died has left is deleted by the next call.
    package func dropArchived(atMost count: Int) throws -> Int {
        try pool.write { database in
            guard let mark = try LedgerStore.mark("archived", database) else { return 0 }
            let delete = try RawStatement(
                database, "DELETE FROM leaf WHERE idx IN (SELECT idx FROM leaf WHERE idx < ? ORDER BY idx LIMIT ?)")
            delete.bind(1, Int64(clamping: mark.value))
            delete.bind(2, Int64(count))
            try delete.run()
            return database.changesCount
        }
    }

    /// What was copied into the archive last: the log's size, and when. Nil before the first time.
    package func copied() throws -> (size: UInt64, time: Instant)? {
        guard let mark = try pool.read({ try LedgerStore.mark("copied", $0) }) else { return nil }
        return (mark.value, Instant(milliseconds: Int64(ASCIIDecimal.parse(mark.data[...], maximum: 1 << 52) ?? 0)))
    }

    /// The archive holds a copy of the log up to `size`, and of the state.
    package func setCopied(size: UInt64, time: Instant) throws {
        let text = Array("\(max(0, time.milliseconds))".utf8)
        try pool.write { try LedgerStore.setMark("copied", Int64(clamping: size), text, $0) }
    }

    /// Gives the space of deleted leaves back to the file system. Takes as long as copying the file, and as much room.
    package func shrink() throws { try pool.vacuum() }

    static func mark(_ name: String, _ database: Database) throws -> (value: UInt64, data: [UInt8])? {
        let query = try RawStatement(database, "SELECT value, data FROM mark WHERE name = '\(name)'")
        var found: (UInt64, [UInt8])?
        try query.rows { row in
            found = (UInt64(clamping: row.integer(0)), row.bytes(1))
            return false
        }
        return found
    }

    /// Leaves from `first`, at most `count`, that are in the archive; each is compared with its tile.
    func archivedLeaves(from first: UInt64, count: Int, before end: UInt64) throws -> [[UInt8]] {
        var found: [[UInt8]] = []
        var index = first
        while index < end, found.count < count {
            let number = index >> 8
            let entries = try archived.entries(number) { try tile(level: 0, index: number) }
            let wanted = entries[Int(index & 255)...].prefix(count - found.count)
            found.append(contentsOf: wanted)
            index += UInt64(wanted.count)
        }
        return found
    }
}
