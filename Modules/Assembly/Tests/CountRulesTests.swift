import AssemblyContract
import ContractKit
import LedgerTesting
import Primitives
import RegistryContract
import Testing

/// The vectors of Civil Code article 278 through enrolled owners, real ballots and the clock.
@Suite struct CountRulesTests {
    @Test("900 heads: quorum and majorities at their edges")
    func heads() throws {
        let estate = try Estate(areas: Array(repeating: 10_000, count: 900))
        let cases: [(participating: Int, yes: Int, matter: MotionMatter, quorum: Bool, passed: Bool)] = [
            (600, 600, .covenant, true, true), (599, 599, .covenant, false, false), (900, 900, .covenant, true, true),
            (600, 300, .propertyManager, true, false), (600, 301, .propertyManager, true, true),
            (600, 450, .rebuild, true, true), (600, 449, .rebuild, true, false),
        ]
        for (index, vector) in cases.enumerated() {
            try estate.open("m\(index)", .item(vector.matter))
            try estate.castMany(
                "m\(index)", (1...vector.participating).map { ($0, $0 <= vector.yes ? .yes : .no) })
        }
        for (index, vector) in cases.enumerated() {
            let result = try estate.close(index)
            #expect(result.total == Weight(heads: 900, area: 9_000_000), "\(vector)")
            #expect(result.participating.heads == Int64(vector.participating), "\(vector)")
            #expect(result.yes.heads == Int64(vector.yes), "\(vector)")
            #expect(result.decision?.quorumMet == vector.quorum, "\(vector)")
            #expect(result.passed == vector.passed && result.decision?.passed == vector.passed, "\(vector)")
        }
    }

    @Test("100,000.00 m²: 66,666.67 meets the quorum, 66,666.66 does not", arguments: [Int64(3_333_334), 3_333_333])
    func area(second: Int64) throws {
        let estate = try Estate(areas: [3_333_333, second, 10_000_000 - 3_333_333 - second])
        try estate.open("m1")
        for owner in 1...2 { try estate.cast("m1", owner, .yes) }
        let result = try estate.close("m1")
        #expect(result.total.area == 10_000_000)
        #expect(result.passed == (second == 3_333_334))
        #expect(result.decision?.lines.filter { !$0.holds }.map(\.subject) == (result.passed ? [] : [.quorumArea]))
    }

    @Test("(2022)渝05民终5659: 3,936 heads take part, 3,179 say yes; ordinary and special pass")
    func chongqing() throws {
        // 3,936 of 5,726 heads are 68.74 %, 340,575.45 of 482,880.26 m² are 70.53 %.
        let yes = split(28_119_421, 3_179)
        let no = split(34_057_545 - 28_119_421, 3_936 - 3_179)
        let silent = split(48_288_026 - 34_057_545, 5_726 - 3_936)
        let estate = try Estate(areas: yes + no + silent)
        try estate.open("m0", .item(.propertyManager))
        try estate.open("m1", .item(.commonPartsUse))
        for motion in ["m0", "m1"] {
            try estate.castMany(motion, (1...3_936).map { ($0, $0 <= 3_179 ? .yes : .no) })
        }
        for index in 0...1 {
            let result = try estate.close(index)
            #expect(result.total == Weight(heads: 5_726, area: 48_288_026))
            #expect(result.participating == Weight(heads: 3_936, area: 34_057_545))
            #expect(result.yes == Weight(heads: 3_179, area: 28_119_421))
            #expect(result.ballots == 3_936 && result.passed)
        }
    }

    @Test func anOwnerWithSeveralUnitsIsOneHead() throws {
        let estate = try Estate(areas: [10_000, 20_000, 30_000, 40_000, 50_000])
        // o1 owns u1, u2 and u3; o4 and o5 one each; the developer holds d1 and d2.
        try estate.bring([
            Estate.row("u2", area: 20_000, owner: "o1"), Estate.row("u3", area: 30_000, owner: "o1"),
            Estate.row("d1", area: 1_000, owner: nil), Estate.row("d2", area: 2_000, owner: nil),
        ])
        try estate.open("m1")
        try estate.open("m2")
        for unit in ["u1", "u2"] { try estate.cast("m1", 1, .yes, unit: unit) }
        try estate.cast("m1", 4, .yes)
        var result = try cast("m2", estate)
        #expect(result.total == Weight(heads: 4, area: 153_000), "three owners and the developer")
        // Cast differently: the head takes part and abstains, the areas count as cast.
        #expect(result.yes == Weight(heads: 0, area: 10_000))
        #expect(result.no == Weight(heads: 1, area: 70_000))
        #expect(result.abstain == Weight(heads: 1, area: 30_000))
        #expect(result.participating == Weight(heads: 2, area: 110_000))
        result = try AssemblyTables.results.require("m1", in: estate.bench.state, else: .stateDamaged)
        // u3 was not cast: the head counts once, its area does not.
        #expect(result.yes == Weight(heads: 2, area: 70_000) && result.participating == result.yes)
        #expect(!result.passed, "2 of 4 heads are no quorum")
    }

