package import ContractKit
package import Primitives

/// Where a vote stands.
package enum VoteStatus: String, Sendable, Hashable, CaseIterable {
    /// Projects are being added.
    case draft
    /// Ballots are taken from `opens` until `closes`.
    case published
    /// Counted.
    case closed
}

/// A vote as casting a ballot needs it, kept small: row `budgeting/vote/<id>`. The rest stands in `budgeting/terms/<id>`
/// and `budgeting/text/<id>`.
package struct VoteRow: Record, Hashable {
    /// Whether ballots may be changed.
    package var changePolicy: BallotChange
    /// When voting ends; nil until the convener closes it. After closing, when it was closed.
    package var closes: Instant?
    /// Most projects on a ballot.
    package var maximum: Int64
    /// Fewest projects on a ballot.
    package var minimum: Int64
    /// When voting begins; nil for when the vote is published. After publishing always there.
    package var opens: Instant?
    /// The party that created it.
    package var party: String
    /// Number of projects.
    package var projects: Int64
    /// Where it stands.
    package var status: VoteStatus

    init(creating vote: CreateVote, party: String, changePolicy: BallotChange) {
        self.changePolicy = changePolicy
        closes = vote.closes
        (minimum, maximum) = vote.approvals
        opens = vote.opens
        self.party = party
        projects = 0
        status = .draft
    }

    /// Reads the row.
    package init(_ fields: inout Fields) throws(Reason) {
        changePolicy = try fields.word("changePolicy")
        closes = try fields.optionalInstant("closes")
        maximum = try fields.integer("maximum", in: 1...Int64(BudgetingLimits.projects))
        minimum = try fields.integer("minimum", in: 0...Int64(BudgetingLimits.projects))
        opens = try fields.optionalInstant("opens")
        party = try fields.identifier("party")
        projects = try fields.integer("projects", in: 0...Int64(BudgetingLimits.projects))
        status = try fields.word("status")
    }

    /// Writes the row.
    package func write(to fields: inout JSONWriter) {
        fields.field("changePolicy", changePolicy.rawValue)
        if let closes { fields.field("closes", closes.milliseconds) }
        fields.field("maximum", maximum)
        fields.field("minimum", minimum)
        if let opens { fields.field("opens", opens.milliseconds) }
        fields.field("party", party)
        fields.field("projects", projects)
        fields.field("status", status.rawValue)
    }
}

/// More about a vote: row `budgeting/text/<vote>`, where there is any.
package struct VoteText: Record, Hashable {
    /// The text, with line breaks.
    package var text: String

    init(text: String) { self.text = text }

    /// Reads the row.
    package init(_ fields: inout Fields) throws(Reason) {
        text = try fields.optionalParagraphs("text", bytes: 1...BudgetingLimits.text) ?? ""
    }

    /// Writes the row.
    package func write(to fields: inout JSONWriter) { fields.field("text", text) }
}

/// A project: row `budgeting/project/<vote>/<number>`, and an element of the body of `budgeting.addProjects`.
package struct ProjectEntry: Record, Hashable {
    /// What it costs, in the currency's smallest unit.
    package var cost: Int64
    /// The project's public id, at most 64 bytes on one line; it may contain `/`.
    package var id: String
    /// What people call it, at most 400 bytes.
    package var name: String
    /// A score given from outside, by which the greedy rules rank instead of by ballots.
    package var score: Int64?

    /// A project.
    package init(id: String, name: String, cost: Int64, score: Int64? = nil) {
        self.id = id
        self.name = name
        self.cost = cost
        self.score = score
    }

    /// Reads the project.
    package init(_ fields: inout Fields) throws(Reason) {
        cost = try fields.integer("cost", in: BudgetingLimits.money)
        id = try fields.text("id", bytes: 1...BudgetingLimits.projectID)
        name = try fields.text("name", bytes: 1...BudgetingLimits.projectName)
        score = try fields.optionalInteger("score", in: BudgetingLimits.counts)
    }

    /// Writes the project.
    package func write(to fields: inout JSONWriter) {
        fields.field("cost", cost)
        fields.field("id", id)
        fields.field("name", name)
        if let score { fields.field("score", score) }
    }
}

/// Which number a project has: row `budgeting/choice/<vote>/<project id>`, the only row that a ballot reads per project.
package struct ChoiceRow: Record, Hashable {
    /// The project's running number, from 1.
    package var number: Int64

    init(number: Int64) { self.number = number }
    /// Reads the row.
    package init(_ fields: inout Fields) throws(Reason) {
        number = try fields.integer("number", in: 1...Int64(BudgetingLimits.projects))
    }
    /// Writes the row.
    package func write(to fields: inout JSONWriter) { fields.field("number", number) }
}

/// An account's ballot: row `budgeting/ballot/<vote>/<running number of the account>`.
package struct BudgetBallotRow: Record, Hashable {
    /// Whether it has replaced another ballot.
    package var changed: Bool
    /// Numbers of the approved projects, ascending.
    package var projects: [Int64]

    init(projects: [Int64], changed: Bool = false) {
        self.projects = projects
        self.changed = changed
    }

    /// Reads the row; `changed` is there only when true.
    package init(_ fields: inout Fields) throws(Reason) {
        changed = try fields.optionalBool("changed") ?? false
        projects = try fields.integers(
            "projects", count: 0...BudgetingLimits.projects, in: 1...Int64(BudgetingLimits.projects))
    }

    /// Writes the row.
    package func write(to fields: inout JSONWriter) {
        if changed { fields.field("changed", true) }
        fields.field("projects", array: projects) { $0.integer($1) }
    }
}

/// The tables of budgeting.
package enum BudgetingTables {
    /// Votes by id.
    package static let votes = Table<VoteRow>("budgeting", "vote")
    /// Terms by vote.
    package static let terms = Table<VoteTerms>("budgeting", "terms")
    /// Texts by vote.
    package static let texts = Table<VoteText>("budgeting", "text")
    /// Projects by vote and running number, 1 to the vote's `projects`.
    package static let projects = Table<ProjectEntry>("budgeting", "project")
    /// Running numbers by vote and project id.
    package static let choices = Table<ChoiceRow>("budgeting", "choice")
    /// Ballots by vote and the account's running number.
    package static let ballots = Table<BudgetBallotRow>("budgeting", "ballot")
    /// Results by vote.
    package static let results = Table<VoteResult>("budgeting", "result")

    /// Id of a row about a part of a vote: `<vote>/<part>`. A vote's id has no slash, so no two parts meet.
    package static func partID(_ vote: String, _ part: String) -> String {
        var id = ""
        id.reserveCapacity(vote.utf8.count + 1 + part.utf8.count)
        id.append(vote)
        id.append("/")
        id.append(part)
        return id
    }

    /// Id of a row about a numbered part of a vote: `<vote>/<number>`.
    package static func partID(_ vote: String, _ number: Int64) -> String { partID(vote, String(number)) }
}
