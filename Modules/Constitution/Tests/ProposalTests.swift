import ConstitutionContract
import ContractKit
import LedgerTesting
import Primitives
import Testing

@Suite struct ProposalTests {
    @Test func acceptedByStrictMajorityAndAppliedAtOnce() throws {
        let constitution = try Constitution(parties: 4)
        try constitution.propose("c1", [setting("other.days", 30)])
        try constitution.vote("c1", by: 1)
        try constitution.vote("c1", by: 2)
        #expect(try constitution.status("c1") == .open, "two of four is not more than half")
        let events = try constitution.vote("c1", by: 4)
        #expect(try constitution.status("c1") == .accepted)
        #expect(
            events.map(\.eventName) == ["constitution.voted", "constitution.proposalClosed", "constitution.changed"])
        #expect(try Parameters.integer(OtherContract.days, in: constitution.bench.state) == 30)
        #expect(try Parameters.version(in: constitution.bench.state) == 2)
        let row = try ConstitutionTables.parameters.find("other.days", in: constitution.bench.state)
        #expect(row?.version == 2)
        #expect(throws: ConstitutionReason.proposalClosed) { try constitution.vote("c1", by: 3) }
        _ = try constitution.bench.state.rows(of: ConstitutionTables.proposals)
    }

    @Test func rejectedWhenItCannotPassAnyMore() throws {
        let constitution = try Constitution(parties: 4)
        try constitution.propose("c1", [setting("other.days", 30)])
        try constitution.vote("c1", by: 1, yes: false)
        #expect(try constitution.status("c1") == .open)
        try constitution.vote("c1", by: 2, yes: false)
        #expect(try constitution.status("c1") == .rejected, "the two that are left are not more than half of four")
        #expect(try Parameters.version(in: constitution.bench.state) == 1)
        #expect(try ConstitutionTables.head.find("current", in: constitution.bench.state)?.proposals == [])
    }

    @Test func oneVotePerPartyAndOnlyDelegates() throws {
        let constitution = try Constitution(parties: 3)
        try constitution.propose("c1", [setting("other.days", 30)])
        try constitution.vote("c1", by: 1)
        #expect(throws: ConstitutionReason.votedAlready) { try constitution.vote("c1", by: 1, yes: false) }
        let registrar = RuleBench.staff(party: "p2", roles: ["registrar"])
        #expect(throws: Reason.notAllowed.at("as")) {
            try constitution.bench.run(VoteOnProposal(proposal: "c1", yes: true), as: registrar)
        }
        let stranger = RuleBench.staff(party: "p9", roles: ["delegate"])
        #expect(throws: Reason.notAllowed.at("as")) {
            try constitution.bench.run(VoteOnProposal(proposal: "c1", yes: true), as: stranger)
        }
        #expect(throws: ConstitutionReason.proposalUnknown.at("proposal")) { try constitution.vote("c2", by: 2) }
    }

    @Test func acceptanceDropsTheOthers() throws {
        let constitution = try Constitution(parties: 3)
        try constitution.propose("c1", [setting("other.days", 30)])
        try constitution.propose("c2", by: 2, [setting("other.days", 40)])
        try constitution.propose("c3", by: 3, [setting("other.days", 50)])
        try constitution.vote("c2", by: 1)
        try constitution.vote("c1", by: 1)
        let events = try constitution.vote("c1", by: 2)
        #expect(events.count { $0.eventName == "constitution.proposalClosed" } == 3)
        #expect(try constitution.status("c2") == .dropped)
        #expect(try constitution.status("c3") == .dropped)
        #expect(throws: ConstitutionReason.versionOld.at("version")) {
            try constitution.bench.run(
                ProposeChanges(proposal: "c4", version: 1, changes: [setting("other.days", 9)]),
                as: try constitution.delegate(1))
        }
        try constitution.propose("c4", [setting("other.days", 9)])
    }

    @Test func withdrawnByItsPartyOnly() throws {
        let constitution = try Constitution(parties: 3)
        try constitution.propose("c1", [setting("other.days", 30)])
        #expect(throws: ConstitutionReason.notProposer) {
            try constitution.bench.run(WithdrawProposal(proposal: "c1"), as: try constitution.delegate(2))
        }
        try constitution.bench.run(WithdrawProposal(proposal: "c1"), as: try constitution.delegate(1))
        #expect(try constitution.status("c1") == .withdrawn)
        #expect(throws: ConstitutionReason.proposalKnown.at("proposal")) {
            try constitution.propose("c1", [setting("other.days", 30)])
        }
    }

    @Test func onePartyHasFewOpenProposals() throws {
        let constitution = try Constitution(parties: 3)
        try constitution.propose("c1", [setting("other.days", 30)])
        try constitution.propose("c2", [setting("other.days", 31)])
        #expect(throws: ConstitutionReason.tooManyProposals) {
            try constitution.propose("c3", [setting("other.days", 32)])
        }
        try constitution.propose("c3", by: 2, [setting("other.days", 32)])
    }

    @Test func refusesAtOnceWhatCouldNotBeCarriedOut() throws {
        let constitution = try Constitution(parties: 2)
        func refusal(_ changes: [ConstitutionChange]) -> String? {
            do {
                try constitution.propose("x", changes)
                return nil
            } catch {
                return (error as? Reason)?.code
            }
        }
        #expect(refusal([.admitParty(Constitution.party(2))]) == "constitution.partyKnown")
        #expect(refusal([.removeParty("p7")]) == "constitution.partyUnknown")
        #expect(refusal([.changeParty(Constitution.party(7))]) == "constitution.partyUnknown")
        #expect(refusal([.removeParty("p1"), .removeParty("p2")]) == "constitution.noDelegate")
        #expect(refusal([.openStaff(Constitution.delegate(1))]) == "constitution.keyKnown")
        #expect(refusal([.openStaff(Constitution.delegate(7))]) == "constitution.partyUnknown")
        #expect(
            refusal([.closeStaff(Base64.url.encode(RuleBench.key(9).keyID.bytes))]) == "constitution.keyUnknown")
        #expect(refusal([setting("constitution.threshold.numerator", 2)]) == "constitution.threshold")
        #expect(refusal([setting("other.days", 0)]) == "constitution.parameterRange")
        let long = String(repeating: "规", count: 90)
        let much = (0..<32).map {
            ConstitutionChange.admitParty(
                PartyDescription(id: "q\($0)", name: long + long.prefix(60), kind: .regulator))
        }
        #expect(refusal(much + [setting("other.days", 2)]) == "field.range")
        let wordy = (0..<32).map { at in
            ConstitutionChange.setParameter(
                ParameterSetting(name: "n\(at)", value: .text(String(repeating: "x", count: 1_000)), source: "s"))
        }
        #expect(refusal(wordy) == "constitution.proposalTooLarge")
    }

    @Test func removingAPartyClosesItsKeys() throws {
        let constitution = try Constitution(parties: 3)
        try constitution.propose(
            "c1", [.removeParty("p3"), .admitParty(Constitution.party(4)), .openStaff(Constitution.delegate(4))])
        try constitution.vote("c1", by: 1)
        let events = try constitution.vote("c1", by: 2)
        #expect(events.count { $0.eventName == "ledger.keyClosed" } == 1)
        #expect(constitution.bench.caller(of: RuleBench.key(3)) == nil)
        #expect(constitution.bench.caller(of: RuleBench.key(4))?.party == "p4")
        #expect(try Parties.all(in: constitution.bench.state).map(\.party.id) == ["p1", "p2", "p4"])
        #expect(try Parties.find("p3", in: constitution.bench.state) == nil)
    }

    @Test func thresholdChangesTogether() throws {
        let constitution = try Constitution(parties: 3)
        try constitution.propose(
            "c1", [setting("constitution.threshold.numerator", 2), setting("constitution.threshold.denominator", 3)])
        try constitution.vote("c1", by: 1)
        try constitution.vote("c1", by: 2)
        #expect(try constitution.status("c1") == .accepted)
        try constitution.propose("c2", [setting("other.days", 30)])
        try constitution.vote("c2", by: 1)
        try constitution.vote("c2", by: 2)
        #expect(try constitution.status("c2") == .open, "two thirds is not more than two thirds")
        try constitution.vote("c2", by: 3)
        #expect(try constitution.status("c2") == .accepted)
    }

    @Test func aProposalThatBecameImpossibleIsDropped() throws {
        let constitution = try Constitution(parties: 1)
        let newcomer = StaffDescription(party: "p1", title: "t", roles: ["registrar"], key: RuleBench.key(50))
        try constitution.propose("c1", [.openStaff(newcomer), setting("other.days", 30)])
        // Somebody enrols the same key elsewhere meanwhile.
        try constitution.bench.run(OpensKey(key: RuleBench.key(50)), as: try constitution.delegate(1))
        let events = try constitution.vote("c1", by: 1)
        #expect(events.last?.member("reason")?.string == "constitution.keyKnown")
        #expect(try constitution.status("c1") == .dropped)
        #expect(try Parameters.integer(OtherContract.days, in: constitution.bench.state) == 15)
        #expect(try Parameters.version(in: constitution.bench.state) == 1)
    }

    private struct OpensKey: Command {
        static let type: StaticString = "test.open"
        static let callers = Callers.anyStaff
        let key: PublicKey
        init(key: PublicKey) { self.key = key }
        init(_ fields: inout Fields) throws(Reason) {
            key = try PublicKey(.edDSA, try fields.base64URL("key", bytes: 32...32))
        }
        func write(to fields: inout JSONWriter) { fields.field("key", Base64.url.encode(key.bytes)) }
        func execute(_ execution: inout Execution) throws(Reason) { try execution.openKey(key, roles: ["resident"]) }
    }

    @Test func aRefusedVoteChangesNothing() throws {
        let constitution = try Constitution(parties: 3)
        try constitution.propose("c1", [setting("other.days", 30)])
        let before = constitution.bench.state.snapshot
        #expect(throws: Reason.self) { try constitution.vote("c9", by: 1) }
        #expect(throws: Reason.self) { try constitution.propose("c1", [setting("other.days", 31)]) }
        #expect(constitution.bench.state.snapshot == before)
    }
}
