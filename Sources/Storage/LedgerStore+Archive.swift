import GRDB
package import LedgerCore
import MerkleLog
package import Primitives
import Synchronization

/// Where leaves are that are no longer in the database: whole entry bundles (C2SP tlog-tiles), by number.
package protocol LeafArchive: Sendable {
    /// The bytes of an entry bundle; nil if it is not there.
    func bundle(_ index: UInt64) throws -> [UInt8]?
}

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
        try pool.read { database in
            let query = try RawStatement(database, "SELECT value, data FROM mark WHERE name = 'archived'")
            var row: (size: UInt64, bytes: [UInt8])?
            try query.rows { found in
                row = (UInt64(clamping: found.integer(0)), found.bytes(1))
                return false
            }
            guard let row else { return nil }
            guard let boundary = ArchiveBoundary(size: row.size, parsing: row.bytes)
            else { throw StorageError("storage.archive", "the mark of the archived leaves cannot be read") }
            return boundary
        }
    }

    /// Deletes the leaves before the boundary, which the archive holds; blocks and tiles, and with them every proof, stay.
    package func dropArchived(_ boundary: ArchiveBoundary) throws {
        try pool.write { database in
            let delete = try RawStatement(database, "DELETE FROM leaf WHERE idx < ?")
            delete.bind(1, Int64(clamping: boundary.size))
            try delete.run()
            try LedgerStore.setMark("archived", Int64(clamping: boundary.size), boundary.bytes, database)
        }
        archivedSize.withLock { $0 = boundary.size }
    }

    /// Gives the space of deleted leaves back to the file system. Takes as long as copying the file, and as much room.
    package func shrink() throws { try pool.vacuum() }

    /// Leaves from `first`, at most `count`, that are in the archive; each is compared with its tile.
    func archivedLeaves(from first: UInt64, count: Int, before end: UInt64) throws -> [[UInt8]] {
        var found: [[UInt8]] = []
        var index = first
        while index < end, found.count < count {
            let number = index >> 8
            guard let archive, let bytes = try archive.bundle(number) else {
                throw StorageError(
                    "storage.archive", "leaf \(index) is in the archive, which cannot be read (archive.json names it)")
            }
            guard let entries = EntryBundle.decode(bytes), entries.count == Tiles.width,
                let tile = try tile(level: 0, index: number),
                Tiles.decode(tile) == entries.map({ CryptoSHA256.leafHash($0) })
            else { throw StorageError("storage.archive", "bundle \(number) in the archive is not the ledger's") }
            let wanted = entries[Int(index & 255)...].prefix(count - found.count)
            found.append(contentsOf: wanted)
            index += UInt64(wanted.count)
        }
        return found
    }
}
