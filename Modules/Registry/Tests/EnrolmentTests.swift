import ConstitutionContract
import ContractKit
import LedgerTesting
import Primitives
import RegistryContract
import Testing

@Suite struct EnrolmentTests {
    private func roll() throws -> Roll {
        let roll = Roll()
        try roll.bring([Roll.row("u1", owner: "o1"), Roll.row("u2", owner: "o2"), Roll.row("u3", owner: nil)])
        return roll
    }

    @discardableResult
    private func enrol(_ roll: Roll, code: Int, key: Int, at time: Instant? = nil) throws -> [JSONValue] {
        try roll.bench.runAsGuest(Enrol(code: try Roll.code(code), key: RuleBench.key(key, .es256)), at: time)
    }

    @Test func aCodeOpensOneKeyForItsOwner() throws {
        let roll = try roll()
        try roll.issue(1, to: "o1")
        let events = try enrol(roll, code: 1, key: 1)
        #expect(events.map(\.eventName) == ["ledger.keyOpened", "registry.enrolled"])
        let caller = try #require(roll.bench.caller(of: RuleBench.key(1, .es256)))
        #expect(caller.roles == ["resident"] && caller.party == nil)
        #expect(try OwnerRoll.owner(ofAccount: caller.account, in: roll.bench.state) == "o1")
        #expect(try OwnerRoll.owner(ofAccount: "", in: roll.bench.state) == nil)
        let before = roll.bench.state.snapshot
        #expect(throws: RegistryReason.codeUsed.at("code")) { try enrol(roll, code: 1, key: 2) }
        #expect(roll.bench.state.snapshot == before)
        #expect(throws: RegistryReason.codeUsed.at("codes[0]")) { try roll.issue(1, to: "o1") }
        _ = try roll.bench.state.rows(of: RegistryTables.codes)
        _ = try roll.bench.state.rows(of: RegistryTables.accounts)
    }

