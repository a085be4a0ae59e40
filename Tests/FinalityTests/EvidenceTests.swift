import ContractKit
import enum Crypto.Curve25519
import Finality
import LedgerCore
import LedgerTesting
import MerkleLog
import Ordering
import Primitives
import Testing

/// Four parties with keys, and logs to sign.
private struct Parties {
    static let origin = "example.org/evidence"
    let signers: [String: NodeSigner]
    let network: NetworkRow
    let policy: WitnessPolicy

    init() throws {
        let logKey = Curve25519.Signing.PrivateKey()
        var signers: [String: NodeSigner] = [:]
        for name in ["a", "b", "c", "d"] {
            signers[name] = NodeSigner(
                origin: Parties.origin, party: name, logKey: logKey, cosignerKey: Curve25519.Signing.PrivateKey())
        }
        self.signers = signers
        network = NetworkRow(
            members: signers.sorted { $0.key < $1.key }.map {
                .init(party: $0.key, cosigner: $0.value.cosignerVerifier.text)
            }, groups: [.init(name: "parties", needed: 3, members: ["a", "b", "c", "d"])])
        policy = try WitnessPolicy(log: try #require(signers["a"]).logVerifier, network: network)
    }

    func signature(_ party: String, _ point: Point) throws -> NoteSignature {
        let signer = try #require(signers[party])
        return try signer.cosign(
            try signer.logCheckpoint(size: point.size, root: point.root), at: Instant(milliseconds: 1_767_225_600_000))
    }

    /// A checkpoint cosigned by these parties.
    func checkpoint(_ point: Point, by parties: [String]) throws -> SignedCheckpoint {
        var head = try #require(signers["a"]).logCheckpoint(size: point.size, root: point.root)
        for party in parties { head.add(try signature(party, point)) }
        return head
    }
}

/// A log of leaf hashes with its roots at every size.
private struct Log {
    private(set) var roots: [Digest] = []
    private(set) var tree = MerkleTree<CryptoSHA256>()
    private(set) var leaves: [Digest] = []

    init(_ salt: String, leaves count: Int, same: Int = 0) {
        roots.append(tree.root())
        for number in 0..<count {
            let leaf = CryptoSHA256.leafHash(Array("\(number < same ? "" : salt) \(number)".utf8))
            leaves.append(leaf)
            tree.append(leaf)
            roots.append(tree.root())
        }
    }

    func point(_ size: Int) -> Point { Point(size: UInt64(size), root: roots[size]) }
}

/// Tiles of a log of fewer than 256 leaves.
private struct SmallTiles: TileReader {
    let leaves: [Digest]

    func tile(level: Int, index: UInt64, width: Int) throws(TileError) -> [UInt8] {
        guard level == 0, index == 0, width <= leaves.count else { throw .outOfRange }
        return leaves.prefix(width).flatMap(\.bytes)
    }
}

@Suite("Evidence")
struct EvidenceTests {
    private let parties: Parties
    private let truth = Log("truth", leaves: 40)
    private let lie = Log("lie", leaves: 40, same: 5)

    init() throws { parties = try Parties() }

    private func heard(_ history: inout CosignedHistory, _ party: String, _ point: Point) throws -> [Evidence] {
        history.heard(point, by: party, try parties.signature(party, point))
    }

    @Test("a party that signs two logs of one size is found out by its own signatures")
    func signedBoth() throws {
        var history = CosignedHistory(origin: Parties.origin)
        #expect(try heard(&history, "b", truth.point(12)).isEmpty)
        #expect(try heard(&history, "c", truth.point(12)).isEmpty)
        #expect(try heard(&history, "b", truth.point(12)).isEmpty)
        #expect(try heard(&history, "b", lie.point(3)).isEmpty)
        let found = try #require(try heard(&history, "b", lie.point(12)).first)
        #expect(!found.lacksProof)
        let read = try #require(Evidence(parsing: found.text))
        #expect(read == found && read.text == found.text && Evidence.isEvidence(read.text))
        #expect(try read.check(policy: parties.policy) == .signedBoth)
    }

