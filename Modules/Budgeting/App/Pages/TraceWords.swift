import BudgetingContract
import PageKit

/// One line of a count, for the template "vote-result".
struct TraceLine: Sendable {
    /// The project.
    let name: String
    /// What was worked out, in short sentences.
    let lines: [String]
    /// Whether the project was chosen here.
    let taken: Bool
    /// The decision in a word.
    let word: String

    /// What the template finds.
    var context: [String: Any] { ["name": name, "lines": lines, "taken": taken, "word": word] }
}

/// A count's trace in words, with the real numbers put into the rule.
struct TraceWords {
    private let words: VoteWords
    private let count: VoteCount
    private let result: CountResult

    init(_ words: VoteWords, _ count: VoteCount, _ result: CountResult) {
        self.words = words
        self.count = count
        self.result = result
    }

    private var wording: Wording { words.wording }
    private var money: VoteMoney { words.money }

    /// What stands before the lines: for Equal Shares, what every voter had and why the count ended.
    func preface() -> [String] {
        guard case .equalShares(let trace) = result.trace else { return [] }
        let ending =
            switch trace.ending {
            case .nextRoundTooDear(let total):
                wording.say(
                    "budgeting.shares.nextRoundTooDear",
                    ["total": money.text(total), "budget": money.text(result.budget)])
            case .everySupportedProjectTaken: wording.say("budgeting.shares.everySupportedProjectTaken")
            case .nothingToCount: wording.say("budgeting.shares.nothingToCount")
            }
        return [
            wording.say(
                "budgeting.shares.start",
                [
                    "budget": money.text(result.budget), "voters": Formats.count(trace.voters),
                    "rounds": Formats.count(Int64(trace.rounds)), "start": money.exact(trace.start),
                ]), ending,
        ]
    }

    /// Number of lines.
    var lineCount: Int {
        switch result.trace {
        case .greedy(let steps): steps.count
        case .equalShares(let trace): trace.steps.count + trace.unaffordable.count
        }
    }

    /// The lines from `offset`, at most `limit`.
    func lines(offset: Int, limit: Int) -> [TraceLine] {
        let end = min(lineCount, offset.addingReportingOverflow(limit).partialValue)
        guard offset >= 0, offset < end else { return [] }
        switch result.trace {
        case .greedy(let steps): return steps[offset..<end].map(greedy)
        case .equalShares(let trace):
            return (offset..<end).map { index in
                index < trace.steps.count
                    ? taken(trace.steps[index]) : left(trace.unaffordable[index - trace.steps.count])
            }
        }
    }

    private func name(_ project: Int) -> String {
        count.projects.indices.contains(project) ? count.projects[project].name : ""
    }

    private func greedy(_ step: CountStep) -> TraceLine {
        let taken = step.decision == .taken
        let threshold = words.terms.rule.threshold ?? 0
        var lines = [wording.say("budgeting.step.score", ["count": Formats.count(step.score)])]
        switch step.decision {
        case .taken, .doesNotFit, .stopped:
            lines.append("\(money.number(step.cost)) \(taken ? "≤" : ">") \(money.number(step.remainingBefore))")
        case .belowThreshold: lines.append("\(Formats.count(step.score)) < \(Formats.count(threshold))")
        case .notReached: lines.append(wording.say("budgeting.step.notReached"))
        }
        if taken { lines.append(wording.say("budgeting.step.left", ["amount": money.text(step.remainingAfter)])) }
        return TraceLine(
            name: name(step.project), lines: lines, taken: taken,
            word: wording.say("budgeting.decision.\(step.decision.rawValue)"))
    }

    private func taken(_ step: EqualSharesStep) -> TraceLine {
        var payment = "\(Formats.count(step.payingInFull)) × \(money.decimal(step.payment))"
        if step.givingTheirRest > 0 {
            payment +=
                " + \(money.decimal(step.restTotal)) "
                + wording.say("budgeting.shares.rest", ["count": Formats.count(step.givingTheirRest)])
        }
        return TraceLine(
            name: name(step.project),
            lines: [
                wording.say("budgeting.shares.supporters", ["count": Formats.count(step.supporters)]),
                "\(payment) = \(money.number(step.cost))",
                wording.say("budgeting.shares.rho", ["rho": VoteMoney.ratio(step.rho)]),
                wording.say("budgeting.shares.spent", ["amount": money.text(step.spent)]),
            ], taken: true, word: wording.say("budgeting.decision.taken"))
    }

    private func left(_ rest: EqualSharesRest) -> TraceLine {
        TraceLine(
            name: name(rest.project),
            lines: [
                wording.say("budgeting.shares.supporters", ["count": Formats.count(rest.supporters)]),
                wording.say(
                    "budgeting.shares.have",
                    ["amount": money.decimal(rest.supportersHave), "cost": money.number(rest.cost)]),
            ], taken: false, word: wording.say("budgeting.decision.tooDear"))
    }
}
