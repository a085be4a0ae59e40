package import ContractKit
package import Primitives

/// How a ballot is filled in.
package enum BallotKind: String, Sendable, Hashable, CaseIterable {
    /// Any number of projects within the vote's limits.
    case approval
    /// Exactly one project, or none where the smallest number is 0.
    case chooseOne = "choose-1"
}

/// Whether an account may change its ballot.
package enum BallotChange: String, Sendable, Hashable, CaseIterable {
    /// The first ballot stands.
    case none
    /// It may be replaced once.
    case once
}

/// What a vote is about and how it is counted: row `budgeting/terms/<vote>` and part of the event
/// `budgeting.voteCreated`. It never changes.
package struct VoteTerms: Record, Hashable {
    /// The kind of ballot.
    package var ballot: BallotKind
    /// The money there is, in the currency's smallest unit.
    package var budget: Int64
    /// The currency: 3 to 8 ASCII letters.
    package var currency: String
    /// The counting rule.
    package var rule: CountingRule
    /// Smallest units in one currency unit, see `budgeting.add1Step`.
    package var step: Int64
    /// The title.
    package var title: String

    /// Terms of a vote.
    package init(ballot: BallotKind, budget: Int64, currency: String, rule: CountingRule, step: Int64, title: String) {
        self.ballot = ballot
        self.budget = budget
        self.currency = currency
        self.rule = rule
        self.step = step
        self.title = title
    }

    /// Reads the terms.
    package init(_ fields: inout Fields) throws(Reason) {
        ballot = try fields.word("ballot")
        budget = try fields.integer("budget", in: BudgetingLimits.money)
        currency = try fields.currency("currency")
        rule = try fields.countingRule("rule", threshold: "threshold")
        step = try fields.integer("step", in: 1...1_000_000)
        title = try fields.text("title", bytes: 1...BudgetingLimits.title)
    }

    /// Writes the terms.
    package func write(to fields: inout JSONWriter) {
        fields.field("ballot", ballot.rawValue)
        fields.field("budget", budget)
        fields.field("currency", currency)
        fields.field("rule", rule.name)
        fields.field("step", step)
        if let threshold = rule.threshold { fields.field("threshold", threshold) }
        fields.field("title", title)
    }
}

extension CountingRule {
    /// The score below which a project never wins, for `greedy-threshold`.
    package var threshold: Int64? {
        if case .greedyThreshold(let value) = self { return value }
        return nil
    }
}

extension Fields {
    /// A counting rule by its name, with the threshold that `greedy-threshold` needs and no other rule has.
    mutating func countingRule(_ name: StaticString, threshold: StaticString) throws(Reason) -> CountingRule {
        let word = try string(name, bytes: 1...64)
        let value = try optionalInteger(threshold, in: BudgetingLimits.counts)
        guard let rule = CountingRule(name: word, threshold: value) else {
            throw BudgetingReason.rule.at(path(of: name))
        }
        guard rule.threshold == value else { throw BudgetingReason.rule.at(path(of: threshold)) }
        return rule
    }

    /// A currency: 3 to 8 ASCII letters.
    mutating func currency(_ key: StaticString) throws(Reason) -> String {
        let word = try string(key, bytes: 3...8)
        let letters = word.utf8.allSatisfy { $0 | 0x20 >= UInt8(ascii: "a") && $0 | 0x20 <= UInt8(ascii: "z") }
        guard letters else { throw Reason.fieldRange.at(path(of: key)) }
        return word
    }

    /// A text for people with line breaks and no other control or text-direction characters, or nil.
    mutating func optionalParagraphs(_ key: StaticString, bytes: ClosedRange<Int>) throws(Reason) -> String? {
        guard let text = try optionalString(key, bytes: bytes) else { return nil }
        for line in text.unicodeScalars.split(separator: "\n")
        where !Fields.isPlainLine(String(String.UnicodeScalarView(line))) {
            throw Reason.fieldRange.at(path(of: key))
        }
        return text
    }
}
