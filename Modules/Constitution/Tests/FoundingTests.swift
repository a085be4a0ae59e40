import ConstitutionContract
import ContractKit
import LedgerTesting
import Primitives
import Testing

@Suite struct FoundingTests {
    private func refusal(_ command: FoundConstitution) -> Reason? {
        do throws(Reason) {
            let bench = RuleBench([ConstitutionContract.self, OtherContract.self])
            try bench.runAsGuest(command)
            return nil
        } catch {
            return Reason(error.code)
        }
    }

    @Test func foundsPartiesStaffAndParameters() throws {
        let set = ParameterSetting(name: "other.days", value: .integer(20), source: "管理规约第3条")
        let constitution = try Constitution(parties: 3, parameters: [set])
        let bench = constitution.bench
        #expect(bench.events.first?.eventName == "constitution.founded")
        #expect(bench.events.count { $0.eventName == "ledger.keyOpened" } == 3)
        #expect(bench.events.count { $0.eventName == "constitution.changed" } == 7)
        #expect(try Parties.all(in: bench.state).map(\.party.id) == ["p1", "p2", "p3"])
        #expect(try Parties.find("p2", in: bench.state)?.hasDelegate == true)
        #expect(try Parties.find("p4", in: bench.state) == nil)
        #expect(try Parameters.version(in: bench.state) == 1)
        #expect(try Parameters.integer(OtherContract.days, in: bench.state) == 20)
        #expect(try Parameters.text(OtherContract.rule, in: bench.state) == "greedy")
        let caller = try constitution.delegate(2)
        #expect(caller.party == "p2" && caller.roles == ["delegate", "registrar"] && caller.number == 2)
        _ = try bench.state.rows(of: ConstitutionTables.parties)
        _ = try bench.state.rows(of: ConstitutionTables.parameters)
        _ = try bench.state.rows(of: ConstitutionTables.head)
        _ = try bench.state.rows(of: LedgerTables.keys)
    }

    @Test func foundsOnlyOnceAndOnlyInBlockZero() throws {
        let constitution = try Constitution(parties: 1)
        #expect(throws: ConstitutionReason.founded) {
            try constitution.bench.runAsGuest(Constitution.founding(parties: 1))
        }
        let late = RuleBench([ConstitutionContract.self])
        #expect(throws: Reason.self) { try late.runAsGuest(WrongFounder.command) }
        #expect(late.height == 0, "a body that the gate refuses is in no block")
    }

    private enum WrongFounder {
        static var command: FoundConstitution {
            var command = Constitution.founding(parties: 2)
            command.founder = RuleBench.key(99)
            return command
        }
    }

    @Test func refusesWhatDoesNotHoldTogether() {
        #expect(refusal(Constitution.founding(parties: 2)) == nil)
        #expect(refusal(WrongFounder.command) == ConstitutionReason.founderMissing)

        var command = Constitution.founding(parties: 2)
        command.logKey = verifierKey("x", 4)
        #expect(refusal(command) == ConstitutionReason.verifierKey, "a cosigner's key is no log key")

        command = Constitution.founding(parties: 2)
        command.parties[1].id = "p1"
        #expect(refusal(command) == ConstitutionReason.partyKnown)

        command = Constitution.founding(parties: 2)
        command.staff[1].party = "p9"
        #expect(refusal(command) == ConstitutionReason.partyUnknown)

        command = Constitution.founding(parties: 2)
        command.staff[1].key = command.staff[0].key
        #expect(refusal(command) == ConstitutionReason.keyKnown)

        command = Constitution.founding(parties: 2)
        for at in command.staff.indices { command.staff[at].roles = ["registrar"] }
        #expect(refusal(command) == ConstitutionReason.noDelegate)

        command = Constitution.founding(parties: 2)
        command.staff[0].roles = ["resident"]
        #expect(refusal(command) == ConstitutionReason.roleReserved)

        command = Constitution.founding(parties: 2)
        command.parties = [Constitution.party(1, cosigner: true), Constitution.party(2, cosigner: true)]
        #expect(refusal(command) == nil)
        command.parties[1].cosigner = command.parties[0].cosigner
        #expect(refusal(command) == ConstitutionReason.partyTaken)
        command.parties[1].cosigner = verifierKey("other", 4)
        command.parties[1].node = command.parties[0].node
        #expect(refusal(command) == ConstitutionReason.partyTaken)
    }

    @Test func refusesParametersOutsideTheirDefinition() {
        func found(_ name: String, _ value: ParameterValue, again: Bool = false) -> Reason? {
            let one = ParameterSetting(name: name, value: value, source: "test")
            return refusal(Constitution.founding(parties: 2, parameters: again ? [one, one] : [one]))
        }
        #expect(found("other.days", .integer(60)) == nil)
        #expect(found("other.days", .integer(61)) == ConstitutionReason.parameterRange)
        #expect(found("other.days", .text("15")) == ConstitutionReason.parameterRange)
        #expect(found("other.rule", .text("")) == ConstitutionReason.parameterRange)
        #expect(found("other.none", .integer(1)) == ConstitutionReason.parameterUnknown)
        #expect(found("other.days", .integer(20), again: true) == ConstitutionReason.parameterRepeated)
        #expect(found("constitution.threshold.denominator", .integer(3)) == ConstitutionReason.threshold)
        #expect(found("constitution.quorum.denominator", .integer(3)) == ConstitutionReason.threshold)
    }

    @Test func holdsItsLimits() {
        let parties = (1...64).map { Constitution.party($0) }
        let staff = (1...128).map {
            StaffDescription(party: "p\(($0 - 1) % 64 + 1)", title: "t", roles: ["delegate"], key: RuleBench.key($0))
        }
        var command = Constitution.founding(parties: 1)
        command.parties = parties
        command.staff = staff
        #expect(refusal(command) == nil)
        command.staff.append(Constitution.delegate(129))
        #expect(refusal(command) == Reason.fieldRange)
        command = Constitution.founding(parties: 1)
        command.parties = parties + [Constitution.party(65)]
        #expect(refusal(command) == Reason.fieldRange)
    }

    @Test func quorumsAlwaysShareAParty() throws {
        for count in 1...7 {
            var command = Constitution.founding(parties: count)
            command.parties = (1...count).map { Constitution.party($0, cosigner: true) }
            let bench = RuleBench([ConstitutionContract.self])
            try bench.runAsGuest(command)
            let quorum = try Parties.quorum(in: bench.state)
            #expect(2 * quorum > count && quorum <= count)
        }
        #expect(try Parties.quorum(in: Constitution(parties: 3).bench.state) == 0)
    }

    @Test(arguments: [
        "", "name", "a+b", "a+00000000+AAAA", "+2a0c0d0e+AQ==", "two words+00000000+AQAA",
    ])
    func refusesOtherTextsAsVerifierKeys(_ text: String) {
        #expect(throws: ConstitutionReason.verifierKey) { try VerifierKeyText.check(text, for: .log) }
    }

    @Test func acceptsTheVerifierKeyOfTheStandard() throws {
        // The example key of golang.org/x/mod/sumdb/note, which C2SP signed-note describes.
        try VerifierKeyText.check(
            "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW", for: .log)
        #expect(throws: ConstitutionReason.verifierKey) {
            try VerifierKeyText.check(
                "PeterNeumann+c74f20a4+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW", for: .log)
        }
    }
}
