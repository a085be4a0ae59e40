/// The greedy family: projects in order of score, taken while the money lasts.
enum GreedyCount {
    static func count(_ profile: ApprovalProfile, rule: CountingRule, budget: Int64) -> CountResult {
        let scores = zip(profile.projects, profile.votes).map { project, votes in project.score ?? votes }
        let order = RankedProjects.order(profile.projects, by: scores)

        var steps: [CountStep] = []
        var winners: [Int] = []
        var remaining = budget
        var ended = false
        for index in order {
            let project = profile.projects[index]
            let before = remaining
            let decision: CountStep.Decision
            if ended {
                decision = .notReached
            } else if case .greedyThreshold(let threshold) = rule, scores[index] < threshold {
                decision = .belowThreshold
            } else if project.cost <= remaining {
                decision = .taken
                remaining -= project.cost
                winners.append(index)
            } else if rule == .greedyNoSkip {
                decision = .stopped
                ended = true
            } else {
                decision = .doesNotFit
            }
            steps.append(
                CountStep(
                    project: index, id: project.id, score: scores[index], cost: project.cost,
                    remainingBefore: before, remainingAfter: remaining, decision: decision))
        }
        return CountResult(
            rule: rule, budget: budget, winners: winners, winnerIDs: winners.map { profile.projects[$0].id },
            totalCost: budget - remaining, trace: .greedy(steps))
    }
}

/// Projects in the published order of ties, see ``ProjectOrder``.
enum RankedProjects {
    static func order(_ projects: [BudgetProject], by scores: [Int64]) -> [Int] {
        let ids = projects.map { Array($0.id.utf8) }
        return projects.indices.sorted { first, second in
            if scores[first] != scores[second] { return scores[first] > scores[second] }
            if projects[first].cost != projects[second].cost { return projects[first].cost < projects[second].cost }
            return ProjectOrder.precedes(ids[first], ids[second])
        }
    }
}
