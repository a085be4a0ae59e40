package import BudgetingContract

/// One vote read from a Pabulib file: its rule, projects and ballots.
package struct PabulibElection: Sendable {
    /// How voters voted.
    package enum VoteType: String, Sendable, Hashable {
        /// Any number of projects.
        case approval
        /// Exactly one project.
        case chooseOne = "choose-1"
    }

    /// One project with what the city says about it.
    package struct Project: Sendable, Hashable {
        /// Identifier, cost and score, as the count takes them.
        package let counted: BudgetProject
        /// The project's name, or empty.
        package let name: String
        /// The city's own number of votes, when the file has that column.
        package let votesStated: Int64?
        /// The city's decision: 0 not chosen, 1 chosen, 2 and 3 funded in another way (META `comment` says how).
        package let selected: Int?
    }

    /// Ballots that name a project more than once. Each such project counts once; that it was so is reported.
    package struct Repetitions: Sendable, Hashable {
        /// One needless naming.
        package struct Place: Sendable, Hashable {
            /// Line in the file, from 1.
            package let line: Int
            /// Character in the line, from 1.
            package let column: Int
            /// Index of the project named again.
            package let project: Int
        }

        /// How many needless namings there are.
        package private(set) var count = 0
        /// The first hundred of them.
        package private(set) var places: [Place] = []

        mutating func add(line: Int, column: Int, project: Int) {
            count += 1
            if places.count < 100 { places.append(Place(line: line, column: column, project: project)) }
        }
    }

    /// META as it stands, in the file's order.
    package let meta: [(key: String, value: String)]
    /// How voters voted.
    package let voteType: VoteType
    /// The rule the city used.
    package let rule: CountingRule
    /// The budget in units of 10⁻ᵏ currency units, k = ``decimals``; costs likewise.
    package let budget: Int64
    /// Decimal places k of costs and budget.
    package let decimals: Int
    /// 10ᵏ: how many of the costs' units make one currency unit.
    package let currencyUnit: Int64
    /// The projects in the file's order.
    package let projects: [Project]
    /// The approvals of all ballots, one ballot after the other, as indexes into ``projects``.
    package let flatApprovals: [Int32]
    /// Where each ballot begins in ``flatApprovals``; one entry more than there are ballots.
    package let offsets: [Int]
    /// What was named twice on one ballot.
    package let repetitions: Repetitions

    /// The number of ballots.
    package var ballotCount: Int { max(0, offsets.count - 1) }

    /// The value of a META key.
    package func value(_ key: String) -> String? { meta.first { $0.key == key }?.value }

    /// Identifiers of the projects the city chose by the rule (`selected` is 1); `nil` when the file does not say.
    package var officialWinners: [String]? {
        guard projects.contains(where: { $0.selected != nil }) else { return nil }
        return projects.filter { $0.selected == 1 }.map(\.counted.id)
    }

    /// Identifiers of the projects funded in another way (`selected` above 1); not part of the rule's result.
    package var fundedOtherwise: [String] { projects.filter { ($0.selected ?? 0) > 1 }.map(\.counted.id) }

    /// The ballots grouped for counting.
    package func profile(limits: CountLimits = CountLimits()) throws(CountingError) -> ApprovalProfile {
        try ApprovalProfile(
            projects: projects.map(\.counted), flatApprovals: flatApprovals, offsets: offsets, limits: limits)
    }

    /// Counts the ballots by the city's rule.
    package func count(limits: CountLimits = CountLimits()) throws(CountingError) -> CountResult {
        try BudgetCount.count(
            profile(limits: limits), rule: rule, budget: budget, currencyUnit: currencyUnit, limits: limits)
    }

    /// Projects whose stated number of votes differs from the ballots: a sign of a damaged or edited file.
    package func differingVotes(_ profile: ApprovalProfile) -> [(id: String, stated: Int64, counted: Int64)] {
        var found: [(id: String, stated: Int64, counted: Int64)] = []
        for (project, counted) in zip(projects, profile.votes) {
            guard let stated = project.votesStated, stated != counted else { continue }
            found.append((project.counted.id, stated, counted))
        }
        return found
    }
}
