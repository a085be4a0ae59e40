package import ContractKit
import Primitives
import RegistryContract

/// The count of a motion 计票: walks the units that were on the roll when voting began, once, by point reads.
///
/// Heads: one for each owner; an owner with several units is one head. Where these were cast differently the head takes
/// part and abstains, while each unit's area counts as it was cast. The developer's unsold units together are one head
/// that cannot vote, because the roll binds no account to it.
package struct MotionCount {
    /// What one head has cast so far.
    private struct Head {
        var choices: Set<BallotChoice> = []
    }

    private var heads: [String: Head] = [:]
    private var developerHead = false
    private var totalArea: Int64 = 0
    private var areas: [BallotChoice: Int64] = [:]
    private var ballots: Int64 = 0

    /// The result of a motion by the ballots and the roll in `state`: what closing records. A snapshot taken after
    /// closing gives the same result as long as nothing on the roll has changed since.
    package static func run<Source: StateReading & ~Copyable>(
        motion: String, in state: borrowing Source
    ) throws(Reason) -> MotionResult {
        let row = try AssemblyTables.motions.require(motion, in: state, else: AssemblyReason.motionUnknown)
        return try run(motion: motion, row, in: state)
    }

    static func run<Source: StateReading & ~Copyable>(
        motion: String, _ row: MotionRow, in state: borrowing Source
    ) throws(Reason) -> MotionResult {
        var count = MotionCount()
        var number: Int64 = 1
        while number <= row.units {
            try count.take(number, motion: motion, row, in: state)
            number += 1
        }
        var concerned: HeadHolder<String>?
        if let unit = row.unit {
            let owner = try OwnerRoll.unit(unit, in: state)?.entry.owner
            concerned = owner.map(HeadHolder.owner) ?? .developerUnsold
        }
        return try count.result(row.matter, concerned: concerned)
    }

    private mutating func take<Source: StateReading & ~Copyable>(
        _ number: Int64, motion: String, _ row: MotionRow, in state: borrowing Source
    ) throws(Reason) {
        let id = AssemblyTables.ballotID(motion: motion, number: number)
        if let ballot = try AssemblyTables.ballots.find(id, in: state) {
            totalArea = try totalArea.adding(ballot.area.hundredths)
            areas[ballot.choice] = try (areas[ballot.choice] ?? 0).adding(ballot.area.hundredths)
            heads[ballot.owner, default: Head()].choices.insert(ballot.choice)
            ballots += 1
            return
        }
        guard let unit = try OwnerRoll.unit(number: number, in: state)?.row.entry else { throw Reason.stateDamaged }
        guard row.scope.includes(building: unit.building) else { return }
        totalArea = try totalArea.adding(unit.area.hundredths)
        if let owner = unit.owner {
            if heads[owner] == nil { heads[owner] = Head() }
        } else {
            developerHead = true
        }
    }

    private func result(_ matter: MotionSubject, concerned: HeadHolder<String>?) throws(Reason) -> MotionResult {
        var sides: [BallotChoice: Weight] = [:]
        for choice in BallotChoice.allCases { sides[choice] = Weight(heads: 0, area: areas[choice] ?? 0) }
        var participating = Weight.none
        // Only sums are taken from the dictionary, so its order does not matter.
        for head in heads.values {
            guard let choice = MotionCount.side(head.choices) else { continue }
            sides[choice]?.heads += 1
            participating.heads += 1
        }
        for area in areas.values { participating.area = try participating.area.adding(area) }
        let total = Weight(heads: Int64(heads.count) + (developerHead ? 1 : 0), area: totalArea)
        var result = MotionResult(
            majority: matter.majority, total: total, sides: sides, participating: participating, ballots: ballots)
        do throws(TallyError) {
            switch matter {
            case .item(let item): result.passed = AssemblyDecision(try result.tally(), on: item).passed
            case .conversion:
                let consent = consent(concerned: concerned)
                result.consent = consent
                result.passed =
                    try UnanimousConsent(
                        interested: consent.interested, consenting: consent.consenting, refusing: consent.refusing
                    ).granted
            }
        } catch {
            result.problem = error.code
        }
        return result
    }

    /// The side on which a head counts; nil for one that has not voted.
    private static func side(_ choices: Set<BallotChoice>) -> BallotChoice? {
        choices.count > 1 ? .abstain : choices.first
    }

    private func consent(concerned: HeadHolder<String>?) -> MotionResult.Consent {
        var consent = MotionResult.Consent(interested: 0, consenting: 0, refusing: 0)
        if developerHead, concerned != .developerUnsold { consent.interested += 1 }
        for (owner, head) in heads where concerned != .owner(owner) {
            consent.interested += 1
            if head.choices == [.yes] { consent.consenting += 1 }
            if head.choices.contains(.no) { consent.refusing += 1 }
        }
        return consent
    }
}