    @Test func refusesUnknownExpiredAndReplacedCodes() throws {
        let roll = try roll()
        #expect(throws: RegistryReason.codeUnknown.at("code")) { try enrol(roll, code: 1, key: 1) }
        try roll.issue(1, to: "o1", days: 2)
        try roll.issue(2, to: "o1", days: 2)
        #expect(throws: RegistryReason.codeUnknown.at("code")) { try enrol(roll, code: 1, key: 1) }
        let expiry = try #require(
            try RegistryTables.codes.find(try Roll.code(2).hash.hex, in: roll.bench.state)?.expires)
        #expect(throws: RegistryReason.codeExpired.at("code")) { try enrol(roll, code: 2, key: 1, at: expiry) }
    }

    @Test func aCodeIsGoodUntilItsExpiry() throws {
        let roll = try roll()
        try roll.issue(1, to: "o1", days: 2)
        let expiry = try #require(
            try RegistryTables.codes.find(try Roll.code(1).hash.hex, in: roll.bench.state)?.expires)
        try enrol(roll, code: 1, key: 1, at: expiry.advanced(byMilliseconds: -1))
    }

    @Test func refusesCodesThatCannotBeIssued() throws {
        let roll = try roll()
        #expect(throws: RegistryReason.ownerUnknown.at("codes[0]")) { try roll.issue(1, to: "o9") }
        #expect(throws: RegistryReason.codeExpiry.at("codes[0]")) { try roll.issue(1, to: "o1", days: 0) }
        #expect(throws: RegistryReason.codeExpiry.at("codes[0]")) { try roll.issue(1, to: "o1", days: 91) }
        try roll.issue(1, to: "o1")
        #expect(throws: RegistryReason.codeKnown.at("codes[0]")) { try roll.issue(1, to: "o2") }
        #expect(throws: Reason.notAllowed.at("as")) {
            try roll.bench.run(
                IssueCodes(codes: [
                    IssuedCode(
                        codeHash: .zero, expires: roll.bench.time.advanced(byDays: 1), owner: "o1")
                ]), as: RuleBench.staff(party: "p", roles: ["delegate"]))
        }
    }

    @Test func issuingTheSameCodeAgainChangesNothing() throws {
        let roll = try roll()
        let issued = IssuedCode(
            codeHash: try Roll.code(1).hash, expires: roll.bench.time.advanced(byDays: 5), owner: "o1")
        #expect(try roll.bench.run(IssueCodes(codes: [issued]), as: Roll.registrar).count == 1)
        let before = roll.bench.state.snapshot
        #expect(try roll.bench.run(IssueCodes(codes: [issued]), as: Roll.registrar).isEmpty)
        #expect(roll.bench.state.snapshot == before)
    }

    @Test func aSecondKeyBelongsToTheSameAccount() throws {
        let roll = try roll()
        try roll.issue(1, to: "o1")
        try enrol(roll, code: 1, key: 1)
        let first = try #require(roll.bench.caller(of: RuleBench.key(1, .es256)))
        let lost = Base64.url.encode(RuleBench.key(1, .es256).keyID.bytes)
        let closed = try roll.bench.run(CloseResidentKey(key: lost), as: Roll.registrar)
        #expect(closed.map(\.eventName) == ["ledger.keyClosed"])
        #expect(roll.bench.caller(of: RuleBench.key(1, .es256)) == nil)
        #expect(throws: RegistryReason.keyClosed.at("key")) {
            try roll.bench.run(CloseResidentKey(key: lost), as: Roll.registrar)
        }
        try roll.issue(2, to: "o1")
        try enrol(roll, code: 2, key: 2)
        let second = try #require(roll.bench.caller(of: RuleBench.key(2, .es256)))
        #expect(second.account == first.account && second.number == first.number)
        try roll.issue(3, to: "o2")
        try enrol(roll, code: 3, key: 3)
        let other = try #require(roll.bench.caller(of: RuleBench.key(3, .es256)))
        #expect(other.number == first.number + 1, "account numbers stay dense")
        try roll.issue(4, to: "o2")
        #expect(throws: Reason("account.keyKnown", field: "publicKey")) { try enrol(roll, code: 4, key: 1) }
    }

    @Test func assistedAccountsWithAndWithoutOwner() throws {
        let roll = try roll()
        let accounts = [
            AssistedAccount(key: RuleBench.key(1), owner: "o1"), AssistedAccount(key: RuleBench.key(2)),
            AssistedAccount(key: RuleBench.key(3), owner: "o1"),
        ]
        let events = try roll.bench.run(OpenAccounts(accounts: accounts), as: Roll.registrar)
        let opened = try AccountsOpened(event: try #require(events.last))
        #expect(opened.count == 3 && opened.bound.map(\.owner) == ["o1", "o1"])
        #expect(opened.bound[0].account == opened.bound[1].account)
        let stranger = try #require(roll.bench.caller(of: RuleBench.key(2)))
        #expect(try OwnerRoll.owner(ofAccount: stranger.account, in: roll.bench.state) == nil)
        let before = roll.bench.state.snapshot
        let mixed = [AssistedAccount(key: RuleBench.key(4)), AssistedAccount(key: RuleBench.key(5), owner: "o9")]
        #expect(throws: RegistryReason.ownerUnknown.at("accounts[1]")) {
            try roll.bench.run(OpenAccounts(accounts: mixed), as: Roll.registrar)
        }
        #expect(roll.bench.state.snapshot == before)
        let twice = [AssistedAccount(key: RuleBench.key(6)), AssistedAccount(key: RuleBench.key(6))]
        #expect(throws: Reason("account.keyKnown", field: "accounts[1]")) {
            try roll.bench.run(OpenAccounts(accounts: twice), as: Roll.registrar)
        }
    }

    @Test func theLargestBatchOfAccountsFitsALeaf() throws {
        let roll = Roll()
        try roll.bring((0..<120).map { Roll.row("b012-3-\($0)", owner: "o\(100_000 + $0)") })
        let accounts = (0..<120).map { AssistedAccount(key: RuleBench.key($0, .es256), owner: "o\(100_000 + $0)") }
        try roll.bench.run(OpenAccounts(accounts: accounts), as: Roll.registrar)
        #expect(roll.bench.lastSize < 65_000)
    }

    @Test func staffKeysAreNotClosedHere() throws {
        let bench = RuleBench([ConstitutionContract.self, RegistryContract.self])
        let key = [UInt8](repeating: 0, count: 31)
        let log = [1] + PortableSHA256.hash(key).bytes
        let hash = PortableSHA256.hash(Array("log\n".utf8) + log).bytes.prefix(4)
        try bench.runAsGuest(
            FoundConstitution(
                name: "n", logKey: "log+\(Hex.encode(Array(hash)))+\(Base64.standard.encode(log))",
                founder: RuleBench.key(1), parties: [PartyDescription(id: "p", name: "p", kind: .regulator)],
                staff: [StaffDescription(party: "p", title: "t", roles: ["delegate"], key: RuleBench.key(1))]))
        let staff = Base64.url.encode(RuleBench.key(1).keyID.bytes)
        #expect(throws: RegistryReason.keyNotResident.at("key")) {
            try bench.run(CloseResidentKey(key: staff), as: Roll.registrar)
        }
        let nobody = Base64.url.encode(RuleBench.key(2).keyID.bytes)
        #expect(throws: RegistryReason.keyUnknown.at("key")) {
            try bench.run(CloseResidentKey(key: nobody), as: Roll.registrar)
        }
    }

    @Test(arguments: [
        "", "0123456789ABCDE", "0123456789ABCDEFG", "0123456789abcdef", "I123456789ABCDEF", "U123456789ABCDEF",
    ])
    func refusesOtherTextsAsCodes(_ text: String) {
        #expect(throws: Reason.fieldRange.at("code")) { _ = try EnrolmentCode(text) }
    }

    @Test func codesAreBase32OfTheirBytes() throws {
        #expect(EnrolmentCode(random: [UInt8](repeating: 0xFF, count: 10))?.text == "ZZZZZZZZZZZZZZZZ")
        #expect(EnrolmentCode(random: [0, 0, 0, 0, 0, 0, 0, 0, 0, 1])?.text == "0000000000000001")
        #expect(EnrolmentCode(random: [0xF8, 0, 0, 0, 0, 0, 0, 0, 0, 0])?.text == "Z000000000000000")
        #expect(EnrolmentCode(random: [1]) == nil)
        // sha256 of 0x03 and "0000000000000001", computed elsewhere.
        #expect(
            try EnrolmentCode("0000000000000001").hash.hex
                == "79405f6e75836f404bec4829722484ef92eada0612a78ab428c2e529b94f564c")
    }
}
