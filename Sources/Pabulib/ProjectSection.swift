import BudgetingContract

/// PROJECTS: what can be voted for and what it costs.
struct ProjectSection {
    private struct Entry {
        let id: String
        let cost: DecimalNumber
        let score: DecimalNumber?
        let name: String
        let votes: Int64?
        let selected: Int?
        let line: Int
    }

    /// Projects, budget and threshold in whole units.
    struct Scaled {
        let projects: [PabulibElection.Project]
        let budget: Int64
        let threshold: Int64?
        let decimals: Int
        let unit: Int64
    }

    /// Identifier → index.
    private(set) var ids = ByteTable()
    private var entries: [Entry] = []
    var count: Int { entries.count }

    mutating func take(_ row: Row, header: Header, limits: PabulibLimits) throws(PabulibError) {
        guard let idColumn = header.column("project_id"), let costColumn = header.column("cost") else { return }
        guard entries.count < limits.projects else {
            throw row.error(.tooLarge, idColumn, "project_id", "there are more than \(limits.projects) projects")
        }
        let id = row.trimmed(idColumn)
        guard !id.isEmpty, !id.contains(UInt8(ascii: ",")) else {
            throw row.error(.number, idColumn, "project_id", "an identifier must not be empty or contain a comma")
        }
        guard id.withUnsafeBytes({ ids.insert($0) }) else {
            throw row.error(.duplicate, idColumn, "project_id", "this project is listed twice; remove one")
        }
        guard let cost = DecimalNumber(row.trimmed(costColumn)), cost.digits > 0 else {
            throw row.error(
                .number, costColumn, "cost", "a cost is a number above zero; digits with at most one point or comma")
        }
        entries.append(
            Entry(
                id: row.text(idColumn), cost: cost, score: try number(row, header, "score"),
                name: header.column("name").map { row.text($0) } ?? "", votes: try votes(row, header),
                selected: try selected(row, header), line: row.line))
    }

    /// Scales costs and budget by the smallest power of ten that makes all of them whole, scores and threshold likewise.
    func scaled(
        budget: DecimalNumber, threshold: DecimalNumber?, limits: PabulibLimits
    ) throws(PabulibError) -> Scaled {
        let decimals = max(budget.places, entries.map(\.cost.places).max() ?? 0)
        let scoreDecimals = max(threshold?.places ?? 0, entries.map { $0.score?.places ?? 0 }.max() ?? 0)
        guard max(decimals, scoreDecimals) <= limits.decimals else {
            throw PabulibError(.number, field: "cost", "more than \(limits.decimals) decimal places; round the amounts")
        }
        var unit: Int64 = 1
        for _ in 0..<decimals { unit *= 10 }
        guard let wholeBudget = budget.scaled(to: decimals) else {
            throw PabulibError(.number, field: "budget", "the budget is too large")
        }
        var wholeThreshold: Int64?
        if let threshold {
            wholeThreshold = threshold.scaled(to: scoreDecimals)
            guard wholeThreshold != nil else {
                throw PabulibError(.number, field: "min_project_score_threshold", "the threshold is too large")
            }
        }
        var projects: [PabulibElection.Project] = []
        for entry in entries {
            guard let cost = entry.cost.scaled(to: decimals) else {
                throw PabulibError(.number, line: entry.line, field: "cost", "the cost is too large")
            }
            let score = entry.score?.scaled(to: scoreDecimals)
            guard (score == nil) == (entry.score == nil) else {
                throw PabulibError(.number, line: entry.line, field: "score", "the score is too large")
            }
            projects.append(
                PabulibElection.Project(
                    counted: BudgetProject(id: entry.id, cost: cost, score: score), name: entry.name,
                    votesStated: entry.votes, selected: entry.selected))
        }
        return Scaled(
            projects: projects, budget: wholeBudget, threshold: wholeThreshold, decimals: decimals, unit: unit)
    }

    private func number(_ row: Row, _ header: Header, _ name: String) throws(PabulibError) -> DecimalNumber? {
        guard let column = header.column(name) else { return nil }
        guard let number = DecimalNumber(row.trimmed(column)) else {
            throw row.error(.number, column, name, "\(name) is a number; digits with at most one point or comma")
        }
        return number
    }

    private func votes(_ row: Row, _ header: Header) throws(PabulibError) -> Int64? {
        guard let column = header.column("votes"), !row.trimmed(column).isEmpty else { return nil }
        guard let number = try number(row, header, "votes"), number.places == 0 else {
            throw row.error(.number, column, "votes", "votes is a whole number")
        }
        return number.digits
    }

    private func selected(_ row: Row, _ header: Header) throws(PabulibError) -> Int? {
        guard let column = header.column("selected"), !row.trimmed(column).isEmpty else { return nil }
        guard let number = DecimalNumber(row.trimmed(column)), number.places == 0, number.digits <= 3 else {
            throw row.error(.number, column, "selected", "selected is 0, 1, 2 or 3")
        }
        return Int(number.digits)
    }
}