    @Test(
        "a party that signs against what is final is found out, whichever comes first, with a proof where sizes differ")
    func againstQuorum() throws {
        for isLieFirst in [true, false] {
            var history = CosignedHistory(origin: Parties.origin)
            let ends = [10, 14, 21].map(truth.point)
            let checkpoint = try parties.checkpoint(truth.point(21), by: ["a", "c", "d"])
            var found: [Evidence] = []
            if isLieFirst { found += try heard(&history, "b", lie.point(14)) }
            found += history.final(ends, checkpoint: checkpoint)
            if !isLieFirst { found += try heard(&history, "b", lie.point(14)) }
            // The same end, and an end that both logs share, prove nothing.
            #expect(try heard(&history, "c", truth.point(10)).isEmpty)
            #expect(found.count == 1)
            let evidence = try #require(found.first)
            #expect(evidence.lacksProof)
            #expect(throws: Evidence.Failure.badProof) { try evidence.check(policy: parties.policy) }
            let proven = try evidence.proven(by: SmallTiles(leaves: truth.leaves))
            let read = try #require(Evidence(parsing: proven.text))
            #expect(try read.check(policy: parties.policy) == .againstQuorum(["a", "c", "d"]))
        }
    }

    @Test("what shows nothing is refused")
    func refused() throws {
        let first = try parties.checkpoint(lie.point(12), by: ["b"])
        func failure(_ evidence: Evidence) -> Evidence.Failure? {
            do throws(Evidence.Failure) {
                _ = try evidence.check(policy: parties.policy)
                return nil
            } catch { return error }
        }
        func against(_ second: SignedCheckpoint, root: Digest? = nil, party: String = "b", proof: [Digest] = [])
            -> Evidence
        {
            Evidence(
                party: party, first: first, second: second, root: root ?? second.checkpoint.root, proof: proof)
        }
        let final = try parties.checkpoint(truth.point(12), by: ["a", "c", "d"])
        #expect(failure(against(final)) == nil)
        #expect(failure(against(final, party: "x")) == .unknownParty)
        #expect(failure(against(final, party: "c")) == .notSigned)
        #expect(failure(against(try parties.checkpoint(truth.point(12), by: ["a", "c"]))) == .noQuorum)
        #expect(failure(against(try parties.checkpoint(lie.point(12), by: ["a", "c", "d"]))) == .consistent)
        #expect(failure(against(final, root: truth.roots[3])) == .badProof)
        #expect(failure(against(final, proof: [truth.roots[3]])) == .badProof)
        // Two sizes, and the later one grew from the earlier one.
        let later = try parties.checkpoint(lie.point(20), by: ["a", "c", "d"])
        let proof = try ConsistencyProof(
            firstSize: 12, secondSize: 20, tiles: SmallTiles(leaves: lie.leaves), using: CryptoSHA256.self)
        #expect(failure(against(later, root: lie.roots[12], proof: proof.hashes)) == .consistent)
        #expect(failure(against(later, root: truth.roots[12], proof: proof.hashes)) == .badProof)
        let other = try #require(Checkpoint(origin: "example.org/other", size: 12, root: truth.roots[12]))
        #expect(failure(against(try SignedCheckpoint(other))) == .otherLedger)
    }

    @Test("of each party only so many points are remembered, and of the ledger so many ends")
    func bounded() throws {
        var history = CosignedHistory(origin: Parties.origin)
        let signature = try parties.signature("b", truth.point(1))
        for size in 1...3_000 {
            #expect(
                history.heard(
                    Point(size: UInt64(size), root: truth.roots[1]), by: "b", signature
                ).isEmpty)
        }
        let checkpoint = try parties.checkpoint(truth.point(1), by: ["a", "c", "d"])
        let found = history.final(
            (1...3_000).map { Point(size: UInt64($0), root: truth.roots[2]) }, checkpoint: checkpoint)
        #expect(found.count == 256)
    }

