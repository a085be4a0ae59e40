import ConstitutionContract
package import ContractKit
import Primitives

extension CreateVote {
    /// Begins the vote.
    package func execute(_ execution: inout Execution) throws(Reason) {
        try execution.requireRole(BudgetingRoles.convener)
        guard let party = execution.caller.party else { throw Reason.notAllowed.at("as") }
        try check()
        guard !BudgetingTables.votes.contains(vote, in: execution) else { throw BudgetingReason.voteKnown.at("vote") }
        if let closes, closes <= execution.time { throw BudgetingReason.period.at("closes") }
        let policy = try Parameters.text(BudgetingParameters.changePolicy, in: execution)
        let row = VoteRow(creating: self, party: party, changePolicy: BallotChange(rawValue: policy) ?? .none)
        let usualStep = try Parameters.integer(BudgetingParameters.add1Step, in: execution)
        let terms = VoteTerms(
            ballot: ballot, budget: budget, currency: currency, rule: rule, step: step ?? usualStep, title: title)
        BudgetingTables.votes.put(vote, row, in: &execution)
        BudgetingTables.terms.put(vote, terms, in: &execution)
        if let text { BudgetingTables.texts.put(vote, VoteText(text: text), in: &execution) }
        execution.emit(VoteCreated(vote: vote, row: row, terms: terms))
    }
}

extension AddProjects {
    /// Adds the projects, each under the next running number.
    package func execute(_ execution: inout Execution) throws(Reason) {
        var row = try VoteRow.ofConvener(vote, in: execution)
        guard row.status == .draft else { throw BudgetingReason.published.at("vote") }
        var at = 0
        for project in projects {
            guard row.projects < Int64(BudgetingLimits.projects) else {
                throw BudgetingReason.tooManyProjects.at("projects[\(at)]")
            }
            let choice = BudgetingTables.partID(vote, project.id)
            guard !BudgetingTables.choices.contains(choice, in: execution) else {
                throw BudgetingReason.projectKnown.at("projects[\(at)].id")
            }
            row.projects += 1
            BudgetingTables.choices.put(choice, ChoiceRow(number: row.projects), in: &execution)
            BudgetingTables.projects.put(BudgetingTables.partID(vote, row.projects), project, in: &execution)
            at += 1
        }
        BudgetingTables.votes.put(vote, row, in: &execution)
        execution.emit(ProjectsAdded(vote: vote, count: Int64(projects.count), total: row.projects))
    }
}

extension PublishVote {
    /// Fixes the projects and the voting period.
    package func execute(_ execution: inout Execution) throws(Reason) {
        var row = try VoteRow.ofConvener(vote, in: execution)
        guard row.status == .draft else { throw BudgetingReason.published.at("vote") }
        guard row.projects > 0 else { throw BudgetingReason.noProjects.at("vote") }
        guard row.minimum <= row.projects else { throw BudgetingReason.approvals.at("vote") }
        let opens = max(row.opens ?? execution.time, execution.time)
        if let closes = row.closes {
            guard opens < closes else { throw BudgetingReason.period.at("vote") }
            execution.schedule(BudgetingDue.close, id: vote, at: closes)
        }
        row.opens = opens
        row.status = .published
        BudgetingTables.votes.put(vote, row, in: &execution)
        execution.emit(VotePublished(vote: vote, row: row))
    }
}

