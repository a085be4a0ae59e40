/// Ballots as approval sets, grouped: voters who approve the same projects are one group with a multiplicity.
///
/// A choose-one ballot is an approval set of one; a blank ballot is an empty set and its voter still counts as a
/// voter. The stored form does not depend on the order in which ballots arrived.
package struct ApprovalProfile: Sendable, Hashable {
    /// The projects, in the order given.
    package let projects: [BudgetProject]
    /// How many voters each group holds.
    package let multiplicities: [Int64]
    /// Where each group's approvals begin in ``approvals``; one entry more than there are groups.
    package let offsets: [Int]
    /// Project indexes of all groups, ascending within a group.
    package let approvals: [Int32]
    /// The number of voters.
    package let voters: Int64
    /// How many voters approve each project.
    package let votes: [Int64]

    /// The number of groups.
    package var groupCount: Int { multiplicities.count }

    /// The approvals of one group; empty when there is no such group.
    package func approvals(ofGroup group: Int) -> ArraySlice<Int32> {
        guard multiplicities.indices.contains(group) else { return [] }
        return approvals[offsets[group]..<offsets[group + 1]]
    }

    /// A profile from one approval set per entry, each cast by `multiplicity` voters.
    ///
    /// - Throws: ``CountingError`` when a project or ballot is invalid or a limit is passed.
    package init(
        projects: [BudgetProject], ballots: [(approvals: [Int], multiplicity: Int64)],
        limits: CountLimits = CountLimits()
    ) throws(CountingError) {
        var flat: [Int32] = []
        var offsets = [0]
        var counts: [Int64] = []
        for (index, ballot) in ballots.enumerated() {
            for project in ballot.approvals {
                guard let small = Int32(exactly: project) else { throw .unknownProject(ballot: index) }
                flat.append(small)
            }
            offsets.append(flat.count)
            counts.append(ballot.multiplicity)
        }
        try self.init(
            projects: projects, flatApprovals: flat, offsets: offsets, multiplicities: counts, limits: limits)
    }

    /// A profile from flat arrays: ballot *i* approves `flatApprovals[offsets[i]..<offsets[i + 1]]`.
    ///
    /// - Parameter multiplicities: voters per ballot; `nil` means one each.
    /// - Throws: ``CountingError`` when a project or ballot is invalid or a limit is passed.
    package init(
        projects: [BudgetProject], flatApprovals: [Int32], offsets: [Int], multiplicities: [Int64]? = nil,
        limits: CountLimits = CountLimits()
    ) throws(CountingError) {
        try Self.check(projects, limits: limits)
        let ballotCount = max(0, offsets.count - 1)
        guard offsets.first ?? 0 == 0, offsets.last ?? 0 == flatApprovals.count,
            multiplicities == nil || multiplicities?.count == ballotCount
        else { throw .malformedBallot(ballot: 0) }

        var groups: [[Int32]: Int64] = [:]
        var voters: Int64 = 0
        for index in 0..<ballotCount {
            guard offsets[index] <= offsets[index + 1], offsets[index + 1] <= flatApprovals.count else {
                throw .malformedBallot(ballot: index)
            }
            let set = try Self.approvalSet(
                flatApprovals[offsets[index]..<offsets[index + 1]], projects: projects.count, ballot: index)
            let count = multiplicities.map { $0[index] } ?? 1
            guard count >= 1 else { throw .malformedBallot(ballot: index) }
            let (sum, overflow) = voters.addingReportingOverflow(count)
            guard !overflow, sum <= limits.voters else { throw .tooManyVoters(limit: limits.voters) }
            voters = sum
            groups[set, default: 0] += count
        }

        // Dictionary order differs from run to run: sort.
        let sorted = groups.sorted { $0.key.lexicographicallyPrecedes($1.key) }
        var votes = [Int64](repeating: 0, count: projects.count)
        var flat: [Int32] = []
        var starts = [0]
        for (set, count) in sorted {
            for project in set { votes[Int(project)] += count }
            flat.append(contentsOf: set)
            starts.append(flat.count)
        }
        self.projects = projects
        self.multiplicities = sorted.map(\.value)
        self.offsets = starts
        self.approvals = flat
        self.voters = voters
        self.votes = votes
    }

    private static func check(_ projects: [BudgetProject], limits: CountLimits) throws(CountingError) {
        guard projects.count <= limits.projects else { throw .tooManyProjects(limit: limits.projects) }
        // Swift takes composed and decomposed letters as equal; identifiers are bytes.
        var seen: Set<[UInt8]> = []
        for project in projects {
            guard project.cost >= 1 else { throw .costNotPositive(project: project.id) }
            guard seen.insert(Array(project.id.utf8)).inserted else { throw .duplicateProject(project: project.id) }
        }
    }

    private static func approvalSet(
        _ indexes: ArraySlice<Int32>, projects: Int, ballot: Int
    ) throws(CountingError) -> [Int32] {
        let sorted = indexes.sorted()
        if let first = sorted.first, first < 0 { throw .unknownProject(ballot: ballot) }
        if let last = sorted.last, Int(last) >= projects { throw .unknownProject(ballot: ballot) }
        for position in sorted.indices.dropFirst() where sorted[position] == sorted[position - 1] {
            throw .repeatedProject(ballot: ballot)
        }
        return sorted
    }
}
