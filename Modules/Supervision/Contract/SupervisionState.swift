package import ContractKit
package import Primitives

/// What kind of thing a finding is about.
package enum FindingSubject: String, Sendable, Hashable, CaseIterable {
    /// A node cannot be reached or does not cosign.
    case nodeDown
    /// A party has signed two histories.
    case equivocation
    /// Batches came late, were deleted, written over or malformed.
    case lateBatch
    /// A certificate ends soon or has ended.
    case certificate
    /// Anything else.
    case other
}

/// Where a finding stands.
package enum FindingStatus: String, Sendable, Hashable, CaseIterable {
    /// Waits for the answer of the party concerned.
    case open
    /// Waits for the raising party to accept the answer.
    case answered
    /// The answer was accepted.
    case closed
}

/// A finding: row `supervision/finding/<id>`. Its texts stand in the transactions and events.
package struct FindingRow: Record, Hashable {
    /// The party that it is about.
    package var about: String
    /// Until when the answer is promised, counted from when it was raised or reopened last.
    package var due: Instant
    /// Number of entries so far: what was raised, answered, closed and reopened.
    package var entries: Int64
    /// SHA-256 of a file that shows it.
    package var evidence: Digest?
    /// Whether a promised time has ever passed without an answer.
    package var overdue: Bool
    /// The party that raised it.
    package var party: String
    /// When it was raised.
    package var raised: Instant
    /// Where it stands.
    package var status: FindingStatus
    /// What kind of thing it is.
    package var subject: FindingSubject

    init(raising finding: RaiseFinding, party: String, at time: Instant, due: Instant) {
        about = finding.about
        self.due = due
        entries = 1
        evidence = finding.evidence
        overdue = false
        self.party = party
        raised = time
        status = .open
        subject = finding.subject
    }

    /// Reads the row.
    package init(_ fields: inout Fields) throws(Reason) {
        about = try fields.identifier("about")
        due = try fields.instant("due")
        entries = try fields.integer("entries", in: 1...SupervisionLimits.entries)
        evidence = try fields.optionalDigest("evidence")
        overdue = try fields.bool("overdue")
        party = try fields.identifier("party")
        raised = try fields.instant("raised")
        status = try fields.word("status")
        subject = try fields.word("subject")
    }

    /// Writes the row.
    package func write(to fields: inout JSONWriter) {
        fields.field("about", about)
        fields.field("due", due.milliseconds)
        fields.field("entries", entries)
        if let evidence { fields.field("evidence", evidence.hex) }
        fields.field("overdue", overdue)
        fields.field("party", party)
        fields.field("raised", raised.milliseconds)
        fields.field("status", status.rawValue)
        fields.field("subject", subject.rawValue)
    }
}

/// The tables of supervision.
package enum SupervisionTables {
    /// Findings by id.
    package static let findings = Table<FindingRow>("supervision", "finding")
}

extension Fields {
    /// A SHA-256 digest as 64 lower-case hex digits, or nil where the field is absent.
    mutating func optionalDigest(_ key: StaticString) throws(Reason) -> Digest? {
        guard let text = try optionalString(key, bytes: 64...64) else { return nil }
        guard let digest = Digest(hex: text), digest.hex == text else { throw Reason.fieldRange.at(path(of: key)) }
        return digest
    }
}

extension Fields {
    /// A text for people with line breaks: like `text`, line by line.
    mutating func paragraphs(_ key: StaticString, bytes: ClosedRange<Int>) throws(Reason) -> String {
        let text = try string(key, bytes: bytes)
        let lines = text.unicodeScalars.split(separator: "\n", omittingEmptySubsequences: true)
        guard !lines.isEmpty else { throw Reason.fieldRange.at(path(of: key)) }
        for line in lines where !Fields.isPlainLine(String(String.UnicodeScalarView(line))) {
            throw Reason.fieldRange.at(path(of: key))
        }
        return text
    }
}
