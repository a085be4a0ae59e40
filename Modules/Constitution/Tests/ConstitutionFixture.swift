import ConstitutionContract
import ContractKit
import LedgerTesting
import Primitives

/// A verifier key of the right form; `key` tells keys of one name apart.
func verifierKey(_ name: String, _ type: UInt8, key: String = "") -> String {
    let key = [type] + PortableSHA256.hash(utf8: name + key).bytes
    let hash = PortableSHA256.hash(Array(name.utf8) + [0x0A] + key).bytes.prefix(4)
    return "\(name)+\(Hex.encode(Array(hash)))+\(Base64.standard.encode(key))"
}

/// A founded constitution: parties p1…pn, each with one delegate (bench keys 1…n).
struct Constitution {
    let bench = RuleBench([ConstitutionContract.self, OtherContract.self])

    static func party(_ index: Int, cosigner: Bool = false, observes: Bool = false) -> PartyDescription {
        PartyDescription(
            id: "p\(index)", name: "第\(index)方", kind: .residentsCommittee,
            cosigner: cosigner ? verifierKey("bench.example/ledger/p\(index)", 4) : nil,
            node: cosigner ? "node\(index)" : nil,
            observes: observes)
    }

    /// Parties p1…pn of which the first `cosigners` have a node; those in `observers` only watch.
    static func shared(
        parties count: Int, cosigners: Int? = nil, observers: Set<Int> = [], groups: [NetworkRow.Group] = []
    ) -> FoundConstitution {
        var command = founding(parties: count)
        command.parties = (1...count).map {
            party($0, cosigner: $0 <= cosigners ?? count, observes: observers.contains($0))
        }
        command.groups = groups
        return command
    }

    static func delegate(_ index: Int) -> StaffDescription {
        StaffDescription(
            party: "p\(index)", title: "代表", roles: ["delegate", "registrar"], key: RuleBench.key(index))
    }

    static func founding(parties count: Int, parameters: [ParameterSetting] = []) -> FoundConstitution {
        FoundConstitution(
            name: "试点小区", logKey: verifierKey("bench.example/ledger", 1), founder: RuleBench.key(1),
            parties: (1...count).map { party($0) }, staff: (1...count).map { delegate($0) }, parameters: parameters)
    }

    init(parties count: Int, parameters: [ParameterSetting] = []) throws {
        try bench.runAsGuest(Constitution.founding(parties: count, parameters: parameters))
    }

    init(_ founding: FoundConstitution) throws { try bench.runAsGuest(founding) }

    var network: NetworkRow? { get throws { try LedgerTables.network.find("current", in: bench.state) } }

    /// Proposes changes and lets so many parties say yes that they are carried out.
    func enact(_ id: String, _ changes: [ConstitutionChange]) throws {
        try propose(id, changes)
        for party in try Parties.all(in: bench.state) where try status(id) == .open {
            guard let index = Int(party.party.id.dropFirst()), bench.caller(of: RuleBench.key(index)) != nil
            else { continue }
            try vote(id, by: index)
        }
    }

    func delegate(_ index: Int) throws -> Caller {
        guard let caller = bench.caller(of: RuleBench.key(index)) else { throw Reason.unknownKey }
        return caller
    }

    @discardableResult
    func propose(_ id: String, by party: Int = 1, _ changes: [ConstitutionChange]) throws -> [JSONValue] {
        let version = try Parameters.version(in: bench.state)
        return try bench.run(
            ProposeChanges(proposal: id, version: version, changes: changes), as: try delegate(party))
    }

    @discardableResult
    func vote(_ id: String, by party: Int, yes: Bool = true) throws -> [JSONValue] {
        try bench.run(VoteOnProposal(proposal: id, yes: yes), as: try delegate(party))
    }

    func status(_ id: String) throws -> ProposalStatus? {
        try ConstitutionTables.proposals.find(id, in: bench.state)?.status
    }
}

/// A module that only declares parameters.
enum OtherContract: Contract {
    static let name = "other"
    static let commands: [any Command.Type] = []
    static let reasons: [Reason] = []
    static let days = ParameterDefinition("other.days", default: 15, in: 1...60, unit: "days", source: "test")
    static let rule = ParameterDefinition("other.rule", text: "greedy", bytes: 1...16, source: "test")
    static let parameters = [days, rule]
}

/// A group of the parties with these numbers.
func group(_ name: String, _ needed: Int64, of members: [Int]) -> NetworkRow.Group {
    NetworkRow.Group(name: name, needed: needed, members: members.map { "p\($0)" })
}

func setting(_ name: String, _ value: Int64) -> ConstitutionChange {
    .setParameter(ParameterSetting(name: name, value: .integer(value), source: "test"))
}
