import BudgetingContract
import PageKit

/// A budget vote's terms in words.
struct VoteWords {
    let wording: Wording
    let terms: VoteTerms
    let money: VoteMoney

    init(_ wording: Wording, _ terms: VoteTerms) {
        self.wording = wording
        self.terms = terms
        money = VoteMoney(currency: terms.currency, step: terms.step)
    }

    /// The counting rule: name and explanation.
    var rule: [String: Any] {
        let key =
            switch terms.rule {
            case .greedy: "greedy"
            case .greedyNoSkip: "greedyNoSkip"
            case .greedyThreshold: "greedyThreshold"
            case .equalSharesAdd1: "equalShares"
            }
        var explanation = wording.say("budgeting.rule.\(key).explanation")
        if let threshold = terms.rule.threshold {
            explanation += wording.say("budgeting.rule.threshold", ["count": Formats.count(threshold)])
        }
        return ["name": wording.say("budgeting.rule.\(key).name"), "explanation": explanation]
    }

    /// How many projects a ballot may name.
    func limit(_ row: VoteRow) -> String {
        if row.maximum == 1 { return wording.say("budgeting.vote.one") }
        let many = row.maximum >= row.projects
        let most =
            many
            ? wording.say("budgeting.vote.many")
            : wording.say("budgeting.vote.atMost", ["count": Formats.count(row.maximum)])
        guard row.minimum > 1 else { return most }
        return wording.say("budgeting.vote.atLeast", ["count": Formats.count(row.minimum)]) + most
    }
}