    private func cast(_ motion: String, _ estate: Estate) throws -> MotionResult {
        try estate.cast(motion, 1, .yes, unit: "u1")
        try estate.cast(motion, 1, .no, unit: "u2")
        try estate.cast(motion, 1, .abstain, unit: "u3")
        try estate.cast(motion, 5, .no)
        return try estate.close(motion)
    }

    @Test func aBuildingVotesAlone() throws {
        let estate = try Estate(areas: [10_000, 10_000])
        try estate.bring([Estate.row("v1", "b2", owner: "o1"), Estate.row("d1", "b2", owner: nil)])
        try estate.open("m1", scope: .building("b1"))
        for owner in 1...2 { try estate.cast("m1", owner, .yes) }
        let result = try estate.close("m1")
        #expect(result.total == Weight(heads: 2, area: 20_000) && result.passed)
    }

    @Test func nobodyVotes() throws {
        let estate = try Estate(areas: [10_000])
        try estate.open("m1")
        let result = try estate.close("m1")
        #expect(result.participating == .none && result.ballots == 0 && !result.passed && result.problem == nil)
    }

    @Test("Article 279: every other owner of the building consents", arguments: [0, 1, 2, 3])
    func conversion(variant: Int) throws {
        let estate = try Estate(areas: [10_000, 10_000, 10_000, 10_000])
        try estate.bring([Estate.row("u4", owner: "o3"), Estate.row("v1", "b2", owner: "o4")])
        try estate.open("m1", .conversion, scope: .building("b1"), unit: "u1")
        #expect(estate.refusal { try estate.cast("m1", 1, .yes) } == "assembly.unitOutside")
        #expect(estate.refusal { try estate.cast("m1", 4, .yes, unit: "v1") } == "assembly.unitOutside")
        try estate.cast("m1", 2, .yes)
        try estate.cast("m1", 3, .yes)
        switch variant {
        case 1: try estate.cast("m1", 3, .no, unit: "u4")
        case 2: try estate.cast("m1", 3, .abstain, unit: "u4")
        case 3: try estate.bring([Estate.row("d1", owner: nil)])
        default: break
        }
        let result = try estate.close("m1")
        #expect(result.majority == .unanimous && result.decision == nil && result.problem == nil)
        #expect(result.consent?.interested == 2)
        #expect(result.consent?.consenting == (variant == 1 || variant == 2 ? 1 : 2))
        #expect(result.consent?.refusing == (variant == 1 ? 1 : 0))
        #expect(result.passed == (variant == 0 || variant == 3), "a unit that came later has no say")
    }

    @Test func aConversionThatConcernsNobodyElseDecidesNothing() throws {
        let estate = try Estate(areas: [10_000])
        try estate.open("m1", .conversion, scope: .building("b1"), unit: "u1")
        let result = try estate.close("m1")
        #expect(result.problem == "assembly.tally.no-owners" && !result.passed)
    }

    @Test func theDevelopersHomesNeedConsentToo() throws {
        let estate = try Estate(areas: [10_000, 10_000])
        try estate.bring([Estate.row("d1", owner: nil)])
        try estate.open("m1", .conversion, scope: .building("b1"), unit: "u1")
        try estate.cast("m1", 2, .yes)
        let result = try estate.close("m1")
        #expect(result.consent?.interested == 2 && result.consent?.consenting == 1 && !result.passed)
    }

    /// The count costs in proportion to the units, whatever else is in the state.
    @Test func countingReadsEachUnitAFewTimes() throws {
        let estate = try Estate(areas: Array(repeating: 10_000, count: 300))
        try estate.open("m1")
        try estate.castMany("m1", (1...100).map { ($0, .yes) })
        let before = estate.bench.state.reads
        let result = try MotionCount.run(motion: "m1", in: estate.bench.state)
        #expect(estate.bench.state.reads - before <= 100 + 200 * 3 + 2)
        #expect(result.yes.heads == 100 && result.total.heads == 300)
    }

    private func split(_ total: Int64, _ count: Int) -> [Int64] {
        let share = total / Int64(count)
        let rest = Int(total % Int64(count))
        return (0..<count).map { share + ($0 < rest ? 1 : 0) }
    }
}

extension Estate {
    /// Closes motion `m<index>`; motions of one test end together, so the result is read from the state.
    fileprivate func close(_ index: Int) throws -> MotionResult {
        let row = try AssemblyTables.motions.require("m\(index)", in: bench.state, else: .stateDamaged)
        bench.advance(to: row.closes)
        return try AssemblyTables.results.require("m\(index)", in: bench.state, else: .stateDamaged)
    }
}
