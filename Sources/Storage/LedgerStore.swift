import GRDB
package import LedgerCore
package import MerkleLog
package import Primitives
import Synchronization

/// The ledger on disk: `ledger.sqlite`, append-only rows of leaves, completed tiles and blocks.
///
/// A block is written in one transaction with `synchronous = FULL`: after a crash it is there whole or not at all.
package final class LedgerStore: LeafSource, BlockLog {
    let pool: DatabasePool
    private let onWrite: (@Sendable (WritePoint) -> Void)?
    /// What was read from the archive.
    package let archived: ArchivedBundles
    /// Number of leaves that are in the archive, as this process knows it.
    let archivedSize = Mutex<UInt64>(0)

    /// Opens or creates the file at `path`. `archive` has the leaves that are no longer in it. `onWrite` is called at each
    /// write point, for crash tests.
    package init(
        path: String, archive: (any LeafArchive)? = nil, onWrite: (@Sendable (WritePoint) -> Void)? = nil
    ) throws {
        archived = ArchivedBundles(archive)
        var configuration = Configuration()
        configuration.label = "ledger"
        configuration.maximumReaderCount = 4
        configuration.busyMode = .timeout(5)
        pool = try DatabasePool(path: path, configuration: configuration)
        self.onWrite = onWrite
        try pool.writeWithoutTransaction { database in
            // DatabasePool sets NORMAL after opening; a block that was acknowledged must survive a power cut.
            try database.execute(sql: "PRAGMA synchronous = FULL; PRAGMA wal_autocheckpoint = 10000")
            guard try Int.fetchOne(database, sql: "PRAGMA synchronous") == 2
            else { throw StorageError("storage.durability", "synchronous = FULL could not be set on \(path)") }
            try database.execute(sql: LedgerStore.schema)
        }
        if let boundary = try archiveBoundary() { archivedSize.withLock { $0 = boundary.size } }
    }

    private static let schema = """
        CREATE TABLE IF NOT EXISTS leaf (idx INTEGER PRIMARY KEY, data BLOB NOT NULL);
        CREATE TABLE IF NOT EXISTS tile (
            level INTEGER NOT NULL, idx INTEGER NOT NULL, data BLOB NOT NULL, PRIMARY KEY (level, idx)
        ) WITHOUT ROWID;
        CREATE TABLE IF NOT EXISTS block (
            height INTEGER PRIMARY KEY, size INTEGER NOT NULL, time INTEGER NOT NULL, ids BLOB NOT NULL,
            checkpoint BLOB NOT NULL
        );
        CREATE INDEX IF NOT EXISTS block_size ON block (size);
        CREATE TABLE IF NOT EXISTS outgoing (id BLOB PRIMARY KEY, text BLOB NOT NULL) WITHOUT ROWID;
        CREATE TABLE IF NOT EXISTS mark (name TEXT PRIMARY KEY, value INTEGER NOT NULL, data BLOB);
        """

    /// Writes a final block and its signed checkpoint, all or nothing.
    package func append(_ block: ExecutedBlock, checkpoint: [UInt8]) throws {
        try append(block, checkpoint: checkpoint, isFinal: true)
    }

    /// Writes a block, all or nothing; `checkpoint` is unsigned text while the block is not final.
    package func append(_ block: ExecutedBlock, checkpoint: [UInt8], isFinal: Bool) throws {
        onWrite?(.beforeBlock)
        try pool.write { database in
            try insert(block, checkpoint: checkpoint, database)
            if !isFinal, block.seal.height > 0 { try markOpen(from: block.seal.height, database) }
            onWrite?(.beforeCommit)
        }
        onWrite?(.afterCommit)
    }

    /// Writes blocks of a log that a later checkpoint vouches for, all or nothing; each with the text of its own.
    package func adopt(_ blocks: [(block: ExecutedBlock, checkpoint: [UInt8])]) throws {
        try pool.write { database in
            for (block, checkpoint) in blocks { try insert(block, checkpoint: checkpoint, database) }
        }
    }

    /// Writes blocks that follow one another in one transaction: one wait for the disk, however many there are.
    package func append(_ run: [(block: ExecutedBlock, checkpoint: [UInt8])], finalBy head: [UInt8]?) throws {
        guard let first = run.first, let last = run.last else { return }
        onWrite?(.beforeBlock)
        try pool.write { database in
            for (block, checkpoint) in run { try insert(block, checkpoint: checkpoint, database) }
            if let head {
                try LedgerStore.finalize(last.block.seal.height, head, database)
            } else {
                // The founding is never taken back.
                try markOpen(from: max(1, first.block.seal.height), database)
            }
            onWrite?(.beforeCommit)
        }
        onWrite?(.afterCommit)
    }

    /// Until something is not final, everything is: the mark begins with the first such block.
    private func markOpen(from height: UInt64, _ database: Database) throws {
        let mark = try RawStatement(database, "INSERT OR IGNORE INTO mark (name, value) VALUES ('final', ?)")
        mark.bind(1, Int64(clamping: height) - 1)
        try mark.run()
    }

    private func insert(_ block: ExecutedBlock, checkpoint: [UInt8], _ database: Database) throws {
        let leaf = try RawStatement(database, "INSERT INTO leaf (idx, data) VALUES (?, ?)")
        var index = Int64(block.seal.firstEntry)
        for bytes in block.leaves {
            leaf.bind(1, index)
            leaf.bind(2, bytes)
            try leaf.run()
            index += 1
        }
        onWrite?(.afterLeaves)
        let tile = try RawStatement(database, "INSERT INTO tile (level, idx, data) VALUES (?, ?, ?)")
        for completed in block.tiles {
            tile.bind(1, Int64(completed.coordinate.level))
            tile.bind(2, Int64(completed.coordinate.index))
            tile.bind(3, completed.bytes)
            try tile.run()
        }
        onWrite?(.afterTiles)
        var ids: [UInt8] = []
        ids.reserveCapacity(block.transactions.count * 32)
        for transaction in block.transactions { transaction.id.append(to: &ids) }
        let row = try RawStatement(
            database, "INSERT INTO block (height, size, time, ids, checkpoint) VALUES (?, ?, ?, ?, ?)")
        row.bind(1, Int64(block.seal.height))
        row.bind(2, Int64(block.size))
        row.bind(3, block.seal.time.milliseconds)
        row.bind(4, ids)
        row.bind(5, checkpoint)
        try row.run()
    }

    /// The log is final up to and including the block at `height`, by this cosigned checkpoint.
    package func finalize(height: UInt64, checkpoint: [UInt8]) throws {
        try pool.write { try LedgerStore.finalize(height, checkpoint, $0) }
    }

    private static func finalize(_ height: UInt64, _ checkpoint: [UInt8], _ database: Database) throws {
        let row = try RawStatement(database, "UPDATE block SET checkpoint = ? WHERE height = ?")
        row.bind(1, checkpoint)
        row.bind(2, Int64(clamping: height))
        try row.run()
        try setMark("final", Int64(clamping: height), nil, database)
    }

    /// Takes the blocks above `height` back, down to a log of `size` leaves. Refuses with `storage.final` where one of
    /// them is final.
    package func rollBack(above height: UInt64, size: UInt64) throws {
        try pool.write { database in
            let final = try LedgerStore.finalHeight(database)
            guard final.map({ $0 <= height }) ?? true
            else { throw StorageError("storage.final", "block \(height + 1) is final") }
            for (sql, bound) in [
                ("DELETE FROM leaf WHERE idx >= ?", size), ("DELETE FROM block WHERE height > ?", height),
            ] {
                let statement = try RawStatement(database, sql)
                statement.bind(1, Int64(clamping: bound))
                try statement.run()
            }
            for level in 0..<8 {
                let statement = try RawStatement(database, "DELETE FROM tile WHERE level = ? AND idx >= ?")
                statement.bind(1, Int64(level))
                statement.bind(2, Int64(clamping: size >> UInt64(8 * (level + 1))))
                try statement.run()
            }
        }
    }

    /// Height of the newest final block; nil in a ledger in which every block is.
    package func finalHeight() throws -> UInt64? { try pool.read { try LedgerStore.finalHeight($0) } }

    private static func finalHeight(_ database: Database) throws -> UInt64? {
        try Int64.fetchOne(database, sql: "SELECT value FROM mark WHERE name = 'final'").map { UInt64(clamping: $0) }
    }

    static func setMark(_ name: String, _ value: Int64, _ data: [UInt8]?, _ database: Database) throws {
        let statement = try RawStatement(
            database, "INSERT OR REPLACE INTO mark (name, value, data) VALUES ('\(name)', ?, ?)")
        statement.bind(1, value)
        if let data { statement.bind(2, data) } else { statement.bindNull(2) }
        try statement.run()
    }

    /// What a block's row holds.
    package struct BlockRow: Sendable {
        /// Height of the block.
        package let height: UInt64
        /// The log's size after the block.
        package let size: UInt64
        /// Block time.
        package let time: Instant
        /// Number of transactions in the block.
        package let transactionCount: Int
        /// The checkpoint after the block: signed where the parties have cosigned this one, else its text alone, because a
        /// later one stands for it.
        package let checkpoint: [UInt8]

        /// Whether the checkpoint has signatures.
        package var isSigned: Bool {
            checkpoint.indices.dropLast().contains { checkpoint[$0] == 10 && checkpoint[$0 + 1] == 10 }
        }

        /// What the checkpoint says; nil if it cannot be read.
        package var head: Checkpoint? {
            var text = checkpoint
            if let end = checkpoint.indices.dropLast().first(where: { checkpoint[$0] == 10 && checkpoint[$0 + 1] == 10 }
            ) {
                text = Array(checkpoint[...end])
            }
            return try? Checkpoint(parsing: text)
        }
    }

    /// The last block, or nil in an empty ledger.
    package func lastBlock() throws -> BlockRow? {
        try blocks(upTo: UInt64(Int64.max), count: 1).first
    }

    /// Blocks at and below a height, newest first.
    package func blocks(upTo height: UInt64, count: Int) throws -> [BlockRow] {
        try pool.read { database in
            let query = try RawStatement(
                database,
                "SELECT height, size, time, length(ids), checkpoint FROM block WHERE height <= ? ORDER BY height DESC LIMIT ?"
            )
            query.bind(1, Int64(clamping: height))
            query.bind(2, Int64(count))
            return try LedgerStore.collect(query)
        }
    }

    /// The first block whose log is larger than `index`: the block that holds the leaf.
    package func block(holding index: UInt64) throws -> BlockRow? {
        try pool.read { database in
            let query = try RawStatement(
                database,
                "SELECT height, size, time, length(ids), checkpoint FROM block WHERE size > ? ORDER BY size LIMIT 1")
            query.bind(1, Int64(clamping: index))
            return try LedgerStore.collect(query).first
        }
    }

    /// The first block at or after `height` whose checkpoint is signed; nil if there is none yet.
    package func signedBlock(from height: UInt64) throws -> BlockRow? {
        try pool.read { database in
            let query = try RawStatement(
                database,
                """
                SELECT height, size, time, length(ids), checkpoint FROM block
                WHERE height >= ? AND instr(checkpoint, x'0A0A') > 0 ORDER BY height LIMIT 1
                """)
            query.bind(1, Int64(clamping: height))
            return try LedgerStore.collect(query).first
        }
    }

    private static func collect(_ query: RawStatement) throws -> [BlockRow] {
        var rows: [BlockRow] = []
        try query.rows { row in
            rows.append(
                BlockRow(
                    height: UInt64(clamping: row.integer(0)), size: UInt64(clamping: row.integer(1)),
                    time: Instant(milliseconds: row.integer(2)), transactionCount: Int(row.integer(3)) / 32,
                    checkpoint: row.bytes(4)))
            return true
        }
        return rows
    }

    /// The ids of all transactions with the index of their leaves, in order.
    package func transactionIDs(_ body: ([(id: Digest, leaf: UInt64)]) throws -> Void) throws {
        try pool.read { database in
            let query = try RawStatement(database, "SELECT size, ids FROM block ORDER BY height")
            try query.rows { row in
                let bytes = row.bytes(1)
                let count = bytes.count / 32
                // The seal is the block's last leaf and its transactions stand right before it.
                guard let first = UInt64(exactly: row.integer(0) - 1 - Int64(count)) else {
                    throw StorageError("storage.block", "ids of the block that ends at size \(row.integer(0))")
                }
                let ids = (0..<count).map { at in
                    (id: Digest(bytes: bytes[at * 32..<at * 32 + 32]) ?? .zero, leaf: first + UInt64(at))
                }
                try body(ids)
                return true
            }
        }
    }

    /// The ids of one block's transactions, in order.
    package func transactionIDs(ofBlock height: UInt64) throws -> [Digest] {
        try pool.read { database in
            let query = try RawStatement(database, "SELECT ids FROM block WHERE height = ?")
            query.bind(1, Int64(clamping: height))
            var bytes: [UInt8] = []
            try query.rows { row in
                bytes = row.bytes(0)
                return false
            }
            return (0..<bytes.count / 32).map { Digest(bytes: bytes[$0 * 32..<$0 * 32 + 32]) ?? .zero }
        }
    }

    /// Leaves from `first`, at most `count`. Those that are no longer here are read from the archive, which may take
    /// long: not for a thread that others wait for.
    package func leaves(from first: UInt64, count: Int) throws -> [[UInt8]] {
        let stored = try storedLeaves(from: first, count: count)
        guard let end = stored.archivedBefore else { return stored.leaves }
        let old = try archivedLeaves(from: first, count: count, before: end)
        return old.count == count ? old : old + (try storedLeaves(from: end, count: count - old.count)).leaves
    }

    /// Leaves in the database. Where the first of them is not there, `archivedBefore` says up to where the archive has
    /// them: this process or another may have moved it a moment ago, so it is read in the same transaction.
    private func storedLeaves(
        from first: UInt64, count: Int
    ) throws -> (leaves: [[UInt8]], archivedBefore: UInt64?) {
        try pool.read { database in
            let query = try RawStatement(database, "SELECT idx, data FROM leaf WHERE idx >= ? ORDER BY idx LIMIT ?")
            query.bind(1, Int64(clamping: first))
            query.bind(2, Int64(count))
            var found: [[UInt8]] = []
            found.reserveCapacity(min(count, 4_096))
            var gap: UInt64?
            try query.rows { row in
                guard UInt64(clamping: row.integer(0)) == first + UInt64(found.count) else {
                    gap = first + UInt64(found.count)
                    return false
                }
                found.append(row.bytes(1))
                return true
            }
            if found.isEmpty, count > 0, let end = try LedgerStore.mark("archived", database)?.value, first < end {
                return ([], end)
            }
            if let gap { throw StorageError("storage.leaf", "leaf \(gap) is missing") }
            return (found, nil)
        }
    }

    /// One leaf, or nil beyond the end.
    package func leaf(_ index: UInt64) throws -> [UInt8]? { try leaves(from: index, count: 1).first }

    /// Number of leaves on disk.
    package func leafCount() throws -> UInt64 {
        try pool.read { database in
            let query = try database.cachedStatement(sql: "SELECT max(idx) + 1 FROM leaf")
            return UInt64(clamping: try Int64.fetchOne(query) ?? 0)
        }
    }

    /// A completed tile, or nil.
    package func tile(level: Int, index: UInt64) throws -> [UInt8]? {
        try pool.read { database in
            let query = try RawStatement(database, "SELECT data FROM tile WHERE level = ? AND idx = ?")
            query.bind(1, Int64(level))
            query.bind(2, Int64(clamping: index))
            var found: [UInt8]?
            try query.rows { row in
                found = row.bytes(0)
                return false
            }
            return found
        }
    }

    /// Every completed tile in order of level and index.
    package func tiles(_ body: (TileCoordinate, [UInt8]) throws -> Void) throws {
        try pool.read { database in
            let query = try RawStatement(database, "SELECT level, idx, data FROM tile ORDER BY level, idx")
            try query.rows { row in
                try body(
                    TileCoordinate(level: Int(row.integer(0)), index: UInt64(clamping: row.integer(1))), row.bytes(2))
                return true
            }
        }
    }

    /// SQLite's own check of the file's pages; returns what it finds, empty when sound.
    package func integrityFaults() throws -> [String] {
        try pool.read { try String.fetchAll($0, sql: "PRAGMA quick_check(20)").filter { $0 != "ok" } }
    }

    /// Copies the file consistently while it is in use.
    package func backup(to path: String) throws {
        let target = try DatabaseQueue(path: path)
        try pool.backup(to: target)
        try target.close()
    }

    /// Moves the write-ahead log into the file and closes it.
    package func close() throws {
        try pool.writeWithoutTransaction { _ = try $0.checkpoint(.truncate) }
        try pool.close()
    }
}
