import AssemblyContract
import Testing

@Suite("Owners' assembly decisions (Civil Code 278, 279)")
struct DecisionTests {
    /// A tally in which area mirrors heads at 100 m² a head, so that heads alone decide.
    func byHeads(total: Int64, participating: Int64, yes: Int64) throws -> AssemblyTally {
        func weight(_ heads: Int64) -> Weight { Weight(heads: heads, area: heads * 10_000) }
        return try AssemblyTally(
            total: weight(total), yes: weight(yes), no: weight(participating - yes), abstain: .none)
    }

    @Test("Quorum by heads", arguments: [(600, true), (599, false), (900, true), (0, false)])
    func quorumByHeads(participating: Int64, met: Bool) throws {
        // Area beyond doubt, so that only the heads can fail.
        let weight = Weight(heads: participating, area: 10_000_000)
        let tally = try AssemblyTally(
            total: Weight(heads: 900, area: 10_000_000), yes: weight, no: .none, abstain: .none)
        let decision = AssemblyDecision(tally, on: .covenant)
        #expect(decision.quorumMet == met)
        #expect(decision.passed == met)
        #expect(decision.lines.filter { !$0.holds }.map(\.subject).contains(.quorumHeads) == !met)
    }

    @Test("Quorum by area", arguments: [(6_666_667, true), (6_666_666, false)])
    func quorumByArea(area: Int64, met: Bool) throws {
        let tally = try AssemblyTally(
            total: Weight(heads: 900, area: 10_000_000), yes: Weight(heads: 900, area: area), no: .none,
            abstain: .none)
        let decision = AssemblyDecision(tally, on: .covenant)
        #expect(decision.quorumMet == met)
        #expect(decision.lines[0].left == UInt128(3 * area))
        #expect(decision.lines[0].right == 20_000_000)
    }

    @Test(
        "Majorities of 600 participants",
        arguments: [
            (300, false, false), (301, true, false), (449, true, false), (450, true, true), (600, true, true),
        ])
    func majorities(yes: Int64, ordinary: Bool, special: Bool) throws {
        let tally = try byHeads(total: 900, participating: 600, yes: yes)
        #expect(AssemblyDecision(tally, on: .propertyManager).passed == ordinary)
        #expect(AssemblyDecision(tally, on: .rebuild).passed == special)
    }

    /// The judgment states participating heads and area and their percentages, rounded to 0.01 %. Any total whose
    /// share rounds to that percentage fits it; the two ends of that range are both tried: total = participating ÷
    /// (percentage ∓ 0.005 %), the smaller rounded up, the larger down.
    @Test("(2022)渝05民终5659: both majorities hold for every total that fits the judgment", arguments: [false, true])
    func chongqing(largestTotals: Bool) throws {
        // In 0.001 % steps: 68.74 % lies between 68.735 and 68.745.
        func total(_ part: Int64, _ percentTimes1000: Int64) -> Int64 {
            largestTotals
                ? part * 100_000 / (percentTimes1000 - 5)
                : (part * 100_000 + percentTimes1000 + 4) / (percentTimes1000 + 5)
        }
        let participating = Weight(heads: 3_936, area: 34_057_545)
        let yes = Weight(heads: 3_179, area: 28_119_421)
        let all = Weight(heads: total(3_936, 68_740), area: total(34_057_545, 70_530))
        let tally = try AssemblyTally(
            total: all, yes: yes,
            no: Weight(heads: participating.heads - yes.heads, area: participating.area - yes.area), abstain: .none)
        #expect(tally.participating == participating)
        // The stated shares of yes: 80.77 % and 82.56 %, rounded to the nearest 0.01 %.
        #expect((yes.heads * 100_000 / participating.heads + 5) / 10 == 8_077)
        #expect((yes.area * 100_000 / participating.area + 5) / 10 == 8_256)
        #expect(AssemblyDecision(tally, rule: .civilCode(.ordinary)).passed)
        #expect(AssemblyDecision(tally, rule: .civilCode(.special)).passed)
    }

    @Test("Both measures are needed")
    func bothMeasures() throws {
        // 601 of 900 heads say yes but hold little; the large owners say no.
        let tally = try AssemblyTally(
            total: Weight(heads: 900, area: 1_000_000), yes: Weight(heads: 601, area: 400_000),
            no: Weight(heads: 10, area: 500_000), abstain: .none)
        let decision = AssemblyDecision(tally, on: .committeeElection)
        #expect(decision.quorumMet)
        #expect(!decision.passed)
        #expect(decision.lines.filter { !$0.holds }.map(\.subject) == [.approvalArea])
    }

    @Test("Abstaining takes part and is not yes")
    func abstaining() throws {
        let with = try AssemblyTally(
            total: Weight(heads: 9, area: 900), yes: Weight(heads: 3, area: 300), no: .none,
            abstain: Weight(heads: 3, area: 300))
        let decision = AssemblyDecision(with, on: .otherMajorMatter)
        #expect(decision.quorumMet)
        #expect(!decision.passed)
    }

    @Test("The matters and their majorities")
    func matters() {
        #expect(MotionMatter.allCases.map(\.rawValue) == Array(1...9))
        #expect(MotionMatter.allCases.filter { $0.majority == .special }.map(\.rawValue) == [6, 7, 8])
    }

