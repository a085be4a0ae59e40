import ConstitutionContract
import ContractKit
import LedgerTesting
import Primitives
import Testing

@Suite struct NetworkTests {
    /// Two of three authorities and two of three bodies of the estate, of which p6 only watches.
    private static let groups = [
        group("authorities", 2, of: [1, 2, 3]), group("estate", 2, of: [4, 5, 6]),
    ]

    private static func founding(_ groups: [NetworkRow.Group] = groups) -> FoundConstitution {
        Constitution.shared(parties: 7, cosigners: 6, observers: [6], groups: groups)
    }

    private func code(_ body: () throws -> Void) -> String? {
        do {
            try body()
            return nil
        } catch {
            return (error as? Reason)?.code
        }
    }

    private func refusal(_ groups: [NetworkRow.Group]) -> String? {
        code { _ = try Constitution(Self.founding(groups)) }
    }

    @Test func oneNodeHasNoNetworkAndNoNewBytes() throws {
        let alone = try Constitution(Constitution.shared(parties: 3, cosigners: 1))
        #expect(try alone.network == nil)
        try alone.enact("c1", [setting("other.days", 20)])
        #expect(try alone.network == nil)
        let text = String(decoding: Constitution.shared(parties: 3).canonicalJSON, as: UTF8.self)
        #expect(!text.contains("groups") && !text.contains("observes"))
        let head = try #require(alone.bench.state.rows(of: ConstitutionTables.head).first?.row)
        #expect(!String(decoding: head.canonicalJSON, as: UTF8.self).contains("groups"))
        let grouped = try Constitution(
            Constitution.shared(parties: 2, cosigners: 1, groups: [group("g", 1, of: [1])]))
        #expect(try grouped.network == nil, "a group of one is still one node")
    }

    @Test func severalNodesAreInTheRow() throws {
        let constitution = try Constitution(Constitution.shared(parties: 4, cosigners: 3, observers: [2]))
        let network = try #require(try constitution.network)
        #expect(network.members.map(\.party) == ["p1", "p2", "p3"])
        #expect(network.members.map(\.observes) == [false, true, false])
        #expect(network.members.first?.cosigner == Constitution.party(1, cosigner: true).cosigner)
        #expect(network.groups == [group("parties", 2, of: [1, 2, 3])])
        #expect(constitution.bench.events.allSatisfy { $0.member("change")?.string != "setQuorum" })
        _ = try constitution.bench.state.rows(of: LedgerTables.network)
    }

    @Test func groupsAreFoundedAndRecorded() throws {
        let constitution = try Constitution(Self.founding())
        #expect(try constitution.network?.groups == Self.groups)
        #expect(try constitution.network?.members.count == 6)
        #expect(try ConstitutionTables.head.find("current", in: constitution.bench.state)?.groups == Self.groups)
        let event = constitution.bench.events.first { $0.member("change")?.string == "setQuorum" }
        #expect(event?.member("groups")?.elements.count == 2)
        let network = try #require(try constitution.network)
        #expect(network.isQuorum(["p1", "p2", "p4", "p6"]))
        #expect(!network.isQuorum(["p1", "p2", "p3", "p4"]))
    }

