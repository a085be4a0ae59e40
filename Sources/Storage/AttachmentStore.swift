import Foundation
import GRDB
import LedgerCore
package import Primitives

/// Content that is too large for a leaf: kept by its SHA-256 in `content.sqlite`, beside the ledger and not on it.
package final class AttachmentStore: Sendable {
    /// One stored attachment.
    package struct Attachment: Sendable {
        /// SHA-256 of the content, which leaves refer to.
        package let digest: Digest
        /// One of `mediaTypes`.
        package let mediaType: String
        /// Whether anyone may read it.
        package let isPublic: Bool
        /// The content.
        package let bytes: [UInt8]
    }

    /// Largest attachment in bytes.
    package static let largest = 8 << 20
    /// Media types that may be stored; nothing that a browser would execute.
    package static let mediaTypes: Set<String> = [
        "application/pdf", "image/png", "image/jpeg", "image/webp", "text/plain", "text/csv",
    ]

    private let queue: DatabaseQueue

    /// Opens or creates the file at `path`.
    package init(path: String) throws {
        queue = try DatabaseQueue(path: path)
        try queue.writeWithoutTransaction { database in
            try database.execute(sql: "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL")
            try database.execute(
                sql: """
                    CREATE TABLE IF NOT EXISTS attachment (
                        digest BLOB PRIMARY KEY CHECK (length(digest) = 32), mediaType TEXT NOT NULL,
                        public INTEGER NOT NULL, bytes BLOB NOT NULL
                    );
                    CREATE TABLE IF NOT EXISTS total (name TEXT PRIMARY KEY, count INTEGER NOT NULL) WITHOUT ROWID;
                    """)
        }
    }

    /// Stores content; storing it again changes nothing. Refuses with `attachment.size`, `attachment.mediaType` or
    /// `attachment.form` (the content is not what its media type says).
    package func put(_ bytes: [UInt8], mediaType: String, isPublic: Bool) throws -> Digest {
        guard !bytes.isEmpty, bytes.count <= AttachmentStore.largest
        else {
            throw StorageError("attachment.size", "\(bytes.count) bytes; 1 to \(AttachmentStore.largest) are allowed")
        }
        guard AttachmentStore.mediaTypes.contains(mediaType) else {
            throw StorageError(
                "attachment.mediaType", "allowed: \(AttachmentStore.mediaTypes.sorted().joined(separator: ", "))")
        }
        guard AttachmentStore.looksLike(mediaType, bytes)
        else { throw StorageError("attachment.form", "the content is not \(mediaType)") }
        let digest = CryptoSHA256.hash(bytes)
        try queue.write { database in
            try database.execute(
                sql: "INSERT OR IGNORE INTO attachment (digest, mediaType, public, bytes) VALUES (?, ?, ?, ?)",
                arguments: [Data(digest.bytes), mediaType, isPublic, Data(bytes)])
        }
        return digest
    }

    /// The attachment with this digest; nil if there is none. Throws `attachment.damaged` if the bytes changed.
    package func find(_ digest: Digest) throws -> Attachment? {
        let row = try queue.read { database in
            try Row.fetchOne(
                database, sql: "SELECT mediaType, public, bytes FROM attachment WHERE digest = ?",
                arguments: [Data(digest.bytes)])
        }
        guard let row else { return nil }
        let bytes = [UInt8](row["bytes"] as Data)
        guard CryptoSHA256.hash(bytes) == digest
        else { throw StorageError("attachment.damaged", "attachment \(digest.hex)") }
        return Attachment(digest: digest, mediaType: row["mediaType"], isPublic: row["public"], bytes: bytes)
    }

    /// Whether the content with this digest is here; it is not read.
    package func holds(_ digest: Digest) throws -> Bool {
        try queue.read { database in
            try Bool.fetchOne(
                database, sql: "SELECT EXISTS (SELECT 1 FROM attachment WHERE digest = ?)",
                arguments: [Data(digest.bytes)]) ?? false
        }
    }

    /// Adds to totals that are kept here and nowhere else, all in one write.
    package func count(_ counts: [String: Int64]) throws {
        try queue.write { database in
            for (name, count) in counts {
                try database.execute(
                    sql:
                        "INSERT INTO total VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET count = count + excluded.count",
                    arguments: [name, count])
            }
        }
    }

    /// A total; 0 if nothing was counted.
    package func total(_ name: String) throws -> Int64 {
        try queue.read { database in
            try Int64.fetchOne(database, sql: "SELECT count FROM total WHERE name = ?", arguments: [name]) ?? 0
        }
    }

    private static func looksLike(_ mediaType: String, _ bytes: [UInt8]) -> Bool {
        switch mediaType {
        case "application/pdf": bytes.starts(with: "%PDF-".utf8)
        case "image/png": bytes.starts(with: [0x89, 0x50, 0x4E, 0x47])
        case "image/jpeg": bytes.starts(with: [0xFF, 0xD8, 0xFF])
        case "image/webp": bytes.starts(with: "RIFF".utf8) && bytes.dropFirst(8).starts(with: "WEBP".utf8)
        default: UTF8Text.isWellFormed(bytes) && !bytes.contains(0)
        }
    }

    /// Copies the file consistently while it is in use.
    package func backup(to path: String) throws {
        let target = try DatabaseQueue(path: path)
        try queue.backup(to: target)
        try target.close()
    }
}
