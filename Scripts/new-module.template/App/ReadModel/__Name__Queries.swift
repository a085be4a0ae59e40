package import GRDB

/// A note as the page shows it.
package struct __Name__NoteLine: Sendable, Equatable {
    /// Its id.
    package let id: String
    /// The party whose staff recorded it.
    package let party: String
    /// The note.
    package let text: String
    /// When, ms since 1970 UTC.
    package let time: Int64
    /// Id of the transaction.
    package let record: String?
}

/// Questions to the notes' table.
package enum __Name__Queries {
    /// Number of notes.
    package static func count(_ database: Database) throws -> Int64 {
        try Int64.fetchOne(database, sql: "SELECT count(*) FROM __name___note") ?? 0
    }

    /// Notes, the latest first.
    package static func notes(_ database: Database, limit: Int64, offset: Int64) throws -> [__Name__NoteLine] {
        try Row.fetchAll(
            database, sql: "SELECT * FROM __name___note ORDER BY leaf DESC LIMIT ? OFFSET ?",
            arguments: [limit, offset]
        ).map {
            __Name__NoteLine(
                id: $0["id"], party: $0["party"], text: $0["text"], time: $0["time"], record: $0["record"])
        }
    }
}
