import ContractKit
import enum Crypto.Curve25519
import Finality
import LedgerCore
import MerkleLog
import Primitives
import Testing

@Suite("A party's key changes")
struct KeyChangeTests {
    private static let names = ["a", "b", "c"]
    private static let origin = "example.org/keys"
    private let present: [String: NodeSigner]
    private let next: [String: NodeSigner]

    init() {
        let logKey = Curve25519.Signing.PrivateKey()
        func made() -> [String: NodeSigner] {
            var made: [String: NodeSigner] = [:]
            for name in Self.names {
                made[name] = NodeSigner(origin: Self.origin, party: name, logKey: logKey, cosignerKey: .init())
            }
            return made
        }
        present = made()
        next = made()
    }

    private func verifier(_ party: String, isNext: Bool = false) throws -> String {
        try #require((isNext ? next : present)[party]).cosignerVerifier.text
    }

    /// Two of three keep the ledger; `rotated` have their next key.
    private func network(rotated: Set<String> = []) throws -> NetworkRow {
        NetworkRow(
            members: try Self.names.map { .init(party: $0, cosigner: try verifier($0, isNext: rotated.contains($0))) },
            groups: [.init(name: "parties", needed: 2, members: Self.names)])
    }

    private func point(_ size: UInt64) -> Point { Point(size: size, root: CryptoSHA256.hash([UInt8(size)])) }

    private func signature(_ party: String, _ point: Point, isNext: Bool = false) throws -> NoteSignature {
        let signer = try #require((isNext ? next : present)[party])
        return try signer.cosign(
            try signer.logCheckpoint(size: point.size, root: point.root), at: Instant(milliseconds: 1_767_225_600_000))
    }

    private func machine(keys: Set<String>) throws -> FinalityMachine {
        FinalityMachine(party: "a", network: try network(), final: point(1), signed: nil, keys: keys)
    }

    @Test("a node without the key that the ledger names says and signs nothing until it has it")
    func waiting() throws {
        var machine = try machine(keys: [try verifier("a", isNext: true)])
        #expect(machine.executed(point(2), network: try network()).isEmpty)
        for party in ["b", "c"] {
            #expect(machine.heard(SeenStatement(party: party, points: [point(2)])).isEmpty)
        }
        let actions = machine.have(keys: [try verifier("a"), try verifier("a", isNext: true)])
        #expect(actions == [.sign(point(2)), .publishSeen([point(2)])])
    }

    @Test(
        "the change is signed with the old key, what follows with the new one, and without it nothing",
        arguments: [true, false])
    func change(hasNext: Bool) throws {
        var machine = try machine(keys: [try verifier("a")])
        let after = try network(rotated: ["a"])
        #expect(machine.executed(point(2), network: after) == [.publishSeen([point(2)])])
        // What stands behind the change is not named before it is final.
        #expect(machine.executed(point(3), network: after).isEmpty)
        var actions = machine.heard(SeenStatement(party: "b", points: [point(2)]))
        actions += machine.heard(SeenStatement(party: "c", points: [point(2)]))
        #expect(actions == [.sign(point(2))])
        machine.didSign(point(2))
        if hasNext { #expect(machine.have(keys: [try verifier("a"), try verifier("a", isNext: true)]).isEmpty) }
        _ = machine.heard(point(2), cosignedBy: "b", try signature("b", point(2)))
        let final = machine.heard(point(2), cosignedBy: "c", try signature("c", point(2)))
        guard case .final(point(2), _)? = final.first else {
            Issue.record("\(final)")
            return
        }
        #expect(final.dropFirst() == (hasNext ? [.publishSeen([point(3)])] : []))
        actions = machine.heard(SeenStatement(party: "b", points: [point(3)]))
        actions += machine.heard(SeenStatement(party: "c", points: [point(3)]))
        #expect(actions == (hasNext ? [.sign(point(3))] : []))
    }

    @Test("a node that is behind a change passes it, though it hears the newest first")
    func behind() throws {
        var machine = try machine(keys: [try verifier("a")])
        // What b and c say now: they are far beyond the change, and b has signed that with its new key.
        for party in ["b", "c"] { _ = machine.heard(point(9), cosignedBy: party, try signature(party, point(9))) }
        let after = try network(rotated: ["c"])
        _ = machine.executed(point(2), network: after)
        #expect(machine.barrier == point(2) && machine.isPassed(2) && !machine.isPassed(9))
        _ = machine.executed(point(3), network: after)
        // Then what they said before, as the engine's history gives it.
        _ = machine.heard(point(2), cosignedBy: "b", try signature("b", point(2)))
        let actions = machine.heard(point(2), cosignedBy: "c", try signature("c", point(2)))
        guard case .final(point(2), let cosignatures)? = actions.first else {
            Issue.record("\(actions)")
            return
        }
        #expect(cosignatures.count == 2 && machine.final == point(2) && machine.barrier == nil)
    }

    @Test("of a party only so many cosignatures are remembered, the latest heard")
    func bounded() throws {
        var machine = try machine(keys: [try verifier("a")])
        for size in 2...200 {
            _ = machine.heard(point(UInt64(size)), cosignedBy: "b", try signature("b", point(UInt64(size))))
        }
        _ = machine.executed(point(2), network: try network())
        // The first ones are forgotten: c alone is no quorum.
        #expect(machine.heard(point(2), cosignedBy: "c", try signature("c", point(2))).isEmpty)
        _ = machine.executed(point(200), network: try network())
        let actions = machine.heard(point(200), cosignedBy: "c", try signature("c", point(200)))
        #expect(machine.final == point(200), "\(actions)")
    }
}

@Suite("Keys that were replaced")
struct FormerKeysTests {
    @Test("what a node has kept is read again, and what is none is passed over")
    func kept() {
        let text = "a 1000 example.org/a+01020304+AAAA\nb 2000 example.org/b+01020304+BBBB\n"
        let keys = FormerKeys(parsing: Array(text.utf8))
        #expect(keys.bytes == Array(text.utf8))
        #expect(keys.key(of: "a") == "example.org/a+01020304+AAAA" && keys.key(of: "c") == nil)
        #expect(FormerKeys(parsing: Array("x\n \na b c\na 1 2 3\n".utf8)) == FormerKeys())
        #expect(FormerKeys(parsing: []) == FormerKeys())
    }
}
