package import ContractKit

/// Why a budgeting rule refuses; the codes are on the ledger and never change their meaning.
package enum BudgetingReason {
    /// No counting rule has this name, or its threshold is missing or superfluous.
    package static let rule = Reason("budgeting.rule")
    /// The smallest and largest number of projects on a ballot contradict each other, the kind of ballot, or the list.
    package static let approvals = Reason("budgeting.approvals")
    /// A vote with this id exists or existed.
    package static let voteKnown = Reason("budgeting.voteKnown")
    /// No vote has this id.
    package static let voteUnknown = Reason("budgeting.voteUnknown")
    /// Only the party that created a vote may change, publish or close it.
    package static let notConvener = Reason("budgeting.notConvener")
    /// The vote is published: its projects stand.
    package static let published = Reason("budgeting.published")
    /// The vote has no projects.
    package static let noProjects = Reason("budgeting.noProjects")
    /// The vote would have more projects than a vote may have.
    package static let tooManyProjects = Reason("budgeting.tooManyProjects")
    /// The vote has a project with this id.
    package static let projectKnown = Reason("budgeting.projectKnown")
    /// Voting would end before it begins, or in the past.
    package static let period = Reason("budgeting.period")
    /// Voting has not begun.
    package static let notOpen = Reason("budgeting.notOpen")
    /// Voting has ended; a ballot that comes later is refused.
    package static let closed = Reason("budgeting.closed")
    /// The vote closes by itself at its time.
    package static let closesByItself = Reason("budgeting.closesByItself")
    /// The ballot names fewer or more projects than the vote asks for.
    package static let ballotSize = Reason("budgeting.ballotSize")
    /// The vote has no project with this id.
    package static let projectUnknown = Reason("budgeting.projectUnknown")
    /// The ballot names a project twice.
    package static let projectRepeated = Reason("budgeting.projectRepeated")
    /// The account has voted and the ballot stands.
    package static let ballotSecond = Reason("budgeting.ballotSecond")

    /// All of them.
    package static let all = [
        rule, approvals, voteKnown, voteUnknown, notConvener, published, noProjects, tooManyProjects, projectKnown,
        period, notOpen, closed, closesByItself, ballotSize, projectUnknown, projectRepeated, ballotSecond,
    ]
}
