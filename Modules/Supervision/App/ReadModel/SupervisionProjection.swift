package import GRDB
package import LedgerCore
import Primitives
import ReadModels
import SupervisionContract

/// Findings, and what was said about each.
package struct SupervisionProjection: Projection {
    package let name = "supervision"
    package let version = 1
    package let events: Set<String> = [
        "supervision.raised", "supervision.answered", "supervision.closed", "supervision.reopened",
        "supervision.overdue",
    ]
    package let tables = ["supervision_finding", "supervision_entry"]

    /// The projection.
    package init() {}

    package func prepare(_ database: Database) throws {
        // `changed` is the time of the last entry.
        try database.execute(
            sql: """
                CREATE TABLE supervision_finding (
                    finding TEXT PRIMARY KEY, about TEXT NOT NULL, party TEXT NOT NULL, subject TEXT NOT NULL,
                    evidence TEXT, text TEXT NOT NULL, raised INTEGER NOT NULL, due INTEGER NOT NULL,
                    status TEXT NOT NULL, overdue INTEGER NOT NULL DEFAULT 0, answered INTEGER,
                    changed INTEGER NOT NULL, leaf INTEGER NOT NULL, record TEXT
                );
                CREATE INDEX supervision_finding_leaf ON supervision_finding (leaf);
                CREATE INDEX supervision_finding_status ON supervision_finding (status, leaf);
                CREATE TABLE supervision_entry (
                    finding TEXT NOT NULL, number INTEGER NOT NULL, kind TEXT NOT NULL, party TEXT NOT NULL,
                    text TEXT NOT NULL, time INTEGER NOT NULL, late INTEGER NOT NULL DEFAULT 0, record TEXT,
                    PRIMARY KEY (finding, number)
                ) WITHOUT ROWID;
                """)
    }

    package func apply(_ event: RecordedEvent, _ database: Database) throws {
        switch event.name {
        case "supervision.raised": try raise(event, database)
        case "supervision.answered":
            let answered = try event.decode(FindingAnswered.self)
            try enter(
                .answered, answered.finding, answered.number, answered.party, answered.text, late: !answered.inTime,
                event, database)
            try change(answered.finding, .answered, event, database)
            try database.cachedStatement(
                sql: "UPDATE supervision_finding SET answered = coalesce(answered, ?) WHERE finding = ?"
            ).execute(arguments: [event.time.milliseconds, answered.finding])
        case "supervision.closed":
            let closed = try event.decode(FindingClosed.self)
            try enter(.closed, closed.finding, closed.number, closed.party, closed.text, event, database)
            try change(closed.finding, .closed, event, database)
        case "supervision.reopened":
            let reopened = try event.decode(FindingReopened.self)
            try enter(.reopened, reopened.finding, reopened.number, reopened.party, reopened.text, event, database)
            try change(reopened.finding, .open, event, database)
            try database.cachedStatement(sql: "UPDATE supervision_finding SET due = ? WHERE finding = ?")
                .execute(arguments: [reopened.due.milliseconds, reopened.finding])
        case "supervision.overdue":
            let overdue = try event.decode(FindingOverdue.self)
            try database.cachedStatement(sql: "UPDATE supervision_finding SET overdue = 1 WHERE finding = ?")
                .execute(arguments: [overdue.finding])
        default: break
        }
    }

    private func raise(_ event: RecordedEvent, _ database: Database) throws {
        let raised = try event.decode(FindingRaised.self)
        let terms = raised.terms
        try database.cachedStatement(
            sql: """
                INSERT INTO supervision_finding (finding, about, party, subject, evidence, text, raised, due, status,
                    changed, leaf, record)
                VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
                """
        ).execute(arguments: [
            raised.finding, terms.about, terms.party, terms.subject.rawValue, terms.evidence?.hex, raised.text,
            terms.raised.milliseconds, terms.due.milliseconds, terms.status.rawValue, event.time.milliseconds,
            Int64(clamping: event.leaf), event.transaction?.hex,
        ])
        try enter(.raised, raised.finding, 1, terms.party, raised.text, event, database)
    }

    private func enter(
        _ kind: EntryKind, _ finding: String, _ number: Int64, _ party: String, _ text: String, late: Bool = false,
        _ event: RecordedEvent, _ database: Database
    ) throws {
        try database.cachedStatement(
            sql: """
                INSERT INTO supervision_entry (finding, number, kind, party, text, time, late, record)
                VALUES (?, ?, ?, ?, ?, ?, ?, ?)
                """
        ).execute(arguments: [
            finding, number, kind.rawValue, party, text, event.time.milliseconds, late, event.transaction?.hex,
        ])
    }

    private func change(
        _ finding: String, _ status: FindingStatus, _ event: RecordedEvent, _ database: Database
    ) throws {
        try database.cachedStatement(sql: "UPDATE supervision_finding SET status = ?, changed = ? WHERE finding = ?")
            .execute(arguments: [status.rawValue, event.time.milliseconds, finding])
    }
}
