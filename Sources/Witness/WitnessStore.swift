import GRDB
import LedgerCore
package import MerkleLog
package import Primitives

/// What a witness remembers, on disk: `witness.sqlite`, one row a log, found by its origin.
///
/// The size and root on record are all that keeps a witness from cosigning two histories: they are durable
/// (`synchronous = FULL`) before a signature leaves the house.
package final class WitnessStore: Sendable {
    private let pool: DatabasePool

    /// Opens the file at `path`, or creates it. Whoever opens an existing witness makes sure first that it is there:
    /// a new file in the place of a lost one would know nothing of what was cosigned.
    package init(path: String) throws {
        var configuration = Configuration()
        configuration.label = "witness"
        configuration.maximumReaderCount = 4
        configuration.busyMode = .timeout(5)
        do {
            pool = try DatabasePool(path: path, configuration: configuration)
            try pool.writeWithoutTransaction { database in
                // DatabasePool sets NORMAL after opening; what was cosigned must survive a power cut.
                try database.execute(sql: "PRAGMA synchronous = FULL")
                guard try Int.fetchOne(database, sql: "PRAGMA synchronous") == 2 else {
                    throw WitnessError(
                        "witness.durability", "synchronous = FULL could not be set on \(path)", help: "use another disk"
                    )
                }
                try database.execute(sql: Self.schema)
            }
        } catch let error as DatabaseError where [.SQLITE_CORRUPT, .SQLITE_NOTADB].contains(error.resultCode) {
            throw WitnessError("witness.damaged", "\(path) is damaged", help: Self.lost)
        }
    }

    // Texts, not blobs: notes, keys and policies are text by definition, without NUL.
    private static let schema = """
        CREATE TABLE IF NOT EXISTS log (
            id INTEGER PRIMARY KEY, origin TEXT NOT NULL UNIQUE, digest TEXT NOT NULL UNIQUE, policy TEXT NOT NULL,
            parties INTEGER NOT NULL, watched INTEGER NOT NULL, size INTEGER NOT NULL, root TEXT NOT NULL,
            checkpoint TEXT, cosigned INTEGER
        );
        CREATE INDEX IF NOT EXISTS log_watched ON log (watched);
        """

    // MARK: What is watched

    /// Watches the logs of `policies`, all or none. A log known already gets the new keys and rule and keeps what was
    /// cosigned. Returns the origins.
    /// - Parameter witness: this witness's own key, which a quorum must not need.
    @discardableResult
    package func watch(_ policies: [WitnessPolicy], witness: VerifierKey) throws -> [UTF8Text] {
        let rows = try policies.flatMap { policy in
            try Self.check(policy, witness)
            // Several keys of one origin are one log.
            return Set(policy.logs.map { $0.key.name.text }).sorted().map { ($0, policy) }
        }
        try pool.write { database in
            let insert = try database.cachedStatement(
                sql: """
                    INSERT INTO log (origin, digest, policy, parties, watched, size, root) VALUES (?, ?, ?, ?, 1, 0, ?)
                    ON CONFLICT (origin) DO UPDATE SET
                        policy = excluded.policy, parties = excluded.parties, watched = 1
                    """)
            for (origin, policy) in rows {
                let text = String(decoding: policy.bytes, as: UTF8.self)
                try insert.execute(arguments: [
                    origin.string, CryptoSHA256.hash(origin.bytes).hex, text, !policy.isQuorum([]),
                    CryptoSHA256.emptyRoot.hex,
                ])
            }
        }
        return rows.map(\.0)
    }

    private static func check(_ policy: WitnessPolicy, _ witness: VerifierKey) throws {
        guard !policy.logs.isEmpty else {
            throw WitnessError("witness.no-log", "the policy names no log", help: "add a line: log VERIFIER-KEY")
        }
        guard UTF8Text.isWellFormed(policy.bytes) else {
            throw WitnessError("witness.policy", "the policy is not UTF-8 text", help: "write its names in UTF-8")
        }
        let others = policy.witnesses.filter { $0.key.publicKey != witness.publicKey }.map(\.name)
        guard policy.isQuorum(others) else {
            throw WitnessError(
                "witness.own-quorum", "the policy's quorum needs this witness itself, so it would wait for ever",
                help: "give a policy whose quorum the parties can reach alone")
        }
    }

    /// Stops watching a log. What was cosigned stays on record, for the day it is watched again. False for a log that is
    /// not known.
    package func stop(_ origin: UTF8Text) throws -> Bool {
        try pool.write { database in
            try database.execute(sql: "UPDATE log SET watched = 0 WHERE origin = ?", arguments: [origin.string])
            return database.changesCount == 1
        }
    }

    /// Number of logs watched.
    package func count() throws -> Int {
        try pool.read { try Int.fetchOne($0, sql: "SELECT count(*) FROM log WHERE watched = 1") ?? 0 }
    }

    /// Logs after an origin in byte order, at most `limit`.
    package func list(after origin: String = "", limit: Int) throws -> [WatchedLogSummary] {
        try pool.read { database in
            try Row.fetchAll(
                database,
                sql:
                    "SELECT origin, size, cosigned, parties, watched FROM log WHERE origin > ? ORDER BY origin LIMIT ?",
                arguments: [origin, limit]
            ).map { row in
                let seconds: Int64? = row[2]
                return WatchedLogSummary(
                    origin: row[0], size: UInt64(clamping: row[1] as Int64),
                    cosigned: seconds.map { Instant(milliseconds: $0 * Instant.second) }, asksParties: row[3],
                    isWatched: row[4])
            }
        }
    }

    // MARK: What was cosigned

    /// The log with this origin, if it is watched.
    func log(_ origin: UTF8Text) async throws -> WatchedLog? {
        let row = try await pool.read { database in
            try Row.fetchOne(
                database, sql: "SELECT policy, size, root FROM log WHERE origin = ? AND watched = 1",
                arguments: [origin.string]
            ).map { row in (policy: row[0] as String, size: row[1] as Int64, root: row[2] as String) }
        }
        guard let row else { return nil }
        guard let root = Digest(hex: row.root), let size = UInt64(exactly: row.size) else {
            throw WitnessError("witness.damaged", "the record of \(origin) cannot be read", help: Self.lost)
        }
        let policy = try WitnessPolicy(parsing: Array(row.policy.utf8), using: CryptoSHA256.self)
        return WatchedLog(origin: origin, policy: policy, head: WatchedLog.Head(size: size, root: root))
    }

    /// Replaces `old` by the head of `checkpoint`, unless another request was quicker: then false, and nothing changes.
    /// Comparing and setting is one statement, and it is on disk when this returns.
    func record(_ checkpoint: SignedCheckpoint, after old: WatchedLog.Head, at seconds: UInt64) async throws -> Bool {
        let head = checkpoint.checkpoint
        let text = String(decoding: checkpoint.bytes, as: UTF8.self)
        return try await pool.write { database in
            try database.execute(
                sql: """
                    UPDATE log SET size = ?, root = ?, checkpoint = ?, cosigned = ?
                    WHERE origin = ? AND watched = 1 AND size = ? AND root = ?
                    """,
                arguments: [
                    Int64(clamping: head.size), head.root.hex, text, Int64(clamping: seconds), head.origin.string,
                    Int64(clamping: old.size), old.root.hex,
                ])
            return database.changesCount == 1
        }
    }

    /// The checkpoint cosigned last of the log whose origin has this SHA-256, in lower-case hex; nil before the first.
    func checkpoint(digest: String) async throws -> String? {
        try await pool.read { database in
            try String.fetchOne(database, sql: "SELECT checkpoint FROM log WHERE digest = ?", arguments: [digest])
        }
    }

    /// Closes the file.
    package func close() throws { try pool.close() }

    static let lost =
        "a witness that lost its record must not go on with its key: make a new one with linlian witness init"
}
