import ContractKit
import Crypto
import LedgerCore
import LedgerTesting
import MerkleLog
import Primitives
import Testing

@Suite struct NetworkPolicyTests {
    private static let logKey = Curve25519.Signing.PrivateKey()

    /// A node of each party, with the log key that they share.
    private static func signer(_ party: String) throws -> NodeSigner {
        try #require(
            NodeSigner(
                origin: "bench.example/lane", party: party, logKey: logKey,
                cosignerKey: Curve25519.Signing.PrivateKey()))
    }

    private static func network(_ signers: [NodeSigner], _ groups: [NetworkRow.Group]) -> NetworkRow {
        NetworkRow(
            members: signers.map { NetworkRow.Member(party: $0.party, cosigner: $0.cosignerVerifier.text) },
            groups: groups)
    }

    private static func group(_ name: String, _ needed: Int64, _ members: [String]) -> NetworkRow.Group {
        NetworkRow.Group(name: name, needed: needed, members: members)
    }

    @Test("one group is the quorum itself, several stand under one that needs all")
    func shape() throws {
        let signers = try ["a", "b", "c", "d"].map(Self.signer)
        let log = try #require(signers.first).logVerifier
        let one = try WitnessPolicy(
            log: log, network: Self.network(signers, [Self.group("parties", 3, ["a", "b", "c", "d"])]))
        #expect(one.quorumName == PolicyName("parties"))
        #expect(one.groups.count == 1)
        let two = try WitnessPolicy(
            log: log,
            network: Self.network(
                signers, [Self.group("left", 2, ["a", "b"]), Self.group("right", 1, ["c", "d"])]))
        #expect(two.quorumName == PolicyName("all"))
        #expect(two.logs.map(\.key) == [log])
        #expect(two.witnesses.map(\.name.description) == ["a", "b", "c", "d"])
        #expect(two.witnesses.map(\.key) == signers.map(\.cosignerVerifier))
        let lines = String(decoding: two.bytes, as: UTF8.self).split(separator: "\n").suffix(4)
        #expect(Array(lines) == ["group left 2 a b", "group right 1 c d", "group all all left right", "quorum all"])
    }

    @Test("a row that the constitution would refuse makes no policy")
    func refused() throws {
        let signers = try ["a", "b"].map(Self.signer)
        let log = try #require(signers.first).logVerifier
        func error(_ row: NetworkRow) -> String? {
            do throws(PolicyError) {
                _ = try WitnessPolicy(log: log, network: row)
                return nil
            } catch {
                return error.code
            }
        }
        #expect(error(Self.network(signers, [Self.group("g", 2, ["a", "b"])])) == nil)
        #expect(error(Self.network(signers, [Self.group("g", 1, ["a", "b"])])) == "policy.threshold", "apart")
        #expect(error(Self.network(signers, [Self.group("g", 3, ["a", "b"])])) == "policy.threshold")
        #expect(error(Self.network(signers, [Self.group("a", 2, ["a", "b"])])) == "policy.duplicate-name")
        #expect(error(Self.network(signers, [Self.group("g", 2, ["a", "x"])])) == "policy.unknown-name")
        #expect(error(Self.network(signers, [])) == "policy.no-quorum")
        var damaged = Self.network(signers, [Self.group("g", 2, ["a", "b"])])
        damaged.members[0].cosigner = "a+00000000+AAAA"
        #expect(error(damaged) == "policy.key")
    }

    @Test("row and policy agree on every set of parties, and the file is read back", arguments: [UInt64(1), 2])
    func agrees(seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        let signers = try ["a", "b", "c", "d", "e", "f"].map(Self.signer)
        let log = try #require(signers.first).logVerifier
        var made = 0
        for _ in 0..<60 {
            var names = signers.map(\.party).shuffled(using: &random)
            var groups: [NetworkRow.Group] = []
            repeat {
                let size = Int.random(in: 1...names.count, using: &random)
                let needed = Int64.random(in: 1...Int64(size), using: &random)
                groups.append(Self.group("g\(groups.count)", needed, Array(names.prefix(size))))
                names.removeFirst(size)
            } while !names.isEmpty && random.chance(60)
            let row = Self.network(signers, groups)
            guard let policy = try? WitnessPolicy(log: log, network: row) else {
                #expect(!row.quorumsIntersect)
                continue
            }
            made += 1
            #expect(row.quorumsIntersect && policy.quorumsIntersect())
            #expect(try WitnessPolicy(parsing: policy.bytes, using: CryptoSHA256.self) == policy)
            for set in 0..<1 << signers.count {
                let parties = signers.indices.filter { set & 1 << $0 != 0 }.map { signers[$0].party }
                #expect(policy.isQuorum(parties.compactMap { PolicyName($0) }) == row.isQuorum(parties))
            }
        }
        #expect(made > 10)
    }

    @Test("a checkpoint stands when every group has cosigned it, whoever wrote it down")
    func checkpoint() throws {
        let signers = try ["a", "b", "c"].map(Self.signer)
        let log = try #require(signers.first).logVerifier
        let policy = try WitnessPolicy(
            log: log,
            network: Self.network(signers, [Self.group("left", 2, ["a", "b"]), Self.group("right", 1, ["c"])]))
        let time = Instant(milliseconds: 1_767_225_600_000)
        let heads = try signers.map { try $0.checkpoint(size: 7, root: CryptoSHA256.hash([1]), at: time) }
        var head = try #require(heads.first)
        #expect(try !policy.evaluate(head, using: CryptoEd25519.self).isQuorumSatisfied)
        for (other, signer) in zip(heads, signers).dropFirst() {
            let own = other.note.signatures.filter { $0.name == signer.cosignerVerifier.name }
            for signature in own { head.add(signature) }
        }
        let evaluation = try policy.evaluate(head, using: CryptoEd25519.self)
        #expect(evaluation.isQuorumSatisfied && evaluation.missing == [])
    }
}