extension CastBudgetBallot {
    /// Records the account's ballot, or replaces it where the vote allows that. One read for the vote, one for each
    /// project, one for an earlier ballot, and one write.
    package func execute(_ execution: inout Execution) throws(Reason) {
        try execution.requireRole(BudgetingRoles.resident)
        guard execution.caller.number > 0 else { throw Reason.notAllowed.at("as") }
        let row = try BudgetingTables.votes.require(vote, in: execution, else: BudgetingReason.voteUnknown.at("vote"))
        try row.requireVoting(at: execution.time)
        guard Int64(projects.count) >= row.minimum, Int64(projects.count) <= row.maximum
        else { throw BudgetingReason.ballotSize.at("projects") }
        var ballot = BudgetBallotRow(projects: try numbers(in: execution))
        let id = BudgetingTables.partID(vote, execution.caller.number)
        if let old = try BudgetingTables.ballots.find(id, in: execution) {
            guard row.changePolicy == .once, !old.changed else { throw BudgetingReason.ballotSecond }
            ballot.changed = true
        }
        BudgetingTables.ballots.put(id, ballot, in: &execution)
        execution.emit(
            BudgetBallotCast(
                vote: vote, account: execution.caller.account, changed: ballot.changed,
                count: Int64(ballot.projects.count)))
    }

    /// The projects' running numbers, ascending.
    private func numbers(in execution: borrowing Execution) throws(Reason) -> [Int64] {
        var numbers: [Int64] = []
        numbers.reserveCapacity(projects.count)
        var at = 0
        for project in projects {
            let id = BudgetingTables.partID(vote, project)
            guard let choice = try BudgetingTables.choices.find(id, in: execution)
            else { throw BudgetingReason.projectUnknown.at("projects[\(at)]") }
            numbers.append(choice.number)
            at += 1
        }
        numbers.sort()
        for (left, right) in zip(numbers, numbers.dropFirst()) where left == right {
            throw BudgetingReason.projectRepeated.at("projects")
        }
        return numbers
    }
}

extension CloseVote {
    /// Ends the vote and counts.
    package func execute(_ execution: inout Execution) throws(Reason) {
        let row = try VoteRow.ofConvener(vote, in: execution)
        guard row.status != .closed else { throw BudgetingReason.closed.at("vote") }
        guard row.closes == nil else { throw BudgetingReason.closesByItself.at("vote") }
        guard row.status == .published, let opens = row.opens, opens <= execution.time
        else { throw BudgetingReason.notOpen.at("vote") }
        try VoteClosing.close(vote, row, &execution)
    }
}

extension VoteRow {
    /// The vote, if the caller is a convener of the party that created it.
    fileprivate static func ofConvener(_ vote: String, in execution: borrowing Execution) throws(Reason) -> VoteRow {
        try execution.requireRole(BudgetingRoles.convener)
        let row = try BudgetingTables.votes.require(vote, in: execution, else: BudgetingReason.voteUnknown.at("vote"))
        guard row.party == execution.caller.party else { throw BudgetingReason.notConvener.at("as") }
        return row
    }

    /// Refuses unless ballots are taken at `time`. The end counts to the millisecond, whether or not the due action has
    /// run yet.
    fileprivate func requireVoting(at time: Instant) throws(Reason) {
        switch status {
        case .draft: throw BudgetingReason.notOpen
        case .closed: throw BudgetingReason.closed
        case .published: break
        }
        guard let opens, opens <= time else { throw BudgetingReason.notOpen }
        if let closes, closes <= time { throw BudgetingReason.closed }
    }
}

/// The end of a vote.
enum VoteClosing {
    /// The vote's own time has come.
    static func closeDue(_ vote: String, _ execution: inout Execution) throws(Reason) {
        let row = try BudgetingTables.votes.require(vote, in: execution, else: BudgetingReason.voteUnknown)
        guard row.status == .published else { return }
        try close(vote, row, &execution)
    }

    static func close(_ vote: String, _ row: VoteRow, _ execution: inout Execution) throws(Reason) {
        let result = VoteResult(try BudgetCount.run(vote: vote, in: execution))
        var closed = row
        closed.status = .closed
        if closed.closes == nil { closed.closes = execution.time }
        BudgetingTables.votes.put(vote, closed, in: &execution)
        BudgetingTables.results.put(vote, result, in: &execution)
        execution.emit(VoteClosed(vote: vote, result: result))
    }
}
