import BudgetingContract
import ContractKit
import PageKit
import ReadModels

/// Where the money of the vote counted last goes.
enum BudgetingStatistics {
    /// Projects that the chart names; the table has all of them.
    private static let drawn = 8

    /// From the pot to the chosen projects, and what is left.
    static func money(_ environment: AppEnvironment, _ language: Language) throws -> [Statistic] {
        let wording = Wording(environment.renderer, language)
        let state = environment.state
        guard let vote = try environment.readModels.read({ try BudgetingQueries.votes($0, .closed, limit: 1) }).first,
            let result = try BudgetingTables.results.find(vote.vote, in: state), !result.winners.isEmpty
        else { return [] }
        let money = VoteMoney(currency: vote.currency, step: vote.step)
        let chosen = try result.winners.compactMap { number in
            try BudgetingTables.projects.find(BudgetingTables.partID(vote.vote, number), in: state)
        }.sorted { ($1.cost, $0.id) < ($0.cost, $1.id) }
        var uses = chosen.prefix(drawn).map { (name: $0.name, amount: $0.cost) }
        let others = chosen.dropFirst(drawn).reduce(0) { $0 + $1.cost }
        if others > 0 { uses.append((wording.say("budgeting.statistics.others"), others)) }
        if result.remaining > 0 { uses.append((wording.say("budgeting.statistics.left"), result.remaining)) }
        let nodes = [Chart.Node(vote.title, column: 0)] + uses.map { Chart.Node($0.name, column: 1) }
        let title = wording.say("budgeting.statistics.money", ["vote": vote.title])
        let svg = Chart.flow(
            nodes, uses.indices.map { Chart.Flow(from: 0, to: $0 + 1, uses[$0].amount) },
            Chart.Words(id: "money", title: title)
        ) { money.text($0) }
        var rows = chosen.map { [$0.name, money.text($0.cost), Formats.percentage($0.cost, of: vote.budget)] }
        rows.append([
            wording.say("budgeting.statistics.left"), money.text(result.remaining),
            Formats.percentage(result.remaining, of: vote.budget),
        ])
        return [
            Statistic(
                id: "money", title: title, svg: svg, keys: Chart.keys(nodes),
                columns: ["use", "amount", "share"].map { wording.say("budgeting.statistics.column.\($0)") },
                rows: rows)
        ]
    }
}
