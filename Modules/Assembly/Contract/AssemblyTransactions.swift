package import ContractKit
package import Primitives
package import RegistryContract

/// `assembly.openMotion`: a convener announces a motion; voting begins by itself when its time has come.
package struct OpenMotion: Command {
    package static let type: StaticString = "assembly.openMotion"
    package static let callers = Callers.staff(role: AssemblyRoles.convener)
    /// When voting ends: ballots count while the block time is before it.
    package var closes: Instant
    /// What is decided.
    package var matter: MotionSubject
    /// Id of the motion.
    package var motion: String
    /// When voting begins; nil for the earliest time that the notice allows.
    package var opens: Instant?
    /// Whose units vote.
    package var scope: RollScope
    /// The motion's text, at most 8,000 bytes, with line breaks.
    package var text: String
    /// The motion's title, at most 200 bytes.
    package var title: String
    /// The home to be turned into business premises; only for article 279.
    package var unit: String?

    /// A motion.
    package init(
        motion: String, title: String, text: String, matter: MotionSubject, scope: RollScope, opens: Instant?,
        closes: Instant, unit: String? = nil
    ) {
        self.motion = motion
        self.title = title
        self.text = text
        self.matter = matter
        self.scope = scope
        self.opens = opens
        self.closes = closes
        self.unit = unit
    }

    /// Reads the body.
    package init(_ fields: inout Fields) throws(Reason) {
        closes = try fields.instant("closes")
        matter = try fields.matter("matter")
        motion = try fields.identifier("motion")
        opens = try fields.optionalInstant("opens")
        scope = RollScope(word: try fields.identifier("scope"))
        text = try fields.paragraphs("text", bytes: 1...AssemblyLimits.text)
        title = try fields.text("title", bytes: 1...AssemblyLimits.title)
        unit = try fields.optionalIdentifier("unit")
    }

    /// Writes the body.
    package func write(to fields: inout JSONWriter) {
        fields.field("closes", closes.milliseconds)
        fields.field("matter", matter.number)
        fields.field("motion", motion)
        if let opens { fields.field("opens", opens.milliseconds) }
        fields.field("scope", scope.word)
        fields.field("text", text)
        fields.field("title", title)
        if let unit { fields.field("unit", unit) }
    }

    /// A conversion concerns one home of one building; voting ends after it begins.
    package func check() throws(Reason) {
        if matter == .conversion {
            guard scope != .estate else { throw AssemblyReason.conversion.at("scope") }
            guard unit != nil else { throw AssemblyReason.conversion.at("unit") }
        } else if unit != nil {
            throw AssemblyReason.conversion.at("unit")
        }
        if let opens, closes <= opens { throw AssemblyReason.period.at("closes") }
    }
}

/// `assembly.withdraw`: the convening party takes a motion back before voting begins.
package struct WithdrawMotion: Command {
    package static let type: StaticString = "assembly.withdraw"
    package static let callers = Callers.staff(role: AssemblyRoles.convener)
    /// The motion.
    package var motion: String

    /// A motion to withdraw.
    package init(motion: String) { self.motion = motion }
    /// Reads the body.
    package init(_ fields: inout Fields) throws(Reason) { motion = try fields.identifier("motion") }
    /// Writes the body.
    package func write(to fields: inout JSONWriter) { fields.field("motion", motion) }
}

/// `assembly.castBallot`: an owner votes for one unit.
package struct CastBallot: Command {
    package static let type: StaticString = "assembly.castBallot"
    package static let callers = Callers.resident
    /// Yes, no or abstain.
    package var choice: BallotChoice
    /// The motion.
    package var motion: String
    /// The unit.
    package var unit: String

    /// A ballot 表决票.
    package init(motion: String, unit: String, choice: BallotChoice) {
        self.motion = motion
        self.unit = unit
        self.choice = choice
    }

    /// Reads the body.
    package init(_ fields: inout Fields) throws(Reason) {
        choice = try fields.word("choice")
        motion = try fields.identifier("motion")
        unit = try fields.identifier("unit")
    }

    /// Writes the body.
    package func write(to fields: inout JSONWriter) {
        fields.field("choice", choice.rawValue)
        fields.field("motion", motion)
        fields.field("unit", unit)
    }
}