    @Test func refusesGroupsThatDoNotHold() {
        #expect(refusal(Self.groups) == nil)
        #expect(refusal([group("a", 1, of: [1, 2, 3]), group("b", 2, of: [4, 5])]) == nil, "b is enough to bind")
        #expect(
            refusal([group("a", 1, of: [1, 2]), group("b", 2, of: [3, 4, 5, 6])]) == "constitution.quorumApart")
        #expect(refusal([group("a", 3, of: [1, 2])]) == "constitution.quorumSize")
        #expect(refusal([group("a", 2, of: [1, 1, 2])]) == "constitution.groupTwice")
        #expect(refusal([group("a", 2, of: [1, 2]), group("b", 2, of: [2, 3])]) == "constitution.groupTwice")
        #expect(refusal([group("a", 2, of: [1, 2]), group("a", 2, of: [3, 4])]) == "constitution.groupName")
        #expect(refusal([group("p5", 2, of: [1, 2])]) == "constitution.groupName")
        #expect(refusal([group("all", 2, of: [1, 2])]) == "constitution.groupName")
        #expect(refusal([group("none", 2, of: [1, 2])]) == "constitution.groupName")
        #expect(refusal([group("a", 2, of: [1, 7])]) == "constitution.cosignerMissing")
        #expect(refusal([group("a", 2, of: [1, 9])]) == "constitution.partyUnknown")
        #expect(refusal([group("a", 0, of: [1])]) == "field.range")
        #expect(refusal([group("a", 1, of: [])]) == "field.range")
    }

    @Test func refusesPartiesThatCannotTakePart() {
        var command = Constitution.shared(parties: 2, observers: [1, 2])
        #expect(code { _ = try Constitution(command) } == "constitution.nobodyOrders")
        command = Constitution.shared(parties: 2, cosigners: 1, observers: [1])
        #expect(code { _ = try Constitution(command) } == "constitution.nobodyOrders")
        command = Constitution.shared(parties: 3, cosigners: 2, observers: [3])
        #expect(code { _ = try Constitution(command) } == "constitution.cosignerMissing")
        for name in ["all", "none", "parties"] {
            command = Constitution.shared(parties: 2)
            command.parties[1].id = name
            command.parties[1].cosigner = verifierKey("bench.example/ledger/\(name)", 4)
            command.staff[1].party = name
            #expect(code { _ = try Constitution(command) } == "constitution.groupName", "\(name)")
        }
    }

    @Test func aKeyIsNamedAsTheNodeSigns() throws {
        for name in ["bench.example/ledger/p1", "bench.example/other/p2", "bench.example/ledger", "p2"] {
            var command = Constitution.shared(parties: 2)
            command.parties[1].cosigner = verifierKey(name, 4, key: "own")
            #expect(code { _ = try Constitution(command) } == "constitution.cosignerName", "\(name)")
        }
        let constitution = try Constitution(Constitution.shared(parties: 2))
        var party = Constitution.party(2, cosigner: true)
        party.cosigner = verifierKey("bench.example/ledger/p3", 4)
        #expect(code { try constitution.propose("c1", [.changeParty(party)]) } == "constitution.cosignerName")
    }

    @Test func oneKeyUnderTwoNamesIsOneKey() throws {
        let key = [4] + PortableSHA256.hash(utf8: "shared").bytes
        func named(_ name: String) -> String {
            let hash = PortableSHA256.hash(Array(name.utf8) + [0x0A] + key).bytes.prefix(4)
            return "\(name)+\(Hex.encode(Array(hash)))+\(Base64.standard.encode(key))"
        }
        var command = Constitution.shared(parties: 2)
        command.parties[0].cosigner = named("one")
        command.parties[1].cosigner = named("two")
        #expect(code { _ = try Constitution(command) } == "constitution.partyTaken")
    }

    @Test func aMemberOfAGroupStaysUntilTheGroupsAreSetAnew() throws {
        let constitution = try Constitution(Self.founding())
        func refusal(_ changes: [ConstitutionChange]) -> String? {
            code { try constitution.propose("x", changes) }
        }
        #expect(refusal([.removeParty("p3")]) == "constitution.partyInGroup")
        #expect(refusal([.changeParty(Constitution.party(3))]) == "constitution.partyInGroup")
        let anew = [group("authorities", 2, of: [1, 2]), Self.groups[1]]
        #expect(refusal([.removeParty("p3"), .setQuorum(Self.groups)]) == "constitution.partyUnknown")
        #expect(
            refusal([.changeParty(Constitution.party(3)), .setQuorum(Self.groups)]) == "constitution.cosignerMissing")
        #expect(refusal([.setQuorum(anew), .setQuorum(anew)]) == "constitution.quorumRepeated")
        try constitution.enact("c1", [.removeParty("p3"), .setQuorum(anew)])
        #expect(try constitution.network?.groups == anew)
        #expect(try constitution.network?.member("p3") == nil)
        try constitution.enact("c2", [.removeParty("p7")])
        #expect(try constitution.network?.members.count == 5, "who has no node leaves no trace in the row")
    }

    @Test func admitsAPartyBesideTheGroupsOrIntoThem() throws {
        let constitution = try Constitution(Self.founding())
        try constitution.enact("c1", [.admitParty(Constitution.party(8, cosigner: true))])
        #expect(try constitution.network?.members.last?.party == "p8")
        #expect(try constitution.network?.groups == Self.groups)
        // Before the party is admitted, in the order of the changes: the whole counts.
        let wider = [group("authorities", 3, of: [1, 2, 3, 8, 9]), Self.groups[1]]
        try constitution.enact("c2", [.setQuorum(wider), .admitParty(Constitution.party(9, cosigner: true))])
        #expect(try constitution.network?.groups == wider)
        #expect(try constitution.network?.member("p9") != nil)
        try constitution.enact("c3", [.setQuorum([])])
        #expect(try constitution.network?.groups == [group("parties", 5, of: [1, 2, 3, 4, 5, 6, 8, 9])])
        #expect(try ConstitutionTables.head.find("current", in: constitution.bench.state)?.groups == [])
    }

    @Test func aKeyIsRotatedWhereverThePartyCounts() throws {
        let constitution = try Constitution(Self.founding())
        var party = Constitution.party(2, cosigner: true)
        party.cosigner = verifierKey("bench.example/ledger/p2", 4, key: "second")
        try constitution.enact("c1", [.changeParty(party)])
        #expect(try constitution.network?.member("p2")?.cosigner == party.cosigner)
        #expect(try constitution.network?.groups == Self.groups)
        #expect(try constitution.network?.members.map(\.party) == ["p1", "p2", "p3", "p4", "p5", "p6"])
    }

    @Test func theRowStaysWhenTheOthersLeave() throws {
        let constitution = try Constitution(Constitution.shared(parties: 3))
        try constitution.enact("c1", [.removeParty("p3"), .changeParty(Constitution.party(2))])
        #expect(try constitution.network?.members.map(\.party) == ["p1"])
        #expect(try constitution.network?.groups == [group("parties", 1, of: [1])])
        #expect(
            code { try constitution.propose("c2", [.changeParty(Constitution.party(1))]) }
                == "constitution.nobodyOrders")
        try constitution.enact("c3", [.changeParty(Constitution.party(2, cosigner: true))])
        #expect(try constitution.network?.groups == [group("parties", 2, of: [1, 2])])
    }

    @Test func theShareOfTheRuleWithoutGroupsIsFollowed() throws {
        let constitution = try Constitution(Constitution.shared(parties: 6))
        #expect(try constitution.network?.groups.map(\.needed) == [4])
        try constitution.enact(
            "c1", [setting("constitution.quorum.numerator", 2), setting("constitution.quorum.denominator", 3)])
        #expect(try constitution.network?.groups.map(\.needed) == [5])
    }
}
