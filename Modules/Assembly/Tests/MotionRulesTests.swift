import AssemblyContract
import ContractKit
import LedgerTesting
import Primitives
import RegistryContract
import Testing

@Suite struct MotionRulesTests {
    @Test func announcedOpenedAndClosedByTheClock() throws {
        let estate = try Estate(areas: [6_000, 8_000, 9_000], parameters: [])
        let opens = estate.bench.time.advanced(byDays: 20)
        let events = try estate.bench.run(estate.motion("m1", opens: opens, days: 5), as: Estate.convener)
        #expect(events.map(\.eventName) == ["assembly.motionOpened"])
        let opened = try MotionOpened(event: try #require(events.first))
        #expect(opened.row.noticeShortened == false)
        #expect(opened.row.party == "p1" && opened.row.status == .announced && opened.title == "修订管理规约")
        #expect(try AssemblyTables.texts.find("m1", in: estate.bench.state)?.text == "第一条\n第二条")
        #expect(estate.refusal { try estate.cast("m1", 1, .yes) } == "assembly.notOpen")

        estate.bench.advance(to: opens.advanced(byMilliseconds: -1))
        #expect(try status("m1", estate) == .announced)
        estate.bench.advance(to: opens)
        #expect(try status("m1", estate) == .open)
        let begun = try VotingOpened(event: try #require(estate.bench.events.last))
        #expect(begun.roll.heads == 3 && begun.roll.area.hundredths == 23_000 && begun.roll.units == 3)
        #expect(try AssemblyTables.rolls.find("m1", in: estate.bench.state) == begun.roll)

        let closes = opens.advanced(byDays: 5)
        try estate.cast("m1", 1, .yes, at: closes.advanced(byMilliseconds: -1))
        #expect(try status("m1", estate) == .open)
        let late = estate.refusal {
            // The due action has not run: the rule itself knows the time.
            var execution = Execution(
                time: closes, height: 1, ledger: "l", caller: try estate.owner(2), state: estate.bench.state)
            try CastBallot(motion: "m1", unit: "u2", choice: .yes).execute(&execution)
        }
        #expect(late == "assembly.closed")
        estate.bench.advance(to: closes)
        #expect(try status("m1", estate) == .closed)
        #expect(estate.bench.events.last?.eventName == "assembly.closed")
        #expect(estate.refusal { try estate.cast("m1", 2, .yes) } == "assembly.closed")
        #expect(estate.bench.state.keys(prefix: DueEntry.prefix).isEmpty)
    }

    @Test("Notice and voting period, to the millisecond, by the law's defaults")
    func noticeAndPeriod() throws {
        let estate = try Estate(areas: [10_000], parameters: [])
        func refusal(opens: Instant?, _ closes: Instant) -> String? {
            estate.refusal {
                var motion = estate.motion("m\(estate.bench.height)", opens: opens)
                motion.closes = closes
                try estate.bench.run(motion, as: Estate.convener)
            }
        }
        func earliest() -> Instant { estate.bench.time.advanced(byMilliseconds: 1).advanced(byDays: 15) }
        var opens = earliest().advanced(byMilliseconds: -1)
        #expect(refusal(opens: opens, opens.advanced(byDays: 10)) == "assembly.notice")
        opens = earliest()
        #expect(refusal(opens: opens, opens.advanced(byDays: 10)) == nil)
        opens = earliest()
        #expect(refusal(opens: opens, opens.advanced(byDays: 5).advanced(byMilliseconds: -1)) == "assembly.period")
        opens = earliest()
        #expect(refusal(opens: opens, opens.advanced(byDays: 5)) == nil)
        opens = earliest()
        #expect(refusal(opens: opens, opens.advanced(byDays: 60).advanced(byMilliseconds: 1)) == "assembly.period")
        opens = earliest()
        #expect(refusal(opens: opens, opens.advanced(byDays: 60)) == nil)
        #expect(refusal(opens: nil, earliest().advanced(byDays: 5)) == nil)
        #expect(refusal(opens: opens, opens) == "assembly.period")
        #expect(refusal(opens: Instant(milliseconds: 0), opens) == "assembly.notice")
    }

    @Test func shortenedNoticeIsRecordedAndVotingMayBeginAtOnce() throws {
        let estate = try Estate(areas: [10_000])
        let events = try estate.open("m1")
        #expect(events.map(\.eventName) == ["assembly.motionOpened", "assembly.votingOpened"])
        #expect(try MotionOpened(event: try #require(events.first)).row.noticeShortened)
        #expect(try AssemblyTables.motions.find("m1", in: estate.bench.state)?.noticeShortened == true)
        #expect(try status("m1", estate) == .open)
        let past = estate.refusal {
            try estate.bench.run(estate.motion("m2", opens: Instant(milliseconds: 5)), as: Estate.convener)
        }
        #expect(past == "assembly.notice")
    }

    @Test func openingRefuses() throws {
        let estate = try Estate(areas: [10_000, 10_000])
        try estate.open("m1")
        #expect(estate.refusal { try estate.open("m1") } == "assembly.motionKnown")
        #expect(estate.refusal { try estate.open("m2", scope: .building("b9")) } == "assembly.scopeEmpty")
        #expect(estate.refusal { try estate.open("m2", .conversion, unit: "u1") } == "assembly.conversion")
        let inBuilding = RollScope.building("b1")
        #expect(estate.refusal { try estate.open("m2", .conversion, scope: inBuilding) } == "assembly.conversion")
        #expect(
            estate.refusal { try estate.open("m2", .conversion, scope: inBuilding, unit: "u9") }
                == "assembly.conversion")
        #expect(estate.refusal { try estate.open("m2", scope: inBuilding, unit: "u1") } == "assembly.conversion")
        for caller in [Estate.registrar, try estate.owner(1), RuleBench.staff(party: "p1", roles: [])] {
            #expect(
                estate.refusal { try estate.bench.run(estate.motion("m2"), as: caller) } == "account.role")
        }
        #expect(try Estate(parameters: Estate.hasty).refusalOfEmptyRoll() == "assembly.scopeEmpty")
    }