    @Test("Numbers that contradict each other are refused")
    func refused() {
        let one = Weight(heads: 1, area: 1)
        let two = Weight(heads: 2, area: 2)
        #expect(throws: TallyError.noOwners) { try AssemblyTally(total: .none, yes: .none, no: .none, abstain: .none) }
        #expect(throws: TallyError.exceedsWhole) { try AssemblyTally(total: one, yes: two, no: .none, abstain: .none) }
        #expect(throws: TallyError.exceedsWhole) {
            try AssemblyTally(total: two, participating: one, yes: two, no: .none, abstain: .none)
        }
        #expect(throws: TallyError.negative) {
            try AssemblyTally(total: two, yes: Weight(heads: -1, area: 0), no: .none, abstain: .none)
        }
        let huge = Weight(heads: .max, area: .max)
        #expect(throws: TallyError.tooLarge) { try AssemblyTally(total: huge, yes: huge, no: one, abstain: .none) }
    }

    @Test("The largest numbers do not overflow")
    func largest() throws {
        let huge = Weight(heads: .max, area: .max)
        let decision = AssemblyDecision(
            try AssemblyTally(total: huge, yes: huge, no: .none, abstain: .none), on: .rebuild)
        #expect(decision.passed)
        #expect(decision.lines[0].left == 3 * UInt128(Int64.max))
    }

    @Test("Heads: one owner one head, unsold parts one head, areas add")
    func heads() throws {
        let roll = try OwnerRollCount<String>([
            (.owner("Wang"), 8_000), (.owner("Wang"), 2_000), (.owner("Li"), 9_000), (.developerUnsold, 5_000),
            (.developerUnsold, 6_000),
        ])
        #expect(roll.total == Weight(heads: 3, area: 30_000))
        let tally = try roll.tally([(.owner("Wang"), .yes), (.developerUnsold, .abstain)])
        #expect(tally.yes == Weight(heads: 1, area: 10_000))
        #expect(tally.participating == Weight(heads: 2, area: 21_000))
        #expect(throws: TallyError.unknownOwner) { try roll.tally([(.owner("Zhao"), .yes)]) }
        #expect(throws: TallyError.duplicateBallot) { try roll.tally([(.owner("Li"), .yes), (.owner("Li"), .no)]) }
        #expect(throws: TallyError.noOwners) { try OwnerRollCount<String>([]) }
        #expect(throws: TallyError.tooLarge) {
            try OwnerRollCount<String>([(.owner("a"), .max), (.owner("b"), 1)])
        }
    }

    @Test("Home to business needs every interested owner")
    func unanimous() throws {
        #expect(try UnanimousConsent(interested: 12, consenting: 12, refusing: 0).granted)
        let almost = try UnanimousConsent(interested: 12, consenting: 11, refusing: 0)
        #expect(!almost.granted)
        #expect(almost.silent == 1)
        #expect(throws: TallyError.noOwners) { try UnanimousConsent(interested: 0, consenting: 0, refusing: 0) }
        #expect(throws: TallyError.exceedsWhole) { try UnanimousConsent(interested: 2, consenting: 2, refusing: 1) }
    }

    @Test("Seeded: the formulas, and more yes never harms", arguments: [UInt64(20_260_101), 7, 4_711])
    func properties(seed: UInt64) throws {
        print("DecisionTests seed \(seed)")
        var random = SplitMix64(seed)
        var outcomes: [Bool: Int] = [:]
        for _ in 0..<3_000 {
            let total = Weight(heads: random.next(1...40), area: random.next(1...60))
            let part = Weight(heads: random.next(0...total.heads), area: random.next(0...total.area))
            let yes = Weight(heads: random.next(0...part.heads), area: random.next(0...part.area))
            let tally = try AssemblyTally(
                total: total, participating: part, yes: yes, no: .none,
                abstain: .none)
            let quorum = 3 * part.area >= 2 * total.area && 3 * part.heads >= 2 * total.heads
            let ordinary = quorum && 2 * yes.area > part.area && 2 * yes.heads > part.heads
            let special = quorum && 4 * yes.area >= 3 * part.area && 4 * yes.heads >= 3 * part.heads
            #expect(AssemblyDecision(tally, on: .covenant).passed == ordinary, "seed \(seed)")
            #expect(AssemblyDecision(tally, on: .rebuild).passed == special, "seed \(seed)")
            #expect(!special || ordinary, "special implies ordinary, seed \(seed)")
            outcomes[special, default: 0] += 1
            if ordinary, yes.heads < part.heads {
                let more = try AssemblyTally(
                    total: total, participating: part, yes: Weight(heads: yes.heads + 1, area: yes.area), no: .none,
                    abstain: .none)
                #expect(AssemblyDecision(more, on: .covenant).passed, "seed \(seed)")
            }
        }
        #expect((outcomes[true] ?? 0) > 20 && (outcomes[false] ?? 0) > 20, "both outcomes occur, seed \(seed)")
    }
}

/// A small seeded generator (Steele, Lea, Flood: SplitMix64, 2014).
struct SplitMix64 {
    private var state: UInt64

    init(_ seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var z = state
        z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
        return z ^ (z >> 31)
    }

    mutating func next(_ range: ClosedRange<Int64>) -> Int64 {
        range.lowerBound + Int64(next() % UInt64(range.upperBound - range.lowerBound + 1))
    }
}
