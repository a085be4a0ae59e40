import ConstitutionContract
import ContractKit
import LedgerTesting
import Primitives
import Testing

@Suite struct ConstitutionPropertyTests {
    /// Random proposals and votes; after each step the invariants of the README hold.
    @Test(arguments: [UInt64(1), 2, 3, 4]) func invariantsHold(seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        let constitution = try Constitution(parties: 4)
        let state = constitution.bench.state
        var accepted = 0
        for step in 0..<300 {
            let open = try ConstitutionTables.head.find("current", in: state)?.proposals ?? []
            let party = Int.random(in: 1...5, using: &random)
            let version = try Parameters.version(in: state)
            do {
                if open.isEmpty || random.chance(25) {
                    try constitution.propose("c\(step)", by: party, randomChanges(&random))
                } else {
                    try constitution.vote(random.pick(open), by: party, yes: random.chance(75))
                }
            } catch let reason as Reason {
                #expect(ConstitutionReason.all.contains { $0.code == reason.code } || reason.code.hasPrefix("account."))
            }
            let now = try Parameters.version(in: state)
            #expect(now == version || now == version + 1, "seed \(seed) step \(step)")
            if now > version { accepted += 1 }
            try checkInvariants(state, "seed \(seed) step \(step)", changed: now > version)
        }
        #expect(accepted > 0, "seed \(seed): the walk must reach accepted proposals")
    }

    private func randomChanges(_ random: inout SeededGenerator) -> [ConstitutionChange] {
        (0..<Int.random(in: 1...3, using: &random)).map { _ in
            let party = Int.random(in: 1...8, using: &random)
            switch random.next() % 8 {
            case 0: return .admitParty(Constitution.party(party))
            case 1: return .removeParty("p\(party)")
            case 2: return .openStaff(Constitution.delegate(party))
            case 3: return .closeStaff(Base64.url.encode(RuleBench.key(party).keyID.bytes))
            case 4: return .changeParty(Constitution.party(party, cosigner: true, observes: random.chance(25)))
            case 5: return .changeParty(Constitution.party(party))
            case 6:
                return .setQuorum(
                    random.chance(25)
                        ? []
                        : [group("g", Int64.random(in: 1...2, using: &random), of: [party, party % 8 + 1])])
            default: return setting("other.days", Int64.random(in: 0...61, using: &random))
            }
        }
    }

    private func checkInvariants(_ state: MemoryState, _ place: String, changed: Bool) throws {
        let rows = try state.rows(of: ConstitutionTables.parties)
        let head = try #require(try ConstitutionTables.head.find("current", in: state))
        #expect(head.parties.sorted() == rows.map(\.id).sorted(), "\(place)")
        #expect(rows.contains { $0.row.hasDelegate }, "\(place): somebody can vote")
        try checkNetwork(state, place)
        if changed { #expect(head.proposals.isEmpty, "\(place): the others were dropped") }
        let listed = rows.flatMap { $0.row.staff.map(\.key) }.sorted()
        let active = try state.rows(of: LedgerTables.keys).filter { $0.row.active }.map(\.id).sorted()
        #expect(listed == active, "\(place): open keys and staff lists agree")
        let open = try state.rows(of: ConstitutionTables.proposals).filter { $0.row.status == .open }.map(\.id).sorted()
        #expect(open == head.proposals.sorted(), "\(place)")
    }

    /// The row that the core reads agrees with the parties, and its quorums share a party.
    private func checkNetwork(_ state: MemoryState, _ place: String) throws {
        let cosigning = try Parties.all(in: state).map(\.party).filter { $0.cosigner != nil }
        guard let network = try LedgerTables.network.find("current", in: state) else {
            #expect(cosigning.count < 2, "\(place): several nodes need the row")
            return
        }
        #expect(network.members.map(\.party) == cosigning.map(\.id), "\(place)")
        #expect(network.members.map(\.cosigner) == cosigning.compactMap(\.cosigner), "\(place)")
        #expect(network.members.map(\.observes) == cosigning.map(\.observes), "\(place)")
        #expect(network.members.contains { !$0.observes }, "\(place): somebody orders")
        #expect(network.isQuorum(cosigning.map(\.id)), "\(place): all together are enough")
        #expect(!Apart.isPossible(network.groups, parties: 8), "\(place): two quorums share a party")
    }

    /// No body makes a parser trap, and what is read is written back canonically.
    @Test(arguments: [UInt64(11), 12]) func bodiesAreFuzzed(seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        let names = [
            "algorithm", "publicKey", "logKey", "name", "parameters", "parties", "staff", "changes", "change",
            "setting",
            "party", "key", "proposal", "version", "yes", "value", "source", "id", "kind", "cosigner", "node", "roles",
            "title", "groups", "needed", "members", "observes",
        ]
        let valid = [
            Constitution.founding(parties: 2).canonicalJSON,
            Constitution.shared(parties: 3, observers: [3], groups: [group("g", 2, of: [1, 2, 3])]).canonicalJSON,
            ProposeChanges(
                proposal: "c", version: 1,
                changes: [
                    setting("a", 1), .removeParty("p"), .admitParty(Constitution.party(1, cosigner: true)),
                    .setQuorum([group("g", 2, of: [1, 2])]),
                ]
            ).canonicalJSON,
            VoteOnProposal(proposal: "c", yes: true).canonicalJSON,
        ]
        var read = 0
        for round in 0..<4_000 {
            let body =
                round % 2 == 0
                ? Array(RandomJSON.object(names: names, using: &random).utf8)
                : RandomJSON.damaged(random.pick(valid), using: &random)
            for command in ConstitutionContract.commands where parses(command, body) { read += 1 }
        }
        #expect(read > 0, "seed \(seed): some bodies must be readable")
    }

    private func parses<C: Command>(_: C.Type, _ body: [UInt8]) -> Bool {
        guard let command = try? C(json: body) else { return false }
        _ = command.introducedKey
        try? command.check()
        let written = command.canonicalJSON
        #expect(CanonicalJSON.isCanonical(written))
        #expect((try? C(json: written))?.canonicalJSON == written)
        return true
    }

    @Test func everyReasonIsListedOnceAndEveryNameIsTheModules() {
        let codes = ConstitutionReason.all.map(\.code)
        #expect(Set(codes).count == codes.count)
        #expect(codes.allSatisfy { $0.hasPrefix("constitution.") && $0.utf8.count <= 64 })
        for definition in ConstitutionContract.parameters { #expect(definition.accepts(definition.default)) }
        for command in ConstitutionContract.commands { #expect("\(command.type)".hasPrefix("constitution.")) }
    }
}
