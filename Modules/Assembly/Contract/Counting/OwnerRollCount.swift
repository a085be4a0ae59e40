/// How an owner voted.
package enum BallotChoice: String, Sendable, Hashable, CaseIterable {
    /// 同意
    case yes
    /// 反对
    case no
    /// 弃权: takes part, is not yes.
    case abstain
}

/// Who holds the head of a part.
package enum HeadHolder<Owner: Hashable & Sendable>: Hashable, Sendable {
    /// An owner, with all parts they own; co-owners stand here under the one voter they named.
    case owner(Owner)
    /// The developer 建设单位 for all parts not yet sold or handed over.
    case developerUnsold
}

/// Heads and areas of an owner roll 业主名册.
///
/// One exclusive part is one head, but an owner with several parts is one head together, and so are all of the
/// developer's unsold parts; areas add up (Supreme Court interpretation on condominium ownership, articles 8 and 9).
package struct OwnerRollCount<Owner: Hashable & Sendable>: Sendable {
    /// What each head holds, in 0.01 m².
    private let areas: [HeadHolder<Owner>: Int64]
    /// All heads and all area.
    package let total: Weight

    /// Counts the parts; the order does not matter.
    ///
    /// - Throws: ``TallyError`` for a negative area, an empty roll or sums beyond 64 bits.
    package init(_ parts: [(holder: HeadHolder<Owner>, area: Int64)]) throws(TallyError) {
        var areas: [HeadHolder<Owner>: Int64] = [:]
        var total: Int64 = 0
        for part in parts {
            guard part.area >= 0 else { throw .negative }
            let (sum, overflow) = total.addingReportingOverflow(part.area)
            guard !overflow else { throw .tooLarge }
            total = sum
            areas[part.holder, default: 0] += part.area
        }
        guard !areas.isEmpty, total > 0 else { throw .noOwners }
        self.areas = areas
        self.total = Weight(heads: Int64(areas.count), area: total)
    }

    /// The tally of ballots, one per head; an owner's choice carries the area of all their parts.
    ///
    /// - Throws: ``TallyError/unknownOwner`` or ``TallyError/duplicateBallot``.
    package func tally(
        _ ballots: [(holder: HeadHolder<Owner>, choice: BallotChoice)]
    ) throws(TallyError) -> AssemblyTally {
        var seen: Set<HeadHolder<Owner>> = []
        var sums: [BallotChoice: Weight] = [:]
        for ballot in ballots {
            guard let area = areas[ballot.holder] else { throw .unknownOwner }
            guard seen.insert(ballot.holder).inserted else { throw .duplicateBallot }
            sums[ballot.choice] = try (sums[ballot.choice] ?? .none).adding(Weight(heads: 1, area: area))
        }
        return try AssemblyTally(
            total: total, yes: sums[.yes] ?? .none, no: sums[.no] ?? .none, abstain: sums[.abstain] ?? .none)
    }
}
