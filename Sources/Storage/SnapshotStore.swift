import GRDB
package import LedgerCore
import Primitives

/// The state on disk: `state.sqlite`, a snapshot that is behind the ledger by at most what a restart replays.
///
/// Rows are appended with a running number, later rows replace earlier ones, and the file is rewritten when more than
/// half of it is old: random 32-byte keys would cost ten times as much (`architecture.md`, facts).
package final class SnapshotStore: Sendable {
    private let queue: DatabaseQueue
    private let onWrite: (@Sendable (WritePoint) -> Void)?

    /// Opens or creates the file at `path`.
    package init(path: String, onWrite: (@Sendable (WritePoint) -> Void)? = nil) throws {
        queue = try DatabaseQueue(path: path)
        self.onWrite = onWrite
        try queue.writeWithoutTransaction { database in
            try database.execute(sql: "PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL")
            try database.execute(
                sql: """
                    CREATE TABLE IF NOT EXISTS state (seq INTEGER PRIMARY KEY, key BLOB NOT NULL, value BLOB);
                    CREATE TABLE IF NOT EXISTS snapshot (
                        id INTEGER PRIMARY KEY CHECK (id = 1), height INTEGER NOT NULL, live INTEGER NOT NULL
                    );
                    """)
        }
    }

    /// Height of the block that the snapshot is taken after; nil if there is none.
    package func height() throws -> UInt64? {
        try queue.read { try Int64.fetchOne($0, sql: "SELECT height FROM snapshot").map { UInt64(clamping: $0) } }
    }

    /// Appends the changes since the last snapshot; they are the state after block `height`. `live` is the number of
    /// keys of the whole state, and `all` gives all of it when the file is to be rewritten.
    package func append(_ changes: [StateChange], height: UInt64, live: Int, all: StateStore) throws {
        onWrite?(.beforeSnapshot)
        try queue.write { database in
            let rows = try Int64.fetchOne(database, sql: "SELECT coalesce(max(seq), 0) FROM state") ?? 0
            if rows + Int64(changes.count) > Int64(clamping: live) * 2 + 10_000 {
                try database.execute(sql: "DELETE FROM state")
                let insert = try RawStatement(database, "INSERT INTO state (key, value) VALUES (?, ?)")
                try all.forEach { key, value in
                    insert.bind(1, Array(key))
                    insert.bind(2, Array(value))
                    try insert.run()
                }
            } else {
                try SnapshotStore.insert(changes, database)
            }
            onWrite?(.insideSnapshot)
            try database.execute(
                sql: "INSERT OR REPLACE INTO snapshot (id, height, live) VALUES (1, ?, ?)",
                arguments: [Int64(clamping: height), live])
        }
        onWrite?(.afterSnapshot)
    }

    private static func insert(_ changes: [StateChange], _ database: Database) throws {
        let insert = try RawStatement(database, "INSERT INTO state (key, value) VALUES (?, ?)")
        for change in changes {
            insert.bind(1, change.key)
            if let value = change.value { insert.bind(2, value) } else { insert.bindNull(2) }
            try insert.run()
        }
    }

    /// Adds rows of a snapshot that comes from elsewhere, part by part, in order; the state is the one after block `height`.
    package func add(_ rows: [StateChange], height: UInt64) throws {
        try queue.write { database in
            try SnapshotStore.insert(rows, database)
            try database.execute(
                sql: "INSERT OR REPLACE INTO snapshot (id, height, live) VALUES (1, ?, 0)",
                arguments: [Int64(clamping: height)])
        }
    }

    /// All rows of the snapshot, later ones last; a nil value removes the key.
    package func rows() throws -> [StateChange] {
        try queue.read { database in
            let count = try Int.fetchOne(database, sql: "SELECT count(*) FROM state") ?? 0
            let query = try RawStatement(database, "SELECT key, value FROM state ORDER BY seq")
            var rows: [StateChange] = []
            rows.reserveCapacity(count)
            try query.rows { row in
                rows.append((row.bytes(0), row.isNull(1) ? nil : row.bytes(1)))
                return true
            }
            return rows
        }
    }

    /// Height of the snapshot and how many rows make it; nil if there is none. While the node runs rows are only added, so
    /// the first so many stay what they are while somebody copies them.
    package func extent() throws -> (height: UInt64, rows: UInt64)? {
        try queue.read { database in
            guard let height = try Int64.fetchOne(database, sql: "SELECT height FROM snapshot") else { return nil }
            let rows = try Int64.fetchOne(database, sql: "SELECT coalesce(max(seq), 0) FROM state") ?? 0
            return (UInt64(clamping: height), UInt64(clamping: rows))
        }
    }

    /// The rows after the first `count` up to the `end`th as ``SnapshotRows``: as many as about `bytes` hold, at least one.
    package func text(after count: UInt64, upTo end: UInt64, bytes: Int) throws -> [UInt8] {
        try queue.read { database in
            let query = try RawStatement(
                database, "SELECT key, value FROM state WHERE seq > ? AND seq <= ? ORDER BY seq")
            query.bind(1, Int64(clamping: count))
            query.bind(2, Int64(clamping: end))
            var text: [UInt8] = []
            text.reserveCapacity(bytes + 4_096)
            try query.rows { row in
                SnapshotRows.append((row.bytes(0), row.isNull(1) ? nil : row.bytes(1)), to: &text)
                return text.count < bytes
            }
            return text
        }
    }

    /// Gives every row with the height that all of them are of, later rows last, without holding them all. On a store of
    /// its own, so that it delays nobody who writes. False if there is no snapshot.
    package func read(_ body: (UInt64, StateChange) throws -> Void) throws -> Bool {
        try queue.read { database in
            guard let height = try Int64.fetchOne(database, sql: "SELECT height FROM snapshot") else { return false }
            let query = try RawStatement(database, "SELECT key, value FROM state ORDER BY seq")
            try query.rows { row in
                try body(UInt64(clamping: height), (row.bytes(0), row.isNull(1) ? nil : row.bytes(1)))
                return true
            }
            return true
        }
    }

    /// Forgets the snapshot; the next start replays the whole log.
    package func clear() throws {
        try queue.write { try $0.execute(sql: "DELETE FROM state; DELETE FROM snapshot") }
    }

    /// Copies the file consistently while it is in use.
    package func backup(to path: String) throws {
        let target = try DatabaseQueue(path: path)
        try queue.backup(to: target)
        try target.close()
    }

    /// Closes the file.
    package func close() throws { try queue.close() }
}
