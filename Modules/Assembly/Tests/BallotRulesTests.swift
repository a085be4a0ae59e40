import AssemblyContract
import ContractKit
import LedgerTesting
import Primitives
import RegistryContract
import Testing

@Suite struct BallotRulesTests {
    @Test func aBallotIsRecordedWithItsUnit() throws {
        let estate = try Estate(areas: [6_000, 8_000])
        try estate.open("m1")
        let events = try estate.cast("m1", 2, .no)
        let cast = try BallotCast(event: try #require(events.first)).ballot
        #expect(events.count == 1)
        #expect(cast.motion == "m1" && cast.unit == "u2" && cast.unitNumber == 2 && cast.owner == "o2")
        #expect(cast.area.hundredths == 8_000 && cast.choice == .no)
        let row = try AssemblyTables.ballots.find("m1/2", in: estate.bench.state)
        #expect(row?.choice == .no && row?.owner == "o2" && row?.changed == false)
        let turnout = try AssemblyTables.turnouts.find("m1", in: estate.bench.state)
        #expect(turnout?.ballots == 1 && turnout?.area.hundredths == 8_000)
        #expect(estate.bench.lastSize < 300)
    }

    @Test func castingRefuses() throws {
        let estate = try Estate(areas: [6_000, 8_000])
        try estate.bring([Estate.row("d1", owner: nil), Estate.row("v1", "b2", owner: "o1")])
        try estate.open("m1", scope: .building("b1"))
        #expect(estate.refusal { try estate.cast("m9", 1, .yes) } == "assembly.motionUnknown")
        #expect(estate.refusal { try estate.cast("m1", 1, .yes, unit: "u9") } == "assembly.unitUnknown")
        #expect(estate.refusal { try estate.cast("m1", 1, .yes, unit: "u2") } == "assembly.notOwner")
        #expect(estate.refusal { try estate.cast("m1", 1, .yes, unit: "d1") } == "assembly.notOwner")
        #expect(estate.refusal { try estate.cast("m1", 1, .yes, unit: "v1") } == "assembly.unitOutside")
        let tenant = AssistedAccount(key: RuleBench.key(50))
        try estate.bench.run(OpenAccounts(accounts: [tenant]), as: Estate.registrar)
        #expect(estate.refusal { try estate.cast("m1", 50, .yes, unit: "d1") } == "assembly.notOwner")
        let staff = estate.refusal {
            try estate.bench.run(CastBallot(motion: "m1", unit: "u1", choice: .yes), as: Estate.convener)
        }
        #expect(staff == "account.role")
        try estate.cast("m1", 1, .yes)
        #expect(estate.refusal { try estate.cast("m1", 1, .yes) } == "assembly.ballotSecond")
        #expect(estate.refusal { try estate.cast("m1", 1, .no) } == "assembly.ballotSecond")
    }

    @Test func aUnitThatCameAfterTheBeginningHasNoVote() throws {
        let estate = try Estate(areas: [6_000])
        try estate.open("m1")
        try estate.bring([Estate.row("u2", owner: "o1")])
        #expect(estate.refusal { try estate.cast("m1", 1, .yes, unit: "u2") } == "assembly.unitOutside")
        try estate.cast("m1", 1, .yes)
        let result = try estate.close("m1")
        #expect(result.total == Weight(heads: 1, area: 6_000) && result.passed)
    }

    @Test func aBallotMayBeChangedOnceWhereThePolicySaysSo() throws {
        let estate = try Estate(
            areas: [6_000, 8_000], parameters: Estate.hasty + [(AssemblyParameters.changePolicy, .text("once"))])
        try estate.open("m1")
        // A motion keeps the policy it was announced with.
        estate.set(AssemblyParameters.changePolicy, .text("none"))
        try estate.open("m2")
        try estate.cast("m1", 1, .yes)
        let events = try estate.cast("m1", 1, .no)
        #expect(events.map(\.eventName) == ["assembly.ballotChanged"])
        #expect(try BallotChanged(event: try #require(events.first)).ballot.choice == .no)
        #expect(try AssemblyTables.turnouts.find("m1", in: estate.bench.state)?.ballots == 1)
        #expect(estate.refusal { try estate.cast("m1", 1, .yes) } == "assembly.ballotSecond")
        try estate.cast("m2", 1, .yes)
        #expect(estate.refusal { try estate.cast("m2", 1, .no) } == "assembly.ballotSecond")
        let result = try estate.close("m1")
        #expect(result.no == Weight(heads: 1, area: 6_000) && result.yes == .none)
    }

    @Test func anUnknownPolicyIsNone() throws {
        let estate = try Estate(
            areas: [6_000], parameters: Estate.hasty + [(AssemblyParameters.changePolicy, .text("many"))])
        estate.set(AssemblyParameters.changePolicy, .text("xxxx"))
        try estate.open("m1")
        try estate.cast("m1", 1, .yes)
        #expect(estate.refusal { try estate.cast("m1", 1, .no) } == "assembly.ballotSecond")
    }

    @Test func aUnitSoldDuringVoting() throws {
        let estate = try Estate(
            areas: [10_000, 10_000, 10_000, 10_000],
            parameters: Estate.hasty + [(AssemblyParameters.changePolicy, .text("once"))])
        try estate.open("m1")
        // Cast before the sale: it stands, and neither the seller nor the buyer may change it.
        try estate.cast("m1", 1, .yes)
        try estate.sell("u1", to: "o4")
        #expect(estate.refusal { try estate.cast("m1", 1, .no) } == "assembly.notOwner")
        #expect(estate.refusal { try estate.cast("m1", 4, .no, unit: "u1") } == "assembly.ballotSecond")
        // Sold before it was cast: the buyer votes.
        try estate.sell("u2", to: "o3")
        #expect(estate.refusal { try estate.cast("m1", 2, .yes) } == "assembly.notOwner")
        try estate.cast("m1", 3, .yes, unit: "u2")
        try estate.cast("m1", 3, .yes)
        let result = try estate.close("m1")
        // Heads of the count: o1 (by its ballot), o3 (u2 and u3), o4 (u4, silent).
        #expect(result.total == Weight(heads: 3, area: 40_000))
        #expect(result.participating == Weight(heads: 2, area: 30_000))
        #expect(result.yes == Weight(heads: 2, area: 30_000) && result.passed)
        #expect(try AssemblyTables.rolls.find("m1", in: estate.bench.state)?.heads == 4)
    }

    /// A head that becomes two during voting must not make more participants than there are heads.
    @Test func sellerAndBuyerOfOneHeadBothVote() throws {
        let estate = try Estate(areas: [10_000, 10_000])
        try estate.sell("u2", to: "o1")
        try estate.open("m1")
        #expect(try AssemblyTables.rolls.find("m1", in: estate.bench.state)?.heads == 1)
        try estate.cast("m1", 1, .yes)
        try estate.sell("u2", to: "o2")
        try estate.cast("m1", 2, .yes)
        let result = try estate.close("m1")
        #expect(result.total == Weight(heads: 2, area: 20_000) && result.participating == result.total)
        #expect(result.problem == nil && result.passed)
    }

    /// An area corrected during voting counts as it was when the ballot was cast.
    @Test func anAreaCorrectedDuringVoting() throws {
        let estate = try Estate(areas: [10_000, 10_000])
        try estate.open("m1")
        try estate.cast("m1", 1, .yes)
        try estate.sell("u1", to: "o1", area: 1)
        try estate.sell("u2", to: "o2", area: 4_999)
        let result = try estate.close("m1")
        #expect(result.yes.area == 10_000 && result.total.area == 14_999)
        #expect(result.problem == nil)
    }
}
