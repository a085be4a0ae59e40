import __Name__Contract
import ContractKit
import LedgerTesting
import Testing

@Suite("Rules of __Name__")
struct __Name__RulesTests {
    static let staff = RuleBench.staff(party: "p1", roles: [])

    @Test("a note is recorded once, and never changes")
    func once() throws {
        let bench = RuleBench([__Name__Contract.self])
        let events = try bench.run(Record__Name__Note(id: "n1", text: "first"), as: __Name__RulesTests.staff)
        #expect(events.map(\.eventName) == ["__name__.recorded"])
        let recorded = try __Name__NoteRecorded(event: events[0])
        #expect(recorded.id == "n1" && recorded.note.party == "p1" && recorded.note.time == bench.time)
        let before = bench.state.snapshot
        #expect(throws: __Name__Reason.known.at("id")) {
            try bench.run(Record__Name__Note(id: "n1", text: "second"), as: __Name__RulesTests.staff)
        }
        #expect(bench.state.snapshot == before)
        #expect(try bench.state.rows(of: __Name__Tables.notes).map(\.row) == [recorded.note])
    }

    @Test("empty and overlong notes are refused")
    func limits() throws {
        let bench = RuleBench([__Name__Contract.self])
        for text in ["", String(repeating: "x", count: __Name__Limits.text.upperBound + 1)] {
            #expect(throws: Reason.fieldRange.at("text")) {
                try bench.run(Record__Name__Note(id: "n1", text: text), as: __Name__RulesTests.staff)
            }
        }
        #expect(bench.state.snapshot.isEmpty)
    }
}