    @Test(
        "Bodies that are refused before any state is looked at",
        arguments: [
            ("matter", "0", "field.range"), ("matter", "10", "assembly.matter"), ("matter", "278", "assembly.matter"),
            ("matter", "280", "field.range"), ("title", "\"\"", "field.range"),
            ("title", "\"a\\nb\"", "field.range"), ("text", "\"a\\tb\"", "field.range"),
            ("text", "\"\\u202eab\"", "field.range"), ("scope", "\"b/1\"", "field.range"),
            ("motion", "\"a/b\"", "field.range"), ("closes", "-1", "field.range"), ("extra", "1", "field.unknown"),
            ("opens", "1.5", "json.float"),
        ])
    func bodies(field: String, value: String, code: String) {
        var members = [
            "closes": "200", "matter": "2", "motion": "\"m\"", "opens": "100", "scope": "\"estate\"",
            "text": "\"t\\n\\nu\"", "title": "\"t\"",
        ]
        #expect(throws: Never.self) { _ = try OpenMotion(json: json(members)) }
        members[field] = value
        #expect(throws: (any Error).self) { _ = try OpenMotion(json: json(members)) }
        do throws(Reason) { _ = try OpenMotion(json: json(members)) } catch { #expect(error.code == code) }
    }

    @Test func longTextIsRefusedAndTheLongestFitsALeaf() throws {
        let estate = try Estate(areas: [10_000])
        var motion = estate.motion("m1")
        motion.text = String(repeating: "\"", count: AssemblyLimits.text)
        motion.title = String(repeating: "\\", count: AssemblyLimits.title)
        try estate.bench.run(motion, as: Estate.convener)
        #expect(estate.bench.lastSize < 20_000)
        motion.motion = "m2"
        motion.text += "x"
        #expect(estate.refusal { try estate.bench.run(motion, as: Estate.convener) } == "field.range")
    }

    @Test func withdrawing() throws {
        let estate = try Estate(areas: [10_000], parameters: [])
        let opens = estate.bench.time.advanced(byDays: 16)
        for id in ["m1", "m2"] { try estate.bench.run(estate.motion(id, opens: opens), as: Estate.convener) }
        func withdraw(_ id: String, _ caller: Caller = Estate.convener, at time: Instant? = nil) -> String? {
            estate.refusal { try estate.bench.run(WithdrawMotion(motion: id), as: caller, at: time) }
        }
        #expect(withdraw("m9") == "assembly.motionUnknown")
        #expect(withdraw("m1", Estate.otherConvener) == "assembly.notConvener")
        #expect(withdraw("m1", Estate.registrar) == "account.role")
        #expect(withdraw("m1", at: opens.advanced(byMilliseconds: -1)) == nil)
        #expect(estate.bench.events.last?.eventName == "assembly.withdrawn")
        estate.bench.advance(to: opens)
        #expect(try status("m1", estate) == .withdrawn && status("m2", estate) == .open)
        #expect(withdraw("m2") == "assembly.begun")
        #expect(withdraw("m1") == "assembly.withdrawn")
        #expect(estate.refusal { try estate.cast("m1", 1, .yes) } == "assembly.withdrawn")
        try estate.close("m2")
        #expect(withdraw("m2") == "assembly.closed")
        let closings = estate.bench.events.filter { $0.eventName == "assembly.closed" }
        #expect(closings.count == 1, "a withdrawn motion is neither opened nor counted")
        #expect(
            estate.refusal { try estate.bench.run(estate.motion("m1"), as: Estate.convener) } == "assembly.motionKnown")
    }

    private func status(_ id: String, _ estate: Estate) throws -> MotionStatus? {
        try AssemblyTables.motions.find(id, in: estate.bench.state)?.status
    }

    private func json(_ members: [String: String]) -> [UInt8] {
        Array(("{" + members.map { "\"\($0)\":\($1)" }.joined(separator: ",") + "}").utf8)
    }
}

extension Estate {
    fileprivate func refusalOfEmptyRoll() throws -> String? { refusal { try open("m1") } }
}
