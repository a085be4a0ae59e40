import ConstitutionContract
import ContractKit
import LedgerTesting
import Primitives
import SupervisionContract

/// A ledger of four parties: p1 and p2 have somebody on the supervision committee, p3 only a delegate, p4 neither.
struct Committee {
    static let contracts: [any Contract.Type] = [ConstitutionContract.self, SupervisionContract.self]
    let bench = RuleBench(Committee.contracts)
    private static let roles = [1: ["delegate", "supervisor"], 2: ["supervisor"], 3: ["delegate"], 4: ["publisher"]]

    init() throws {
        try bench.runAsGuest(
            FoundConstitution(
                name: "试点小区", logKey: Committee.verifierKey("bench.example/ledger"), founder: RuleBench.key(1),
                parties: (1...4).map { PartyDescription(id: "p\($0)", name: "第\($0)方", kind: .residentsCommittee) },
                staff: (1...4).map {
                    StaffDescription(
                        party: "p\($0)", title: "代表", roles: Committee.roles[$0] ?? [], key: RuleBench.key($0))
                }, parameters: []))
    }

    private static func verifierKey(_ name: String) -> String {
        let key = [1] + PortableSHA256.hash(utf8: name).bytes
        let hash = PortableSHA256.hash(Array(name.utf8) + [0x0A] + key).bytes.prefix(4)
        return "\(name)+\(Hex.encode(Array(hash)))+\(Base64.standard.encode(key))"
    }

    /// The staff of a party.
    func staff(_ index: Int) throws -> Caller {
        guard let caller = bench.caller(of: RuleBench.key(index)) else { throw Reason.unknownKey }
        return caller
    }

    @discardableResult
    func raise(
        _ id: String, by party: Int = 1, about: Int = 3, _ subject: FindingSubject = .nodeDown,
        _ text: String = "节点从昨晚十点起没有消息。", evidence: Digest? = nil
    ) throws -> [JSONValue] {
        try bench.run(
            RaiseFinding(finding: id, about: "p\(about)", subject: subject, text: text, evidence: evidence),
            as: try staff(party))
    }

    @discardableResult
    func answer(_ id: String, by party: Int = 3, _ text: String = "电源坏了，已经换好。") throws -> [JSONValue] {
        try bench.run(AnswerFinding(finding: id, text: text), as: try staff(party))
    }

    @discardableResult
    func close(_ id: String, by party: Int = 1, _ text: String = "节点已恢复。") throws -> [JSONValue] {
        try bench.run(CloseFinding(finding: id, text: text), as: try staff(party))
    }

    @discardableResult
    func reopen(_ id: String, by party: Int = 1, _ text: String = "又停了。") throws -> [JSONValue] {
        try bench.run(ReopenFinding(finding: id, text: text), as: try staff(party))
    }

    func row(_ id: String) throws -> FindingRow {
        try SupervisionTables.findings.require(id, in: bench.state, else: .stateDamaged)
    }

    /// The code of the refusal that `body` meets, after which the state must be as before; nil when it is accepted.
    func refusal(_ body: () throws -> Void) -> String? {
        let before = bench.state.snapshot
        do {
            try body()
            return nil
        } catch {
            guard bench.state.snapshot == before else { return "state changed" }
            return (error as? Reason)?.code ?? "\(error)"
        }
    }
}
