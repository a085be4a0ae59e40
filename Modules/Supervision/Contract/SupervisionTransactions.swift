package import ContractKit
package import Primitives

/// `supervision.raise`: a party says what is wrong with another party's node or conduct; an answer is promised.
package struct RaiseFinding: Command {
    package static let type: StaticString = "supervision.raise"
    package static let callers = Callers.anyStaff
    /// The party that it is about.
    package var about: String
    /// SHA-256 of a file that shows it, such as the evidence that a node wrote.
    package var evidence: Digest?
    /// Id of the finding.
    package var finding: String
    /// What kind of thing it is.
    package var subject: FindingSubject
    /// What was found, in plain words, at most 4,000 bytes, with line breaks.
    package var text: String

    /// A finding.
    package init(finding: String, about: String, subject: FindingSubject, text: String, evidence: Digest? = nil) {
        self.finding = finding
        self.about = about
        self.subject = subject
        self.text = text
        self.evidence = evidence
    }

    /// Reads the body.
    package init(_ fields: inout Fields) throws(Reason) {
        about = try fields.identifier("about")
        evidence = try fields.optionalDigest("evidence")
        finding = try fields.identifier("finding")
        subject = try fields.word("subject")
        text = try fields.paragraphs("text", bytes: 1...SupervisionLimits.text)
    }

    /// Writes the body.
    package func write(to fields: inout JSONWriter) {
        fields.field("about", about)
        if let evidence { fields.field("evidence", evidence.hex) }
        fields.field("finding", finding)
        fields.field("subject", subject.rawValue)
        fields.field("text", text)
    }

    /// The site has a page of its own under the reserved id.
    package func check() throws(Reason) {
        guard finding != SupervisionLimits.reserved else { throw Reason.fieldRange.at("finding") }
    }
}

/// `supervision.answer`: the party concerned says what was wrong and what it has done.
package struct AnswerFinding: Command {
    package static let type: StaticString = "supervision.answer"
    package static let callers = Callers.anyStaff
    /// The finding.
    package var finding: String
    /// The answer, at most 4,000 bytes, with line breaks.
    package var text: String

    /// An answer.
    package init(finding: String, text: String) {
        self.finding = finding
        self.text = text
    }

    /// Reads the body.
    package init(_ fields: inout Fields) throws(Reason) {
        finding = try fields.identifier("finding")
        text = try fields.paragraphs("text", bytes: 1...SupervisionLimits.text)
    }

    /// Writes the body.
    package func write(to fields: inout JSONWriter) {
        fields.field("finding", finding)
        fields.field("text", text)
    }
}

/// `supervision.close`: the raising party accepts the answer and says why.
package struct CloseFinding: Command {
    package static let type: StaticString = "supervision.close"
    package static let callers = Callers.anyStaff
    /// The finding.
    package var finding: String
    /// Why the answer is enough, at most 4,000 bytes, with line breaks.
    package var text: String

    /// A finding to close.
    package init(finding: String, text: String) {
        self.finding = finding
        self.text = text
    }

    /// Reads the body.
    package init(_ fields: inout Fields) throws(Reason) {
        finding = try fields.identifier("finding")
        text = try fields.paragraphs("text", bytes: 1...SupervisionLimits.text)
    }

    /// Writes the body.
    package func write(to fields: inout JSONWriter) {
        fields.field("finding", finding)
        fields.field("text", text)
    }
}

/// `supervision.reopen`: the raising party does not accept the answer, or the same thing has come back; an answer is
/// promised anew.
package struct ReopenFinding: Command {
    package static let type: StaticString = "supervision.reopen"
    package static let callers = Callers.anyStaff
    /// The finding.
    package var finding: String
    /// Why, at most 4,000 bytes, with line breaks.
    package var text: String

    /// A finding to reopen.
    package init(finding: String, text: String) {
        self.finding = finding
        self.text = text
    }

    /// Reads the body.
    package init(_ fields: inout Fields) throws(Reason) {
        finding = try fields.identifier("finding")
        text = try fields.paragraphs("text", bytes: 1...SupervisionLimits.text)
    }

    /// Writes the body.
    package func write(to fields: inout JSONWriter) {
        fields.field("finding", finding)
        fields.field("text", text)
    }
}