    @Test("no text makes the reader stumble, and none but a whole one is read", arguments: [UInt64(1), 2, 3])
    func fuzzed(seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        let evidence = Evidence(
            party: "b", first: try parties.checkpoint(lie.point(12), by: ["b"]),
            second: try parties.checkpoint(truth.point(21), by: ["a", "c", "d"]), root: truth.roots[12],
            proof: [truth.roots[1], truth.roots[2]])
        let whole = evidence.text
        for end in stride(from: 0, to: whole.count, by: 7) { #expect(Evidence(parsing: Array(whole[..<end])) == nil) }
        #expect(Evidence(parsing: whole + [0x0A]) == nil)
        for _ in 0..<3_000 {
            let text = mutated(whole, &random)
            if let read = Evidence(parsing: text) { #expect(read.text == text) }
        }
    }
}

/// A text with a few bytes changed, left out, put in or repeated.
func mutated(_ text: [UInt8], _ random: inout SeededGenerator) -> [UInt8] {
    var text = text
    for _ in 0..<Int.random(in: 1...4, using: &random) where !text.isEmpty {
        let place = Int.random(in: 0..<text.count, using: &random)
        switch Int.random(in: 0..<4, using: &random) {
        case 0: text[place] = UInt8.random(in: 0...255, using: &random)
        case 1: text.remove(at: place)
        case 2: text.insert(random.pick([0x0A, 0x20, 0x30, 0x39, 0xFF]), at: place)
        default: text.insert(contentsOf: text[place..<min(text.count, place + 40)], at: place)
        }
    }
    return text
}

@Suite("Status statements")
struct StatusStatementTests {
    private static let status = StatusStatement(
        party: "wuye", clock: Instant(milliseconds: 1_767_225_600_123), executed: 1_204, final: 1_200,
        diskFree: 51_539_607_552, certificateEnd: Instant(milliseconds: 1_798_761_600_000), isEngineReached: true,
        faults: 2, version: "0.1.0")

    private func read(_ text: [UInt8], origin: String = "example.org/x", isSigned: Bool = true) -> StatusStatement? {
        StatusStatement(parsing: text, origin: origin) { party, lines, signature in
            isSigned && party == "wuye" && lines.starts(with: Array("linlian/status/v1\n".utf8))
                && signature.count == 64
        }
    }

    private static func text(_ status: StatusStatement) -> [UInt8] {
        status.text(origin: "example.org/x") { _ in [UInt8](repeating: 7, count: 64) }
    }

    @Test("what is written is read, to the letter")
    func roundTrip() {
        var status = StatusStatementTests.status
        let text = StatusStatementTests.text(status)
        #expect(
            String(decoding: text, as: UTF8.self).hasPrefix(
                """
                linlian/status/v1
                example.org/x
                wuye
                clock 1767225600123
                height 1204
                final 1200
                disk 51539607552
                certificate 1798761600
                engine 1
                faults 2
                version 0.1.0
                BwcH
                """))
        #expect(read(text) == status)
        #expect(read(text, origin: "example.org/y") == nil && read(text, isSigned: false) == nil)
        status.certificateEnd = nil
        status.isEngineReached = false
        #expect(read(StatusStatementTests.text(status)) == status)
    }

    @Test("impossible values are refused")
    func impossible() {
        let text = String(decoding: StatusStatementTests.text(StatusStatementTests.status), as: UTF8.self)
        for (from, to) in [
            ("final 1200", "final 1205"), ("engine 1", "engine 2"), ("height 1204", "height 01204"),
            ("version 0.1.0", "version "), ("version 0.1.0", "version 0 1"), ("clock 1767225600123", "clock -1"),
            ("version 0.1.0", "version " + String(repeating: "9", count: 33)), ("faults 2\n", ""),
            ("faults 2\n", "faults 2\nfaults 2\n"), ("disk 5", "disk  5"), ("linlian/status/v1", "linlian/status/v2"),
        ] {
            #expect(read(Array(text.replacing(from, with: to).utf8)) == nil, "\(to)")
        }
        #expect(read(Array((text + text).utf8)) == nil)
    }

    @Test("no text makes the reader stumble", arguments: [UInt64(4), 5])
    func fuzzed(seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        let whole = StatusStatementTests.text(StatusStatementTests.status)
        for _ in 0..<5_000 {
            let text = mutated(whole, &random)
            guard let status = read(text) else { continue }
            #expect(status.final <= status.executed && status.version.utf8.count <= 32)
        }
    }
}
