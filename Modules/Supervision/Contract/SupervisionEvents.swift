package import ContractKit
package import Primitives

/// A finding was raised.
package struct FindingRaised: Event {
    package static let name: StaticString = "supervision.raised"
    /// The finding.
    package let finding: String
    /// Who raised what about whom, and until when an answer is promised.
    package let terms: FindingRow
    /// What was found.
    package let text: String

    init(finding: String, terms: FindingRow, text: String) {
        self.finding = finding
        self.terms = terms
        self.text = text
    }

    /// Reads the event.
    package init(_ fields: inout Fields) throws(Reason) {
        finding = try fields.identifier("finding")
        terms = try fields.record("terms")
        text = try fields.paragraphs("text", bytes: 1...SupervisionLimits.text)
    }

    /// Writes the event.
    package func write(to fields: inout JSONWriter) {
        fields.field("finding", finding)
        fields.field("terms", object: { terms.write(to: &$0) })
        fields.field("text", text)
    }
}

/// The party concerned has answered.
package struct FindingAnswered: Event {
    package static let name: StaticString = "supervision.answered"
    /// The finding.
    package let finding: String
    /// Whether it came within the promised time.
    package let inTime: Bool
    /// The entry's number in the finding, from 1.
    package let number: Int64
    /// The party that answered.
    package let party: String
    /// The answer.
    package let text: String

    init(finding: String, number: Int64, party: String, text: String, inTime: Bool) {
        self.finding = finding
        self.number = number
        self.party = party
        self.text = text
        self.inTime = inTime
    }

    /// Reads the event.
    package init(_ fields: inout Fields) throws(Reason) {
        finding = try fields.identifier("finding")
        inTime = try fields.bool("inTime")
        number = try fields.integer("number", in: 1...SupervisionLimits.entries)
        party = try fields.identifier("party")
        text = try fields.paragraphs("text", bytes: 1...SupervisionLimits.text)
    }

    /// Writes the event.
    package func write(to fields: inout JSONWriter) {
        fields.field("finding", finding)
        fields.field("inTime", inTime)
        fields.field("number", number)
        fields.field("party", party)
        fields.field("text", text)
    }
}

/// The raising party has accepted the answer.
package struct FindingClosed: Event {
    package static let name: StaticString = "supervision.closed"
    /// The finding.
    package let finding: String
    /// The entry's number in the finding, from 1.
    package let number: Int64
    /// The party that closed it.
    package let party: String
    /// Why the answer is enough.
    package let text: String

    init(finding: String, number: Int64, party: String, text: String) {
        self.finding = finding
        self.number = number
        self.party = party
        self.text = text
    }

    /// Reads the event.
    package init(_ fields: inout Fields) throws(Reason) {
        finding = try fields.identifier("finding")
        number = try fields.integer("number", in: 1...SupervisionLimits.entries)
        party = try fields.identifier("party")
        text = try fields.paragraphs("text", bytes: 1...SupervisionLimits.text)
    }

    /// Writes the event.
    package func write(to fields: inout JSONWriter) {
        fields.field("finding", finding)
        fields.field("number", number)
        fields.field("party", party)
        fields.field("text", text)
    }
}

/// The raising party asks again.
package struct FindingReopened: Event {
    package static let name: StaticString = "supervision.reopened"
    /// Until when an answer is promised now.
    package let due: Instant
    /// The finding.
    package let finding: String
    /// The entry's number in the finding, from 1.
    package let number: Int64
    /// The party that reopened it.
    package let party: String
    /// Why.
    package let text: String

    init(finding: String, number: Int64, party: String, text: String, due: Instant) {
        self.finding = finding
        self.number = number
        self.party = party
        self.text = text
        self.due = due
    }

    /// Reads the event.
    package init(_ fields: inout Fields) throws(Reason) {
        due = try fields.instant("due")
        finding = try fields.identifier("finding")
        number = try fields.integer("number", in: 1...SupervisionLimits.entries)
        party = try fields.identifier("party")
        text = try fields.paragraphs("text", bytes: 1...SupervisionLimits.text)
    }

    /// Writes the event.
    package func write(to fields: inout JSONWriter) {
        fields.field("due", due.milliseconds)
        fields.field("finding", finding)
        fields.field("number", number)
        fields.field("party", party)
        fields.field("text", text)
    }
}

/// The promised time passed without an answer.
package struct FindingOverdue: Event {
    package static let name: StaticString = "supervision.overdue"
    /// When it passed.
    package let due: Instant
    /// The finding.
    package let finding: String

    init(finding: String, due: Instant) {
        self.finding = finding
        self.due = due
    }

    /// Reads the event.
    package init(_ fields: inout Fields) throws(Reason) {
        due = try fields.instant("due")
        finding = try fields.identifier("finding")
    }

    /// Writes the event.
    package func write(to fields: inout JSONWriter) {
        fields.field("due", due.milliseconds)
        fields.field("finding", finding)
    }
}
