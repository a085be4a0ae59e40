/// What a tally decides, with every inequality written out for the result page.
package struct AssemblyDecision: Sendable, Hashable {
    /// One inequality: `leftFactor · left  comparison  rightFactor · right`.
    package struct Line: Sendable, Hashable {
        /// What is compared.
        package enum Subject: String, Sendable, Hashable, CaseIterable {
            /// Participating area against total area, in 0.01 m².
            case quorumArea
            /// Participating heads against all heads.
            case quorumHeads
            /// Yes area against participating area, in 0.01 m².
            case approvalArea
            /// Yes heads against participating heads.
            case approvalHeads
        }

        /// What is compared.
        package let subject: Subject
        /// The threshold with its source.
        package let threshold: Threshold
        /// The part, for instance participating heads.
        package let part: Int64
        /// The whole, for instance all heads.
        package let whole: Int64
        /// Denominator · part, exact.
        package let left: UInt128
        /// Numerator · whole, exact.
        package let right: UInt128
        /// Whether the inequality is true.
        package let holds: Bool

        init(_ subject: Subject, _ threshold: Threshold, part: Int64, whole: Int64) {
            self.subject = subject
            self.threshold = threshold
            self.part = part
            self.whole = whole
            // 32 bits times 63 bits always fit: no overflow, whatever the numbers.
            left = UInt128(threshold.denominator) * UInt128(part.magnitude)
            right = UInt128(threshold.numerator) * UInt128(whole.magnitude)
            holds =
                switch threshold.comparison {
                case .atLeast: left >= right
                case .moreThan: left > right
                }
        }
    }

    /// The tally decided upon.
    package let tally: AssemblyTally
    /// The rule applied.
    package let rule: DecisionRule
    /// The four inequalities, in the order of ``Line/Subject``.
    package let lines: [Line]
    /// Whether enough took part, by area and by heads (double two-thirds 双三分之二).
    package let quorumMet: Bool
    /// Whether the motion is carried.
    package let passed: Bool

    /// The decision on a matter by the law in force.
    package init(_ tally: AssemblyTally, on matter: MotionMatter) {
        self.init(tally, rule: .civilCode(matter.majority))
    }

    /// The decision by a rule.
    ///
    /// `quorum = 3·partArea ≥ 2·totArea ∧ 3·partHeads ≥ 2·totHeads`; ordinary: and `2·yesArea > partArea ∧
    /// 2·yesHeads > partHeads`; special: and `4·yesArea ≥ 3·partArea ∧ 4·yesHeads ≥ 3·partHeads`.
    package init(_ tally: AssemblyTally, rule: DecisionRule) {
        let quorum = [
            Line(.quorumArea, rule.quorum, part: tally.participating.area, whole: tally.total.area),
            Line(.quorumHeads, rule.quorum, part: tally.participating.heads, whole: tally.total.heads),
        ]
        let approval = [
            Line(.approvalArea, rule.approval, part: tally.yes.area, whole: tally.participating.area),
            Line(.approvalHeads, rule.approval, part: tally.yes.heads, whole: tally.participating.heads),
        ]
        self.tally = tally
        self.rule = rule
        lines = quorum + approval
        quorumMet = quorum.allSatisfy(\.holds)
        passed = lines.allSatisfy(\.holds)
    }
}
