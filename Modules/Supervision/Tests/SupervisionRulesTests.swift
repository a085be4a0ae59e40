import ContractKit
import LedgerTesting
import Primitives
import SupervisionContract
import Testing

@Suite("Rules of supervision")
struct SupervisionRulesTests {
    @Test("a finding is raised, answered in time, closed, and reopened with a new promise")
    func whole() throws {
        let committee = try Committee()
        let evidence = PortableSHA256.hash(utf8: "evidence")
        let raised = try FindingRaised(
            event: try #require(try committee.raise("f", .equivocation, "两本账\n见文件", evidence: evidence).first))
        let due = committee.bench.time.advanced(byDays: 3)
        #expect(raised.terms.due == due && raised.terms.evidence == evidence && raised.text == "两本账\n见文件")
        #expect(try committee.row("f") == raised.terms)
        let answered = try FindingAnswered(event: try #require(try committee.answer("f").first))
        #expect(answered.inTime && answered.number == 2 && answered.party == "p3")
        let closed = try FindingClosed(event: try #require(try committee.close("f").first))
        #expect(closed.number == 3)
        #expect(try committee.row("f").status == .closed)
        committee.bench.advance(to: due.advanced(byDays: 1))
        #expect(try !committee.row("f").overdue)
        let reopened = try FindingReopened(event: try #require(try committee.reopen("f").first))
        #expect(reopened.due == committee.bench.time.advanced(byDays: 3) && reopened.number == 4)
        #expect(try committee.row("f").status == .open && committee.row("f").due == reopened.due)
    }

    @Test("without an answer the finding is overdue, and the mark stays when the answer comes late")
    func late() throws {
        let committee = try Committee()
        try committee.raise("f")
        let due = try committee.row("f").due
        committee.bench.advance(to: due.advanced(byMilliseconds: 1))
        let event = try FindingOverdue(event: try #require(committee.bench.events.last))
        #expect(event.finding == "f" && event.due == due)
        let answered = try FindingAnswered(event: try #require(try committee.answer("f").first))
        #expect(!answered.inTime)
        try committee.close("f")
        #expect(try committee.row("f").overdue)
    }

    @Test("a reopened finding that is answered again is not overdue for the first promise")
    func reopenedInTime() throws {
        let committee = try Committee()
        try committee.raise("f")
        try committee.answer("f")
        try committee.reopen("f")
        let due = try committee.row("f").due
        committee.bench.advance(to: due.advanced(byMilliseconds: -10))
        #expect(try !committee.row("f").overdue)
        try committee.answer("f")
        committee.bench.advance(to: due.advanced(byDays: 2))
        #expect(committee.bench.events.allSatisfy { $0.eventName != "supervision.overdue" })
    }

    @Test("who may do what")
    func who() throws {
        let committee = try Committee()
        #expect(committee.refusal { try committee.raise("f", by: 4) } == "account.role")
        #expect(committee.refusal { try committee.raise("f", by: 3, about: 3) } == "supervision.ownParty")
        #expect(committee.refusal { try committee.raise("f", about: 9) } == "supervision.partyUnknown")
        // A member of the committee, and a delegate, about anybody.
        try committee.raise("f", by: 2, about: 3)
        try committee.raise("g", by: 3, about: 4)
        #expect(committee.refusal { try committee.raise("f", by: 1, about: 2) } == "supervision.known")
        #expect(committee.refusal { try committee.answer("none") } == "supervision.unknown")
        #expect(committee.refusal { try committee.answer("f", by: 1) } == "supervision.notConcerned")
        #expect(committee.refusal { try committee.answer("g", by: 4) } == "account.role")
        #expect(committee.refusal { try committee.close("f", by: 2) } == "supervision.notAnswered")
        #expect(committee.refusal { try committee.reopen("f", by: 2) } == "supervision.openAlready")
        try committee.answer("f")
        #expect(committee.refusal { try committee.answer("f") } == "supervision.notOpen")
        #expect(committee.refusal { try committee.close("f", by: 1) } == "supervision.notRaiser")
        #expect(committee.refusal { try committee.reopen("f", by: 3) } == "supervision.notRaiser")
        try committee.close("f", by: 2)
        #expect(committee.refusal { try committee.close("f", by: 2) } == "supervision.notAnswered")
    }

    @Test("texts and ids keep their limits")
    func limits() throws {
        let committee = try Committee()
        let long = String(repeating: "x", count: SupervisionLimits.text + 1)
        for text in ["", long, "\n\n", "a\u{202E}b"] {
            #expect(committee.refusal { try committee.raise("f", .other, text) } == "field.range")
        }
        #expect(committee.refusal { try committee.raise("new") } == "field.range")
        try committee.raise("f", .other, String(long.dropLast()))
        #expect(committee.bench.lastSize < 60_000)
    }

    @Test("a finding cannot go back and forth for ever, and the last round can be finished")
    func rounds() throws {
        let committee = try Committee()
        try committee.raise("f")
        var refused: String?
        for _ in 0..<SupervisionLimits.entries where refused == nil {
            try committee.answer("f")
            refused = committee.refusal { try committee.reopen("f") }
        }
        #expect(refused == "supervision.tooMany")
        try committee.close("f")
        #expect(try committee.row("f").entries <= SupervisionLimits.entries)
    }
}
