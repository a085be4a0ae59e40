package import ContractKit
package import Primitives

/// `budgeting.createVote`: a convener begins a vote, which nobody can vote in until it is published.
package struct CreateVote: Command {
    package static let type: StaticString = "budgeting.createVote"
    package static let callers = Callers.staff(role: BudgetingRoles.convener)
    /// The kind of ballot.
    package var ballot: BallotKind
    /// The money there is, in the currency's smallest unit.
    package var budget: Int64
    /// When voting ends: ballots count while the block time is before it; nil until the convener closes it.
    package var closes: Instant?
    /// The currency: 3 to 8 ASCII letters.
    package var currency: String
    /// Most projects on a ballot; nil for 1,000, or 1 where one is chosen.
    package var maximumApprovals: Int64?
    /// Fewest projects on a ballot; nil for 1. With 0 a blank ballot counts as a voter.
    package var minimumApprovals: Int64?
    /// When voting begins; nil for when the vote is published.
    package var opens: Instant?
    /// The counting rule.
    package var rule: CountingRule
    /// Smallest units in one currency unit; nil for the parameter `budgeting.add1Step`.
    package var step: Int64?
    /// More about the vote, at most 8,000 bytes, with line breaks.
    package var text: String?
    /// The title, at most 200 bytes.
    package var title: String
    /// Id of the vote.
    package var vote: String

    /// A vote.
    package init(
        vote: String, title: String, budget: Int64, currency: String, rule: CountingRule,
        ballot: BallotKind = .approval, minimumApprovals: Int64? = nil, maximumApprovals: Int64? = nil,
        opens: Instant? = nil, closes: Instant? = nil, step: Int64? = nil, text: String? = nil
    ) {
        self.vote = vote
        self.title = title
        self.budget = budget
        self.currency = currency
        self.rule = rule
        self.ballot = ballot
        self.minimumApprovals = minimumApprovals
        self.maximumApprovals = maximumApprovals
        self.opens = opens
        self.closes = closes
        self.step = step
        self.text = text
    }

    /// Reads the body.
    package init(_ fields: inout Fields) throws(Reason) {
        ballot = try fields.word("ballot")
        budget = try fields.integer("budget", in: BudgetingLimits.money)
        closes = try fields.optionalInstant("closes")
        currency = try fields.currency("currency")
        maximumApprovals = try fields.optionalInteger("maximumApprovals", in: 1...Int64(BudgetingLimits.projects))
        minimumApprovals = try fields.optionalInteger("minimumApprovals", in: 0...Int64(BudgetingLimits.projects))
        opens = try fields.optionalInstant("opens")
        rule = try fields.countingRule("rule", threshold: "threshold")
        step = try fields.optionalInteger("step", in: 1...1_000_000)
        text = try fields.optionalParagraphs("text", bytes: 1...BudgetingLimits.text)
        title = try fields.text("title", bytes: 1...BudgetingLimits.title)
        vote = try fields.identifier("vote")
    }

    /// Writes the body.
    package func write(to fields: inout JSONWriter) {
        fields.field("ballot", ballot.rawValue)
        fields.field("budget", budget)
        if let closes { fields.field("closes", closes.milliseconds) }
        fields.field("currency", currency)
        if let maximumApprovals { fields.field("maximumApprovals", maximumApprovals) }
        if let minimumApprovals { fields.field("minimumApprovals", minimumApprovals) }
        if let opens { fields.field("opens", opens.milliseconds) }
        fields.field("rule", rule.name)
        if let step { fields.field("step", step) }
        if let text { fields.field("text", text) }
        if let threshold = rule.threshold { fields.field("threshold", threshold) }
        fields.field("title", title)
        fields.field("vote", vote)
    }

    /// Fewest and most projects on a ballot.
    var approvals: (minimum: Int64, maximum: Int64) {
        (minimumApprovals ?? 1, maximumApprovals ?? (ballot == .chooseOne ? 1 : Int64(BudgetingLimits.projects)))
    }

    /// The ballot can be filled in, and voting ends after it begins.
    package func check() throws(Reason) {
        let (minimum, maximum) = approvals
        guard minimum <= maximum else { throw BudgetingReason.approvals.at("minimumApprovals") }
        guard ballot == .approval || maximum == 1 else { throw BudgetingReason.approvals.at("maximumApprovals") }
        if let opens, let closes, closes <= opens { throw BudgetingReason.period.at("closes") }
    }
}

/// `budgeting.addProjects`: up to 100 projects for a vote that is not published.
package struct AddProjects: Command {
    package static let type: StaticString = "budgeting.addProjects"
    package static let callers = Callers.staff(role: BudgetingRoles.convener)
    /// The projects.
    package var projects: [ProjectEntry]
    /// The vote.
    package var vote: String

    /// Projects to add.
    package init(vote: String, projects: [ProjectEntry]) {
        self.vote = vote
        self.projects = projects
    }

    /// Reads the body.
    package init(_ fields: inout Fields) throws(Reason) {
        projects = try fields.list("projects", count: 1...BudgetingLimits.projectsAtOnce, ProjectEntry.init)
        vote = try fields.identifier("vote")
    }

    /// Writes the body.
    package func write(to fields: inout JSONWriter) {
        fields.field("projects", array: projects) { writer, project in writer.object { project.write(to: &$0) } }
        fields.field("vote", vote)
    }
}

/// `budgeting.publishVote`: the projects stand, and voting begins at the vote's time or at once.
package struct PublishVote: Command {
    package static let type: StaticString = "budgeting.publishVote"
    package static let callers = Callers.staff(role: BudgetingRoles.convener)
    /// The vote.
    package var vote: String

    /// A vote to publish.
    package init(vote: String) { self.vote = vote }
    /// Reads the body.
    package init(_ fields: inout Fields) throws(Reason) { vote = try fields.identifier("vote") }
    /// Writes the body.
    package func write(to fields: inout JSONWriter) { fields.field("vote", vote) }
}

/// `budgeting.castBallot`: a resident approves projects.
package struct CastBudgetBallot: Command {
    package static let type: StaticString = "budgeting.castBallot"
    package static let callers = Callers.resident
    /// Ids of the approved projects, in any order.
    package var projects: [String]
    /// The vote.
    package var vote: String

    /// A ballot.
    package init(vote: String, projects: [String]) {
        self.vote = vote
        self.projects = projects
    }

    /// Reads the body.
    package init(_ fields: inout Fields) throws(Reason) {
        projects = try fields.strings(
            "projects", count: 0...BudgetingLimits.projects, bytes: 1...BudgetingLimits.projectID)
        vote = try fields.identifier("vote")
    }

    /// Writes the body.
    package func write(to fields: inout JSONWriter) {
        fields.field("projects", array: projects) { $0.string($1) }
        fields.field("vote", vote)
    }
}

/// `budgeting.closeVote`: the convener ends a vote that has no end of its own; the ballots are counted.
package struct CloseVote: Command {
    package static let type: StaticString = "budgeting.closeVote"
    package static let callers = Callers.staff(role: BudgetingRoles.convener)
    /// The vote.
    package var vote: String

    /// A vote to close.
    package init(vote: String) { self.vote = vote }
    /// Reads the body.
    package init(_ fields: inout Fields) throws(Reason) { vote = try fields.identifier("vote") }
    /// Writes the body.
    package func write(to fields: inout JSONWriter) { fields.field("vote", vote) }
}
