/// The ballots of one Equal Shares count laid out for fast recounting. Made once, read by every round.
///
/// Projects are renumbered by *rank*, the published order of ties (more supporters, lower cost, identifier): of two
/// projects with equal rho the lower rank wins, so a tie needs no further look. Projects nobody supports are left
/// out; they can never be afforded.
struct EqualSharesElection {
    /// Rank → index into the profile's projects.
    let projectAtRank: [Int]
    /// Rank → cost.
    let costs: [Int64]
    /// Rank → number of supporters.
    let supporters: [Int64]
    /// Group → voters in it.
    let multiplicities: [Int64]
    /// Group → where its ranks begin in ``groupRanks``.
    let groupOffsets: [Int]
    /// The ranks each group approves.
    let groupRanks: [Int]
    /// Rank → where its groups begin in ``supportingGroups``.
    let supportOffsets: [Int]
    /// The groups that approve each rank.
    let supportingGroups: [Int]
    /// All voters, blank ballots included.
    let voters: Int64

    init(_ profile: ApprovalProfile) {
        let ranked = RankedProjects.order(profile.projects, by: profile.votes).filter { profile.votes[$0] > 0 }
        var rankOf = [Int](repeating: -1, count: profile.projects.count)
        for (rank, project) in ranked.enumerated() { rankOf[project] = rank }

        var groupsOf = [[Int]](repeating: [], count: ranked.count)
        var offsets = [0]
        var ranks: [Int] = []
        for group in 0..<profile.groupCount {
            for project in profile.approvals(ofGroup: group) {
                let rank = rankOf[Int(project)]
                ranks.append(rank)
                groupsOf[rank].append(group)
            }
            offsets.append(ranks.count)
        }
        var supportOffsets = [0]
        for groups in groupsOf { supportOffsets.append((supportOffsets.last ?? 0) + groups.count) }

        self.projectAtRank = ranked
        self.costs = ranked.map { profile.projects[$0].cost }
        self.supporters = ranked.map { profile.votes[$0] }
        self.multiplicities = profile.multiplicities
        self.groupOffsets = offsets
        self.groupRanks = ranks
        self.supportOffsets = supportOffsets
        self.supportingGroups = groupsOf.flatMap { $0 }
        self.voters = profile.voters
    }
}
