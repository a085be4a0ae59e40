package import ContractKit
package import Primitives
package import RegistryContract

/// Where a motion stands.
package enum MotionStatus: String, Sendable, Hashable, CaseIterable {
    /// Announced; voting has not begun.
    case announced
    /// Ballots are taken.
    case open
    /// Counted.
    case closed
    /// Taken back before voting began.
    case withdrawn
}

/// A motion as the rules need it: row `assembly/motion/<id>`; title and text stand in `assembly/text/<id>`.
package struct MotionRow: Record, Hashable {
    /// Whether ballots may be changed.
    package var changePolicy: ChangePolicy
    /// When voting ends.
    package var closes: Instant
    /// What is decided.
    package var matter: MotionSubject
    /// When it was announced.
    package var noticed: Instant
    /// Whether the ledger's parameters allow less notice than the law.
    package var noticeShortened: Bool
    /// When voting begins.
    package var opens: Instant
    /// The party that announced it.
    package var party: String
    /// Whose units vote.
    package var scope: RollScope
    /// Where it stands.
    package var status: MotionStatus
    /// The home concerned, for article 279.
    package var unit: String?
    /// Highest running number of a unit when voting began: those that came later have no vote. 0 before.
    package var units: Int64

    init(announcing motion: OpenMotion, opens: Instant, party: String, rules: MotionRules, at time: Instant) {
        changePolicy = rules.changePolicy
        closes = motion.closes
        matter = motion.matter
        noticed = time
        noticeShortened = rules.noticeShortened
        self.opens = opens
        self.party = party
        scope = motion.scope
        status = .announced
        unit = motion.unit
        units = 0
    }

    /// Reads the row.
    package init(_ fields: inout Fields) throws(Reason) {
        changePolicy = try fields.word("changePolicy")
        closes = try fields.instant("closes")
        matter = try fields.matter("matter")
        noticeShortened = try fields.bool("noticeShortened")
        noticed = try fields.instant("noticed")
        opens = try fields.instant("opens")
        party = try fields.identifier("party")
        scope = RollScope(word: try fields.identifier("scope"))
        status = try fields.word("status")
        unit = try fields.optionalIdentifier("unit")
        units = try fields.integer("units", in: 0...RegistryLimits.units)
    }

    /// Writes the row.
    package func write(to fields: inout JSONWriter) {
        fields.field("changePolicy", changePolicy.rawValue)
        fields.field("closes", closes.milliseconds)
        fields.field("matter", matter.number)
        fields.field("noticeShortened", noticeShortened)
        fields.field("noticed", noticed.milliseconds)
        fields.field("opens", opens.milliseconds)
        fields.field("party", party)
        fields.field("scope", scope.word)
        fields.field("status", status.rawValue)
        if let unit { fields.field("unit", unit) }
        fields.field("units", units)
    }
}

/// What a motion says: row `assembly/text/<id>`, apart so that casting a ballot need not read it.
package struct MotionText: Record, Hashable {
    /// The text, with line breaks.
    package var text: String
    /// The title.
    package var title: String

    init(title: String, text: String) {
        self.title = title
        self.text = text
    }

    /// Reads the row.
    package init(_ fields: inout Fields) throws(Reason) {
        text = try fields.paragraphs("text", bytes: 1...AssemblyLimits.text)
        title = try fields.text("title", bytes: 1...AssemblyLimits.title)
    }

    /// Writes the row.
    package func write(to fields: inout JSONWriter) {
        fields.field("text", text)
        fields.field("title", title)
    }
}

/// A unit's ballot: row `assembly/ballot/<motion>/<running number of the unit>`.
package struct BallotRow: Record, Hashable {
    /// The unit's area when the ballot was cast.
    package var area: Area
    /// Whether it has replaced another ballot.
    package var changed: Bool
    /// The choice.
    package var choice: BallotChoice
    /// Pseudonym of the unit's owner when the ballot was cast.
    package var owner: String
    /// The unit.
    package var unit: String

    init(unit: String, owner: String, area: Area, choice: BallotChoice) {
        self.unit = unit
        self.owner = owner
        self.area = area
        self.choice = choice
        changed = false
    }

    /// Reads the row.
    package init(_ fields: inout Fields) throws(Reason) {
        area = Area(hundredths: try fields.integer("area", in: RegistryLimits.area))
        changed = try fields.bool("changed")
        choice = try fields.word("choice")
        owner = try fields.identifier("owner")
        unit = try fields.identifier("unit")
    }

    /// Writes the row.
    package func write(to fields: inout JSONWriter) {
        fields.field("area", area.hundredths)
        fields.field("changed", changed)
        fields.field("choice", choice.rawValue)
        fields.field("owner", owner)
        fields.field("unit", unit)
    }
}

/// Participation 参与表决 so far: row `assembly/turnout/<motion>`. It says nothing of yes and no.
package struct TurnoutRow: Record, Hashable {
    /// Area of the units that have voted.
    package var area: Area
    /// Units that have voted.
    package var ballots: Int64

    /// Nobody yet.
    package init() {
        area = Area(hundredths: 0)
        ballots = 0
    }

    /// Reads the row.
    package init(_ fields: inout Fields) throws(Reason) {
        area = Area(hundredths: try fields.integer("area", in: 0...Int64(1) << 53))
        ballots = try fields.integer("ballots", in: 0...RegistryLimits.units)
    }

    /// Writes the row.
    package func write(to fields: inout JSONWriter) {
        fields.field("area", area.hundredths)
        fields.field("ballots", ballots)
    }
}

/// The tables of the assembly.
package enum AssemblyTables {
    /// Motions by id.
    package static let motions = Table<MotionRow>("assembly", "motion")
    /// Titles and texts by motion.
    package static let texts = Table<MotionText>("assembly", "text")
    /// The roll's totals by motion, as they were when voting began.
    package static let rolls = Table<RollTotals>("assembly", "roll")
    /// Ballots by motion and the unit's running number, see ``ballotID(motion:number:)``.
    package static let ballots = Table<BallotRow>("assembly", "ballot")
    /// Participation by motion.
    package static let turnouts = Table<TurnoutRow>("assembly", "turnout")
    /// Results by motion.
    package static let results = Table<MotionResult>("assembly", "result")

    /// Id of a ballot row: `<motion>/<number>`. A motion's id has no slash.
    package static func ballotID(motion: String, number: Int64) -> String { "\(motion)/\(number)" }
}
