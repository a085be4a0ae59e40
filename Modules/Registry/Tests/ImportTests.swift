import ConstitutionContract
import ContractKit
import LedgerTesting
import Primitives
import RegistryContract
import Testing

@Suite struct ImportTests {
    @Test func countsUnitsHeadsAndArea() throws {
        let roll = Roll()
        try roll.bring([
            Roll.row("u1", "b1", area: 9_000, owner: "o1"), Roll.row("u2", "b1", area: 8_000, owner: "o2"),
            Roll.row("u3", "b2", area: 7_000, owner: "o1"), Roll.row("u4", "b2", area: 6_000, owner: nil),
            Roll.row("u5", "b2", area: 5_000, owner: nil),
        ])
        let estate = try OwnerRoll.totals(.estate, in: roll.bench.state)
        #expect(estate.units == 5 && estate.area.hundredths == 35_000)
        #expect(estate.heads == 3, "o1 with two units is one head, the developer's two units are one")
        #expect(try roll.heads(.building("b1")) == 2)
        #expect(try roll.heads(.building("b2")) == 2)
        #expect(try roll.heads(.building("b3")) == 0)
        #expect(try OwnerRoll.units(ofOwner: "o1", in: roll.bench.state) == ["u1", "u3"])
        #expect(try OwnerRoll.unitCount(in: roll.bench.state) == 5)
        for number in Int64(1)...5 {
            #expect(try OwnerRoll.unit(number: number, in: roll.bench.state)?.id == "u\(number)")
        }
        #expect(try OwnerRoll.unit(number: 6, in: roll.bench.state) == nil)
        #expect(try OwnerRoll.unit(number: -1, in: roll.bench.state) == nil)
        #expect(try OwnerRoll.unit("u4", in: roll.bench.state)?.entry.owner == nil)
    }

    @Test func importingAgainChangesNothing() throws {
        let roll = Roll()
        let rows = (0..<20).map { Roll.row("u\($0)", "b\($0 % 3)", owner: $0 % 4 == 0 ? nil : "o\($0 % 5)") }
        #expect(try roll.bring(rows).count == 20)
        let before = roll.bench.state.snapshot
        #expect(try roll.bring(rows).isEmpty)
        #expect(try roll.bring(rows.reversed()).isEmpty)
        #expect(roll.bench.state.snapshot == before)
    }

    @Test func aSaleMovesTheHead() throws {
        let roll = Roll()
        try roll.bring([Roll.row("u1", owner: nil), Roll.row("u2", owner: "o1")])
        let events = try roll.bring([Roll.row("u1", owner: "o2")])
        #expect(events.map(\.eventName) == ["registry.unitChanged"])
        let event = try UnitChanged(event: events[0])
        #expect(event.unit == "u1" && event.row.entry.owner == "o2" && event.row.number == 1)
        #expect(try roll.heads() == 2, "the developer has sold out")
        try roll.bring([Roll.row("u1", owner: "o1")])
        #expect(try roll.heads() == 1)
        #expect(try roll.bench.state.rows(of: RegistryTables.owners).map(\.id) == ["o1"])
    }

    @Test func nothingIsHalfImported() throws {
        let roll = Roll()
        try roll.bring([Roll.row("u1", owner: "o1")])
        let before = roll.bench.state.snapshot
        let full = (0..<200).map { Roll.row("v\($0)", owner: "o9") }
        for start in stride(from: 0, to: 1_000, by: 200) {
            try roll.bring(full.map { Roll.row("\($0.unit)x\(start)", owner: "o9") })
        }
        let filled = roll.bench.state.snapshot
        #expect(filled != before)
        #expect(throws: RegistryReason.ownerFull.at("rows[1]")) {
            try roll.bring([Roll.row("u1", owner: "o7"), Roll.row("one-more", owner: "o9")])
        }
        #expect(roll.bench.state.snapshot == filled)
        // A change within the full owner's units is no addition.
        try roll.bring([Roll.row("v0x0", "b2", owner: "o9")])
    }

    @Test func refusesWhatIsNoRow() throws {
        let roll = Roll()
        #expect(throws: RegistryReason.unitRepeated.at("rows[1].unit")) {
            try roll.bring([Roll.row("u1", owner: "o1"), Roll.row("u1", owner: "o2")])
        }
        func refusal(_ row: String) -> Reason? {
            do throws(Reason) {
                try roll.bench.run(ImportUnits.self, json: "{\"rows\":[\(row)]}", as: Roll.registrar)
                return nil
            } catch {
                return error
            }
        }
        let good = #""area":1,"areaSource":"survey","building":"b1","unit":"u1""#
        #expect(refusal("{\(good)}") == RegistryReason.holder.at("rows[0].owner"))
        #expect(refusal("{\(good),\"developer\":false}") == RegistryReason.holder.at("rows[0].owner"))
        #expect(refusal("{\(good),\"developer\":true,\"owner\":\"o\"}") == RegistryReason.holder.at("rows[0].owner"))
        #expect(refusal("{\(good),\"owner\":\"a/b\"}") == Reason.fieldRange.at("rows[0].owner"))
        #expect(refusal("{\(good),\"owner\":\"o\",\"x\":1}") == Reason.fieldUnknown.at("rows[0]"))
        #expect(refusal("{\(good),\"owner\":\"o\",\"label\":\"a\\u202eb\"}") == Reason.fieldRange.at("rows[0].label"))
        let noArea = good.replacing("\"area\":1", with: "\"area\":0")
        #expect(refusal("{\(noArea),\"owner\":\"o\"}") == Reason.fieldRange.at("rows[0].area"))
        let guess = good.replacing("survey", with: "guess")
        #expect(refusal("{\(guess),\"owner\":\"o\"}") == Reason.fieldRange.at("rows[0].areaSource"))
        #expect(refusal("{\(good),\"owner\":\"o\",\"label\":\"3栋201\"}") == nil)
        #expect(throws: Reason.notAllowed.at("as")) {
            try roll.bench.run(
                ImportUnits(rows: [Roll.row("u2", owner: "o")]), as: RuleBench.staff(party: "p", roles: ["clerk"]))
        }
    }

    @Test func theLargestImportFitsALeaf() throws {
        let roll = Roll()
        let rows = (0..<200).map { at in
            var row = Roll.row("b012-3-\(1_000 + at)", "b012", area: 12_345, owner: "o\(100_000 + at)")
            row.entry.label = "12栋3单元\(1_000 + at)"
            return row
        }
        try roll.bring(rows)
        #expect(roll.bench.lastSize < 65_000)
    }

    @Test func costsTheSamePerRowHoweverLargeTheRoll() throws {
        let roll = Roll()
        func bring(_ block: Int) throws -> Int {
            let before = roll.bench.state.reads + roll.bench.state.writes
            try roll.bring((0..<200).map { Roll.row("u\(block)-\($0)", "b\(block)", owner: "o\(block)-\($0)") })
            return roll.bench.state.reads + roll.bench.state.writes - before
        }
        let first = try bring(0)
        for block in 1..<20 { _ = try bring(block) }
        #expect(try bring(20) == first)
        #expect(first <= 200 * 7)
    }
}
