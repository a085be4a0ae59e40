/// Why numbers or parts do not make a tally.
package enum TallyError: Error, Sendable, Hashable {
    /// A number is negative.
    case negative
    /// There are no owners or no area: nobody could decide, and empty sums must not pass as unanimity.
    case noOwners
    /// Yes, no and abstain together exceed the participants, or these exceed the total.
    case exceedsWhole
    /// Sums do not fit 64 bits.
    case tooLarge
    /// Somebody voted who is not on the owner roll.
    case unknownOwner
    /// An owner has two ballots; which one stands must be settled before counting.
    case duplicateBallot

    /// The stable code for receipts and messages.
    package var code: String {
        switch self {
        case .negative: "assembly.tally.negative"
        case .noOwners: "assembly.tally.no-owners"
        case .exceedsWhole: "assembly.tally.exceeds-whole"
        case .tooLarge: "assembly.tally.too-large"
        case .unknownOwner: "assembly.tally.unknown-owner"
        case .duplicateBallot: "assembly.tally.duplicate-ballot"
        }
    }
}

/// Heads 人数 and exclusive area 专有部分面积 of one side.
package struct Weight: Sendable, Hashable {
    /// Heads, see ``OwnerRollCount``.
    package var heads: Int64
    /// Area in 0.01 m².
    package var area: Int64

    /// A weight.
    package init(heads: Int64, area: Int64) {
        self.heads = heads
        self.area = area
    }

    /// Nobody.
    package static let none = Weight(heads: 0, area: 0)

    func adding(_ other: Weight) throws(TallyError) -> Weight {
        let (heads, first) = heads.addingReportingOverflow(other.heads)
        let (area, second) = area.addingReportingOverflow(other.area)
        guard !first, !second else { throw .tooLarge }
        return Weight(heads: heads, area: area)
    }

    fileprivate func exceeds(_ whole: Weight) -> Bool { heads > whole.heads || area > whole.area }
    fileprivate var isNegative: Bool { heads < 0 || area < 0 }
}

/// The count of one motion. Its numbers are consistent: yes + no + abstain ≤ participating ≤ total, and total > 0.
///
/// Abstaining is participating and is not yes. Participants beyond yes, no and abstain cast a spoilt ballot or, in a
/// choice between options, another option.
package struct AssemblyTally: Sendable, Hashable {
    /// All owners on the roll.
    package let total: Weight
    /// Those who took part 参与表决.
    package let participating: Weight
    /// Yes 同意.
    package let yes: Weight
    /// No 反对.
    package let no: Weight
    /// Abstain 弃权.
    package let abstain: Weight

    /// A tally.
    ///
    /// - Parameter participating: `nil` means yes + no + abstain.
    /// - Throws: ``TallyError`` when the numbers contradict each other.
    package init(
        total: Weight, participating: Weight? = nil, yes: Weight, no: Weight, abstain: Weight
    ) throws(TallyError) {
        guard !total.isNegative, !yes.isNegative, !no.isNegative, !abstain.isNegative else { throw .negative }
        guard total.heads > 0, total.area > 0 else { throw .noOwners }
        let cast = try yes.adding(no).adding(abstain)
        let participating = participating ?? cast
        guard !participating.isNegative else { throw .negative }
        guard !cast.exceeds(participating), !participating.exceeds(total) else { throw .exceedsWhole }
        self.total = total
        self.participating = participating
        self.yes = yes
        self.no = no
        self.abstain = abstain
    }
}
