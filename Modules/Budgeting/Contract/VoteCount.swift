package import ContractKit
import Primitives

/// A vote counted from the ballots in a state, with the whole trace.
package struct VoteCount: Sendable {
    /// The money there was.
    package let budget: Int64
    /// Ballots, blank ones included.
    package let ballots: Int64
    /// Ballots that name each project, in the order of the projects' numbers.
    package let votes: [Int64]
    /// The projects in the order of their numbers; index 0 is number 1.
    package let projects: [ProjectEntry]
    /// The winners with the trace, or why nothing could be counted.
    package let outcome: Result<CountResult, CountingError>
}

extension BudgetCount {
    /// Counts a vote: from an execution at closing, and from any snapshot to show how the result came about. A snapshot
    /// taken after closing always gives the recorded result.
    ///
    /// Walks all accounts by their running numbers, one read each, and all projects.
    package static func run<Source: StateReading & ~Copyable>(
        vote: String, in state: borrowing Source
    ) throws(Reason) -> VoteCount {
        let row = try BudgetingTables.votes.require(vote, in: state, else: BudgetingReason.voteUnknown)
        let terms = try BudgetingTables.terms.require(vote, in: state, else: .stateDamaged)
        let projects = try VoteReader.projects(of: vote, row, in: state)
        let cast = try VoteReader.ballots(of: vote, projects: projects.count, in: state)
        let outcome: Result<CountResult, CountingError>
        do throws(CountingError) {
            let profile = try ApprovalProfile(
                projects: projects.map { BudgetProject(id: $0.id, cost: $0.cost, score: $0.score) },
                flatApprovals: cast.approvals, offsets: cast.offsets)
            outcome = .success(
                try count(profile, rule: terms.rule, budget: terms.budget, currencyUnit: terms.step))
        } catch {
            outcome = .failure(error)
        }
        return VoteCount(
            budget: terms.budget, ballots: Int64(cast.offsets.count) - 1, votes: cast.votes, projects: projects,
            outcome: outcome)
    }
}

/// Reads what a count needs.
package enum VoteReader {
    /// The projects of a vote in the order of their numbers; index 0 is number 1.
    package static func projects<Source: StateReading & ~Copyable>(
        of vote: String, in state: borrowing Source
    ) throws(Reason) -> [ProjectEntry] {
        let row = try BudgetingTables.votes.require(vote, in: state, else: BudgetingReason.voteUnknown)
        return try projects(of: vote, row, in: state)
    }

    static func projects<Source: StateReading & ~Copyable>(
        of vote: String, _ row: VoteRow, in state: borrowing Source
    ) throws(Reason) -> [ProjectEntry] {
        var projects: [ProjectEntry] = []
        var number: Int64 = 1
        while number <= row.projects {
            let id = BudgetingTables.partID(vote, number)
            projects.append(try BudgetingTables.projects.require(id, in: state, else: .stateDamaged))
            number += 1
        }
        return projects
    }

    /// Ballot *i* approves the projects with the indexes `approvals[offsets[i]..<offsets[i + 1]]`.
    static func ballots<Source: StateReading & ~Copyable>(
        of vote: String, projects: Int, in state: borrowing Source
    ) throws(Reason) -> (approvals: [Int32], offsets: [Int], votes: [Int64]) {
        var approvals: [Int32] = []
        var offsets = [0]
        var votes = [Int64](repeating: 0, count: projects)
        let accounts = try LedgerTables.counts.find("accounts", in: state)?.count ?? 0
        var number: Int64 = 1
        while number <= accounts {
            if let ballot = try BudgetingTables.ballots.find(BudgetingTables.partID(vote, number), in: state) {
                for project in ballot.projects {
                    let index = Int(project) - 1
                    guard votes.indices.contains(index) else { throw Reason.stateDamaged }
                    votes[index] += 1
                    approvals.append(Int32(index))
                }
                offsets.append(approvals.count)
            }
            number += 1
        }
        return (approvals, offsets, votes)
    }
}
