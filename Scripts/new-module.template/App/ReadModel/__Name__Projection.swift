import __Name__Contract
package import GRDB
package import LedgerCore
import Primitives
import ReadModels

/// The notes in the order they were recorded.
package struct __Name__Projection: Projection {
    package let name = "__name__"
    package let version = 1
    package let events: Set<String> = ["__name__.recorded"]
    package let tables = ["__name___note"]

    /// The projection.
    package init() {}

    package func prepare(_ database: Database) throws {
        try database.execute(
            sql: """
                CREATE TABLE __name___note (
                    leaf INTEGER PRIMARY KEY, id TEXT NOT NULL, party TEXT NOT NULL, text TEXT NOT NULL,
                    time INTEGER NOT NULL, record TEXT
                )
                """)
    }

    package func apply(_ event: RecordedEvent, _ database: Database) throws {
        let recorded = try event.decode(__Name__NoteRecorded.self)
        try database.cachedStatement(
            sql: "INSERT INTO __name___note (leaf, id, party, text, time, record) VALUES (?, ?, ?, ?, ?, ?)"
        ).execute(arguments: [
            Int64(clamping: event.leaf), recorded.id, recorded.note.party, recorded.note.text,
            recorded.note.time.milliseconds, event.transaction?.hex,
        ])
    }
}
