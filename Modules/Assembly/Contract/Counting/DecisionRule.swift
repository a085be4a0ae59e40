/// A share that must be reached, as data with its source.
package struct Threshold: Sendable, Hashable {
    /// How the share is compared.
    package enum Comparison: String, Sendable, Hashable {
        /// 以上: the share itself is enough.
        case atLeast = "≥"
        /// 过半数: the share itself is not enough.
        case moreThan = ">"
    }

    /// Above the line; at least 0.
    package let numerator: UInt32
    /// Below the line; at least 1.
    package let denominator: UInt32
    /// How the share is compared.
    package let comparison: Comparison
    /// The article it is taken from.
    package let source: String

    /// A share. A denominator of 0 reads as 1.
    package init(_ numerator: UInt32, of denominator: UInt32, _ comparison: Comparison, source: String) {
        self.numerator = numerator
        self.denominator = max(1, denominator)
        self.comparison = comparison
        self.source = source
    }
}

/// What a decision needs: participation and yes votes, each both by area and by heads.
package struct DecisionRule: Sendable, Hashable {
    /// The version for the record; a changed law makes a new version and old decisions keep theirs.
    package let version: String
    /// Participating of all.
    package let quorum: Threshold
    /// Yes of participating.
    package let approval: Threshold

    /// A rule.
    package init(version: String, quorum: Threshold, approval: Threshold) {
        self.version = version
        self.quorum = quorum
        self.approval = approval
    }

    /// Civil Code article 278, paragraph 2, in force since 2021-01-01.
    package static func civilCode(_ majority: Majority) -> DecisionRule {
        let quorum = Threshold(2, of: 3, .atLeast, source: "Civil Code art. 278 (2) sentence 1")
        switch majority {
        case .ordinary:
            let half = Threshold(1, of: 2, .moreThan, source: "Civil Code art. 278 (2) sentence 3")
            return DecisionRule(version: "civil-code-2021/ordinary", quorum: quorum, approval: half)
        case .special:
            let threeQuarters = Threshold(3, of: 4, .atLeast, source: "Civil Code art. 278 (2) sentence 2")
            return DecisionRule(version: "civil-code-2021/special", quorum: quorum, approval: threeQuarters)
        }
    }
}
