package import ContractKit
package import Primitives

/// A vote was created. Its text stands in the transaction and in `budgeting/text/<vote>`.
package struct VoteCreated: Event {
    package static let name: StaticString = "budgeting.voteCreated"
    /// Limits of a ballot, the period and the party.
    package let row: VoteRow
    /// What it is about and how it is counted.
    package let terms: VoteTerms
    /// The vote.
    package let vote: String

    init(vote: String, row: VoteRow, terms: VoteTerms) {
        self.vote = vote
        self.row = row
        self.terms = terms
    }

    /// Reads the event.
    package init(_ fields: inout Fields) throws(Reason) {
        row = try fields.record("row")
        terms = try fields.record("terms")
        vote = try fields.identifier("vote")
    }

    /// Writes the event.
    package func write(to fields: inout JSONWriter) {
        fields.field("row", object: { row.write(to: &$0) })
        fields.field("terms", object: { terms.write(to: &$0) })
        fields.field("vote", vote)
    }
}

/// Projects were added; they stand in the transaction and in `budgeting/project/<vote>/<number>`.
package struct ProjectsAdded: Event {
    package static let name: StaticString = "budgeting.projectsAdded"
    /// How many.
    package let count: Int64
    /// How many the vote has now: the new ones have the numbers `total - count + 1` to `total`.
    package let total: Int64
    /// The vote.
    package let vote: String

    init(vote: String, count: Int64, total: Int64) {
        self.vote = vote
        self.count = count
        self.total = total
    }

    /// Reads the event.
    package init(_ fields: inout Fields) throws(Reason) {
        count = try fields.integer("count", in: 1...Int64(BudgetingLimits.projectsAtOnce))
        total = try fields.integer("total", in: 1...Int64(BudgetingLimits.projects))
        vote = try fields.identifier("vote")
    }

    /// Writes the event.
    package func write(to fields: inout JSONWriter) {
        fields.field("count", count)
        fields.field("total", total)
        fields.field("vote", vote)
    }
}

/// A vote was published: its projects and its period stand.
package struct VotePublished: Event {
    package static let name: StaticString = "budgeting.votePublished"
    /// The period and the number of projects.
    package let row: VoteRow
    /// The vote.
    package let vote: String

    init(vote: String, row: VoteRow) {
        self.vote = vote
        self.row = row
    }

    /// Reads the event.
    package init(_ fields: inout Fields) throws(Reason) {
        row = try fields.record("row")
        vote = try fields.identifier("vote")
    }

    /// Writes the event.
    package func write(to fields: inout JSONWriter) {
        fields.field("row", object: { row.write(to: &$0) })
        fields.field("vote", vote)
    }
}

/// An account voted, or replaced its ballot. Which projects it names stands in the transaction only, so that nobody
/// publishes a count before the end by reading events.
package struct BudgetBallotCast: Event {
    package static let name: StaticString = "budgeting.ballotCast"
    /// The account.
    package let account: String
    /// Whether it replaced a ballot.
    package let changed: Bool
    /// How many projects it names.
    package let count: Int64
    /// The vote.
    package let vote: String

    init(vote: String, account: String, changed: Bool, count: Int64) {
        self.vote = vote
        self.account = account
        self.changed = changed
        self.count = count
    }

    /// Reads the event; `changed` is there only when true.
    package init(_ fields: inout Fields) throws(Reason) {
        account = try fields.identifier("account")
        changed = try fields.optionalBool("changed") ?? false
        count = try fields.integer("count", in: 0...Int64(BudgetingLimits.projects))
        vote = try fields.identifier("vote")
    }

    /// Writes the event.
    package func write(to fields: inout JSONWriter) {
        fields.field("account", account)
        if changed { fields.field("changed", true) }
        fields.field("count", count)
        fields.field("vote", vote)
    }
}

/// Voting ended and the ballots were counted. Votes by project stand in `budgeting/result/<vote>`.
package struct VoteClosed: Event {
    package static let name: StaticString = "budgeting.closed"
    /// Ballots counted.
    package let ballots: Int64
    /// Why nothing could be counted; nil in every ordinary case.
    package let problem: String?
    /// Money left.
    package let remaining: Int64
    /// What the winners cost together.
    package let spent: Int64
    /// The vote.
    package let vote: String
    /// Running numbers of the winners, in the order in which the rule took them.
    package let winners: [Int64]

    init(vote: String, result: VoteResult) {
        self.vote = vote
        ballots = result.ballots
        problem = result.problem
        remaining = result.remaining
        spent = result.spent
        winners = result.winners
    }

    /// Reads the event.
    package init(_ fields: inout Fields) throws(Reason) {
        ballots = try fields.integer("ballots", in: BudgetingLimits.counts)
        problem = try fields.optionalString("problem", bytes: 1...64)
        remaining = try fields.integer("remaining", in: BudgetingLimits.counts)
        spent = try fields.integer("spent", in: BudgetingLimits.counts)
        vote = try fields.identifier("vote")
        winners = try fields.integers(
            "winners", count: 0...BudgetingLimits.projects, in: 1...Int64(BudgetingLimits.projects))
    }

    /// Writes the event.
    package func write(to fields: inout JSONWriter) {
        fields.field("ballots", ballots)
        if let problem { fields.field("problem", problem) }
        fields.field("remaining", remaining)
        fields.field("spent", spent)
        fields.field("vote", vote)
        fields.field("winners", array: winners) { $0.integer($1) }
    }
}
