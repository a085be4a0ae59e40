package import GRDB
package import SupervisionContract

/// What an entry of a finding is.
package enum EntryKind: String, Sendable, CaseIterable {
    /// The finding itself.
    case raised
    /// An answer of the party concerned.
    case answered
    /// The answer was accepted.
    case closed
    /// It was asked again.
    case reopened
}

/// A finding as lists show it.
package struct FindingSummary: Sendable {
    /// Its id.
    package let finding: String
    /// The party that it is about.
    package let about: String
    /// The party that raised it.
    package let party: String
    /// What kind of thing it is.
    package let subject: FindingSubject
    /// SHA-256 of a file that shows it, in hex.
    package let evidence: String?
    /// What was found.
    package let text: String
    /// When it was raised, ms since 1970 UTC.
    package let raised: Int64
    /// Until when the answer is promised.
    package let due: Int64
    /// Where it stands.
    package let status: FindingStatus
    /// Whether a promised time passed without an answer.
    package let overdue: Bool
    /// When the first answer came; nil while there is none.
    package let answered: Int64?
    /// Time of the last entry.
    package let changed: Int64
    /// Leaf of the event.
    package let leaf: Int64
    /// Id of the transaction that raised it.
    package let record: String?

    fileprivate init(_ row: Row) {
        finding = row["finding"]
        about = row["about"]
        party = row["party"]
        subject = FindingSubject(rawValue: row["subject"]) ?? .other
        evidence = row["evidence"]
        text = row["text"]
        raised = row["raised"]
        due = row["due"]
        status = FindingStatus(rawValue: row["status"]) ?? .open
        overdue = row["overdue"]
        answered = row["answered"]
        changed = row["changed"]
        leaf = row["leaf"]
        record = row["record"]
    }
}

/// One entry of a finding.
package struct FindingEntry: Sendable {
    /// Its number, from 1.
    package let number: Int64
    /// What it is.
    package let kind: EntryKind
    /// The party that wrote it.
    package let party: String
    /// What it says.
    package let text: String
    /// When, ms since 1970 UTC.
    package let time: Int64
    /// Whether it is an answer after the promised time.
    package let late: Bool
    /// Id of the transaction.
    package let record: String?
}

/// How many findings of a subject stand how.
package struct SubjectCount: Sendable {
    /// The subject.
    package let subject: FindingSubject
    /// By status.
    package let counts: [FindingStatus: Int64]
    /// Of which a promised time passed without an answer.
    package let overdue: Int64
}

/// Questions to the findings' tables.
package enum SupervisionQueries {
    /// Number of findings, of all or of one status.
    package static func count(_ database: Database, _ status: FindingStatus? = nil) throws -> Int64 {
        try Int64.fetchOne(
            database, sql: "SELECT count(*) FROM supervision_finding WHERE ? IS NULL OR status = ?",
            arguments: [status?.rawValue, status?.rawValue]) ?? 0
    }

    /// Findings, the latest first.
    package static func findings(
        _ database: Database, _ status: FindingStatus? = nil, limit: Int64, offset: Int64 = 0
    ) throws -> [FindingSummary] {
        try Row.fetchAll(
            database,
            sql: """
                SELECT * FROM supervision_finding WHERE ? IS NULL OR status = ? ORDER BY leaf DESC LIMIT ? OFFSET ?
                """,
            arguments: [status?.rawValue, status?.rawValue, limit, offset]
        ).map(FindingSummary.init)
    }

    /// Findings in the order they were raised, after a leaf.
    package static func after(_ database: Database, leaf: Int64, limit: Int64) throws -> [FindingSummary] {
        try Row.fetchAll(
            database, sql: "SELECT * FROM supervision_finding WHERE leaf > ? ORDER BY leaf LIMIT ?",
            arguments: [leaf, limit]
        ).map(FindingSummary.init)
    }

    /// The finding with this id.
    package static func finding(_ database: Database, _ id: String) throws -> FindingSummary? {
        try Row.fetchOne(database, sql: "SELECT * FROM supervision_finding WHERE finding = ?", arguments: [id])
            .map(FindingSummary.init)
    }

    /// What was said about a finding, in its order.
    package static func entries(_ database: Database, of finding: String) throws -> [FindingEntry] {
        try Row.fetchAll(
            database, sql: "SELECT * FROM supervision_entry WHERE finding = ? ORDER BY number", arguments: [finding]
        ).map { row in
            FindingEntry(
                number: row["number"], kind: EntryKind(rawValue: row["kind"]) ?? .raised, party: row["party"],
                text: row["text"], time: row["time"], late: row["late"], record: row["record"])
        }
    }

    /// How many findings stand how, subject by subject, in the order of the subjects; those without any are left out.
    package static func bySubject(_ database: Database) throws -> [SubjectCount] {
        var counts: [FindingSubject: [FindingStatus: Int64]] = [:]
        var overdue: [FindingSubject: Int64] = [:]
        let rows = try Row.fetchAll(
            database,
            sql: """
                SELECT subject, status, count(*) AS number, sum(overdue) AS late FROM supervision_finding
                GROUP BY subject, status
                """)
        for row in rows {
            let subject = FindingSubject(rawValue: row["subject"]) ?? .other
            let status = FindingStatus(rawValue: row["status"]) ?? .open
            counts[subject, default: [:]][status] = row["number"]
            overdue[subject, default: 0] += row["late"] as Int64
        }
        return FindingSubject.allCases.compactMap { subject in
            counts[subject].map { SubjectCount(subject: subject, counts: $0, overdue: overdue[subject] ?? 0) }
        }
    }
}
