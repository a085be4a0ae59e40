import BudgetingContract

/// META: what the election is and by which rule it is counted.
struct MetaSection {
    struct Entry {
        let key: String
        let value: String
        let line: Int
        let column: Int
    }

    private(set) var rows: [Entry] = []
    private(set) var budget = DecimalNumber.zero
    private(set) var threshold: DecimalNumber?
    private(set) var voteType = PabulibElection.VoteType.approval

    mutating func take(_ row: Row, header: Header, limits: PabulibLimits) throws(PabulibError) {
        guard let keyColumn = header.column("key"), let valueColumn = header.column("value") else { return }
        let key = row.text(keyColumn)
        guard rows.count < limits.metaRows else {
            throw row.error(.tooLarge, keyColumn, "", "META has more than \(limits.metaRows) rows")
        }
        guard !rows.contains(where: { $0.key == key }) else {
            throw row.error(.duplicate, keyColumn, key, "META has the key \(key) twice; remove one")
        }
        let place = row.places[valueColumn]
        rows.append(Entry(key: key, value: row.text(valueColumn), line: place.line, column: place.column))
    }

    /// Reads what the ballots depend on, when META ends.
    mutating func close(line: Int) throws(PabulibError) {
        let type = try require("vote_type", line: line)
        guard let known = PabulibElection.VoteType(rawValue: type.value) else {
            throw error(.voteType, type, "vote type \(quote(type)) is not counted here; approval and choose-1 are")
        }
        voteType = known
        budget = try number(require("budget", line: line))
        if let entry = rows.first(where: { $0.key == "min_project_score_threshold" }), !entry.value.isEmpty {
            threshold = try number(entry)
        }
        _ = try rule(threshold: threshold == nil ? nil : 0, line: line)
    }

    /// The rule, with its threshold in the units of the scores.
    func rule(threshold: Int64?, line: Int = 0) throws(PabulibError) -> CountingRule {
        let entry = try require("rule", line: line)
        if let rule = CountingRule(name: entry.value, threshold: threshold) { return rule }
        guard CountingRule.knownNames.contains(entry.value) else {
            let known = CountingRule.knownNames.joined(separator: ", ")
            throw error(.rule, entry, "rule \(quote(entry)) is not counted here; known are \(known)")
        }
        throw PabulibError(
            .missingKey, line: entry.line, field: "min_project_score_threshold",
            "rule \(entry.value) needs the META key min_project_score_threshold; add it")
    }

    /// Holds the numbers of rows META states against those read: a file cut off must not be counted.
    func check(projects: Int, votes: Int) throws(PabulibError) {
        for (key, found) in [("num_projects", projects), ("num_votes", votes)] {
            guard let entry = rows.first(where: { $0.key == key }), !entry.value.isEmpty else { continue }
            guard Int(entry.value) == found else {
                throw error(
                    .rowCount, entry, "META says \(quote(entry)), the file has \(found); is it cut off? Get it again")
            }
        }
    }

    private func require(_ key: String, line: Int) throws(PabulibError) -> Entry {
        guard let entry = rows.first(where: { $0.key == key }) else {
            throw PabulibError(.missingKey, line: line, field: key, "META lacks the key \(key); add it")
        }
        return entry
    }

    private func number(_ entry: Entry) throws(PabulibError) -> DecimalNumber {
        guard let number = DecimalNumber(entry.value.utf8) else {
            throw error(.number, entry, "\(quote(entry)) is not a number; write digits with at most one point or comma")
        }
        return number
    }

    private func error(_ code: PabulibError.Code, _ entry: Entry, _ message: String) -> PabulibError {
        PabulibError(code, line: entry.line, column: entry.column, field: entry.key, message)
    }

    private func quote(_ entry: Entry) -> String { "\"\(entry.value.prefix(60))\"" }
}
