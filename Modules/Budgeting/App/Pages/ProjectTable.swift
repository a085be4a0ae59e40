import BudgetingContract
import PageKit

/// The projects of a counted vote with their votes, most votes first.
struct ProjectTable {
    private let words: VoteWords
    private let projects: [ProjectEntry]
    private let votes: [Int64]
    private let ballots: Int64
    private let chosen: Set<Int>
    private let order: [Int]

    init(_ words: VoteWords, _ count: VoteCount, _ result: VoteResult) {
        self.words = words
        projects = count.projects
        votes = count.votes
        ballots = count.ballots
        chosen = Set(result.winners.map { Int($0) - 1 })
        let votes = count.votes
        order = count.projects.indices.sorted { first, second in
            votes[first] == votes[second] ? first < second : votes[first] > votes[second]
        }
    }

    /// Rows for the template, from `offset`.
    func rows(offset: Int, limit: Int) -> [[String: Any]] {
        guard offset >= 0, offset < order.count else { return [] }
        let largest = order.first.map { votes[$0] } ?? 0
        return order[offset...].prefix(limit).map { row($0, largest: largest) }
    }

    private func row(_ index: Int, largest: Int64) -> [String: Any] {
        let project = projects[index]
        let isChosen = chosen.contains(index)
        let pill = words.wording.pill(
            isChosen ? .good : .plain, "budgeting.result.\(isChosen ? "chosen" : "notChosen")")
        return [
            "label": project.name, "cost": words.money.text(project.cost), "votes": Formats.count(votes[index]),
            "share": Formats.percentage(votes[index], of: ballots), "chosen": isChosen, "pill": pill.context,
            "bar": BarList.bar(
                votes[index], of: largest, id: "bar\(index)", title: project.name,
                kind: isChosen ? "chosen" : "plain"),
        ]
    }
}
