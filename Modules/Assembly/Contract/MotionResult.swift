package import ContractKit
package import Primitives

/// The outcome of a motion with every number from which anybody can recompute it: row `assembly/result/<motion>` and
/// part of the event `assembly.closed`.
///
/// The whole is the roll of the count: each unit that was on the roll when voting began, with the owner and area under
/// which its ballot was cast, or those of the roll at closing where it cast none. Without sales or corrections during
/// voting this is the roll at the beginning.
package struct MotionResult: Record, Hashable {
    /// Abstentions 弃权: heads that abstained, or whose units were cast differently; area of abstaining units.
    package var abstain: Weight
    /// Units that voted.
    package var ballots: Int64
    /// For unanimous consent: owners whose consent is needed, who consent, and who refuse.
    package var consent: Consent?
    /// What it takes.
    package var majority: MajorityKind
    /// No 反对.
    package var no: Weight
    /// Who took part 参与表决.
    package var participating: Weight
    /// Whether the motion is carried.
    package var passed: Bool
    /// Why nothing could be counted, a code of ``TallyError``; nil in every ordinary case.
    package var problem: String?
    /// All heads and all area of the scope.
    package var total: Weight
    /// Yes 同意.
    package var yes: Weight

    /// The numbers of a unanimous consent (Civil Code article 279).
    package struct Consent: Record, Hashable {
        /// Owners who consent: all units that they voted for say yes.
        package var consenting: Int64
        /// Owners whose consent is needed: all of the building but the one concerned.
        package var interested: Int64
        /// Owners of whom at least one unit says no.
        package var refusing: Int64

        init(interested: Int64, consenting: Int64, refusing: Int64) {
            self.interested = interested
            self.consenting = consenting
            self.refusing = refusing
        }

        /// Reads the numbers.
        package init(_ fields: inout Fields) throws(Reason) {
            consenting = try fields.integer("consenting", in: MotionResult.numbers)
            interested = try fields.integer("interested", in: MotionResult.numbers)
            refusing = try fields.integer("refusing", in: MotionResult.numbers)
        }

        /// Writes the numbers.
        package func write(to fields: inout JSONWriter) {
            fields.field("consenting", consenting)
            fields.field("interested", interested)
            fields.field("refusing", refusing)
        }
    }

    static let numbers: ClosedRange<Int64> = 0...Int64(1) << 53

    init(majority: MajorityKind, total: Weight, sides: [BallotChoice: Weight], participating: Weight, ballots: Int64) {
        self.majority = majority
        self.total = total
        self.participating = participating
        self.ballots = ballots
        yes = sides[.yes] ?? .none
        no = sides[.no] ?? .none
        abstain = sides[.abstain] ?? .none
        passed = false
    }

    /// The consistent tally of these numbers.
    package func tally() throws(TallyError) -> AssemblyTally {
        try AssemblyTally(total: total, participating: participating, yes: yes, no: no, abstain: abstain)
    }

    /// The inequalities line by line; nil for a unanimous consent and where nothing could be counted.
    package var decision: AssemblyDecision? {
        let kind: Majority
        switch majority {
        case .ordinary: kind = .ordinary
        case .special: kind = .special
        case .unanimous: return nil
        }
        guard let tally = try? tally() else { return nil }
        return AssemblyDecision(tally, rule: .civilCode(kind))
    }

    /// Reads the result.
    package init(_ fields: inout Fields) throws(Reason) {
        abstain = try fields.weight("abstainArea", "abstainHeads")
        ballots = try fields.integer("ballots", in: MotionResult.numbers)
        consent = try fields.optionalRecord("consent")
        majority = try fields.word("majority")
        no = try fields.weight("noArea", "noHeads")
        participating = try fields.weight("participatingArea", "participatingHeads")
        passed = try fields.bool("passed")
        problem = try fields.optionalString("problem", bytes: 1...64)
        total = try fields.weight("totalArea", "totalHeads")
        yes = try fields.weight("yesArea", "yesHeads")
    }

    /// Writes the result.
    package func write(to fields: inout JSONWriter) {
        fields.field("abstainArea", abstain.area)
        fields.field("abstainHeads", abstain.heads)
        fields.field("ballots", ballots)
        if let consent { fields.field("consent", object: { consent.write(to: &$0) }) }
        fields.field("majority", majority.rawValue)
        fields.field("noArea", no.area)
        fields.field("noHeads", no.heads)
        fields.field("participatingArea", participating.area)
        fields.field("participatingHeads", participating.heads)
        fields.field("passed", passed)
        if let problem { fields.field("problem", problem) }
        fields.field("totalArea", total.area)
        fields.field("totalHeads", total.heads)
        fields.field("yesArea", yes.area)
        fields.field("yesHeads", yes.heads)
    }
}

extension Fields {
    /// A weight from two fields.
    fileprivate mutating func weight(_ area: StaticString, _ heads: StaticString) throws(Reason) -> Weight {
        let area = try integer(area, in: MotionResult.numbers)
        return Weight(heads: try integer(heads, in: MotionResult.numbers), area: area)
    }
}
