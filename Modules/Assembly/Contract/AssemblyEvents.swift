package import ContractKit
package import Primitives
package import RegistryContract

/// A motion was announced. Its text stands in the transaction and in `assembly/text/<motion>`.
package struct MotionOpened: Event {
    package static let name: StaticString = "assembly.motionOpened"
    /// The motion.
    package let motion: String
    /// Its terms.
    package let row: MotionRow
    /// Its title.
    package let title: String

    init(motion: String, row: MotionRow, title: String) {
        self.motion = motion
        self.row = row
        self.title = title
    }

    /// Reads the event.
    package init(_ fields: inout Fields) throws(Reason) {
        motion = try fields.identifier("motion")
        row = try fields.record("terms")
        title = try fields.text("title", bytes: 1...AssemblyLimits.title)
    }

    /// Writes the event.
    package func write(to fields: inout JSONWriter) {
        fields.field("motion", motion)
        fields.field("terms", object: { row.write(to: &$0) })
        fields.field("title", title)
    }
}

/// Voting began.
package struct VotingOpened: Event {
    package static let name: StaticString = "assembly.votingOpened"
    /// The motion.
    package let motion: String
    /// Heads, area and units of the scope at this moment.
    package let roll: RollTotals

    init(motion: String, roll: RollTotals) {
        self.motion = motion
        self.roll = roll
    }

    /// Reads the event.
    package init(_ fields: inout Fields) throws(Reason) {
        motion = try fields.identifier("motion")
        roll = try fields.record("roll")
    }

    /// Writes the event.
    package func write(to fields: inout JSONWriter) {
        fields.field("motion", motion)
        fields.field("roll", object: { roll.write(to: &$0) })
    }
}

/// What the events of a ballot have in common.
package struct BallotNotice: Record, Hashable {
    /// The unit's area.
    package let area: Area
    /// The choice.
    package let choice: BallotChoice
    /// The motion.
    package let motion: String
    /// Pseudonym of the owner.
    package let owner: String
    /// The unit.
    package let unit: String
    /// The unit's running number.
    package let unitNumber: Int64

    init(motion: String, number: Int64, ballot: BallotRow) {
        self.motion = motion
        area = ballot.area
        choice = ballot.choice
        owner = ballot.owner
        unit = ballot.unit
        unitNumber = number
    }

    /// Reads the notice.
    package init(_ fields: inout Fields) throws(Reason) {
        area = Area(hundredths: try fields.integer("area", in: RegistryLimits.area))
        choice = try fields.word("choice")
        motion = try fields.identifier("motion")
        owner = try fields.identifier("owner")
        unit = try fields.identifier("unit")
        unitNumber = try fields.integer("unitNumber", in: 1...RegistryLimits.units)
    }

    /// Writes the notice.
    package func write(to fields: inout JSONWriter) {
        fields.field("area", area.hundredths)
        fields.field("choice", choice.rawValue)
        fields.field("motion", motion)
        fields.field("owner", owner)
        fields.field("unit", unit)
        fields.field("unitNumber", unitNumber)
    }
}

/// A unit voted.
package struct BallotCast: Event {
    package static let name: StaticString = "assembly.ballotCast"
    /// The ballot.
    package let ballot: BallotNotice

    init(ballot: BallotNotice) { self.ballot = ballot }
    /// Reads the event.
    package init(_ fields: inout Fields) throws(Reason) { ballot = try BallotNotice(&fields) }
    /// Writes the event.
    package func write(to fields: inout JSONWriter) { ballot.write(to: &fields) }
}

/// A unit replaced its ballot.
package struct BallotChanged: Event {
    package static let name: StaticString = "assembly.ballotChanged"
    /// The ballot that counts now.
    package let ballot: BallotNotice

    init(ballot: BallotNotice) { self.ballot = ballot }
    /// Reads the event.
    package init(_ fields: inout Fields) throws(Reason) { ballot = try BallotNotice(&fields) }
    /// Writes the event.
    package func write(to fields: inout JSONWriter) { ballot.write(to: &fields) }
}

/// Voting ended and the ballots were counted.
package struct MotionClosed: Event {
    package static let name: StaticString = "assembly.closed"
    /// The motion.
    package let motion: String
    /// The outcome with every number.
    package let result: MotionResult

    init(motion: String, result: MotionResult) {
        self.motion = motion
        self.result = result
    }

    /// Reads the event.
    package init(_ fields: inout Fields) throws(Reason) {
        motion = try fields.identifier("motion")
        result = try fields.record("result")
    }

    /// Writes the event.
    package func write(to fields: inout JSONWriter) {
        fields.field("motion", motion)
        fields.field("result", object: { result.write(to: &$0) })
    }
}

/// A motion was taken back before voting began.
package struct MotionWithdrawn: Event {
    package static let name: StaticString = "assembly.withdrawn"
    /// The motion.
    package let motion: String
    /// Why the ledger itself withdrew it, the code of a reason; nil when the convener did.
    package let cause: String?

    init(motion: String, cause: Reason? = nil) {
        self.motion = motion
        self.cause = cause?.code
    }

    /// Reads the event.
    package init(_ fields: inout Fields) throws(Reason) {
        cause = try fields.optionalString("cause", bytes: 1...64)
        motion = try fields.identifier("motion")
    }

    /// Writes the event.
    package func write(to fields: inout JSONWriter) {
        if let cause { fields.field("cause", cause) }
        fields.field("motion", motion)
    }
}
