import MerkleLog
import Primitives
import Testing

/// Readers of outside input, fed with random bytes and with damaged good input. They must never trap, and whatever
/// they accept they must write again byte for byte: one thing, one spelling.
@Suite struct FuzzTests {
    private static let budget = 1_500

    /// Damages good input: flips, cuts, repeats, inserts.
    private func damaged(_ good: [UInt8], _ random: inout SeededRandom) -> [UInt8] {
        var bytes = good
        let interesting: [UInt8] = [0x00, 0x09, 0x0A, 0x20, 0x2B, 0x2F, 0x30, 0x3D, 0x7F, 0x80, 0xE2, 0xFF]
        for _ in 0...random.below(3) {
            guard !bytes.isEmpty else { return bytes }
            let place = random.below(bytes.count)
            switch random.below(6) {
            case 0: bytes[place] ^= 1 << UInt8(random.below(8))
            case 1: bytes[place] = interesting[random.below(interesting.count)]
            case 2: bytes.remove(at: place)
            case 3: bytes.insert(interesting[random.below(interesting.count)], at: place)
            case 4: bytes.removeSubrange(place..<min(bytes.count, place + 1 + random.below(40)))
            default: bytes.insert(contentsOf: bytes[place..<min(bytes.count, place + random.below(60))], at: place)
            }
        }
        return bytes
    }

    private func run(_ seed: UInt64, _ good: [[UInt8]], _ roundTrip: ([UInt8]) -> [UInt8]?) {
        var random = SeededRandom(seed: seed)
        for sample in good { #expect(roundTrip(sample) == sample, "seed \(seed)") }
        for _ in 0..<Self.budget {
            let input =
                random.below(4) == 0
                ? random.bytes(random.below(200)) : damaged(good[random.below(good.count)], &random)
            if let written = roundTrip(input) { #expect(written == input, "seed \(seed): \(input)") }
        }
    }

    private func samples() throws -> (head: SignedCheckpoint, policy: [UInt8], key: VerifierKey) {
        let log = try Signer("log.example", .ed25519, seed: 1)
        let party = try Signer("party.example", .cosignature, seed: 2)
        let checkpoint = try #require(Checkpoint(origin: "log.example", size: 9, root: Digest(1, 2, 3, 4)))
        var head = try SignedCheckpoint(checkpoint)
        head.add(try log.sign(checkpoint.text))
        head.add(try party.sign(checkpoint.text))
        let policy = "log \(log.key.text)\nwitness p \(party.key.text) https://p/\ngroup g all p\nquorum g\n"
        return (head, ascii(policy), party.key)
    }

    @Test func notesAndCheckpoints() throws {
        let head = try samples().head
        run(60, [head.bytes]) { (try? SignedNote(parsing: $0))?.bytes }
        run(61, [head.bytes]) { (try? SignedCheckpoint(parsing: $0))?.bytes }
        run(62, [head.checkpoint.text]) { (try? Checkpoint(parsing: $0))?.text }
    }

    @Test func keys() throws {
        run(63, [try samples().key.bytes]) { (try? VerifierKey(parsing: $0, using: H.self))?.bytes }
    }

    @Test func policies() throws {
        // White space is free here, so what is read need not be written alike; but it must be read again as the same.
        var random = SeededRandom(seed: 64)
        let good = try samples().policy
        var accepted = 0
        for _ in 0..<Self.budget {
            guard let policy = try? WitnessPolicy(parsing: damaged(good, &random), using: H.self) else { continue }
            accepted += 1
            #expect(try WitnessPolicy(parsing: policy.bytes, using: H.self) == policy)
        }
        #expect(accepted > 0)
    }

    @Test func receipts() throws {
        let head = try samples().head
        let proofs = [nil, [], ascii("leaf")].map { extra in
            TLogProof(extra: extra, index: 3, hashes: [.zero, Digest(1, 2, 3, 4)], checkpoint: head).bytes
        }
        run(65, proofs) { (try? TLogProof(parsing: $0))?.bytes }
    }

    @Test func stateProofs() throws {
        var random = SeededRandom(seed: 66)
        let keys = (0..<60).map { _ in random.digest() }
        var tree = SparseTree<H>(bulk: keys.map { ($0, $0) })
        let root = tree.root()
        let proofs = (keys.prefix(10) + (0..<20).map { _ in random.digest() }).map { tree.prove($0).encoded() }
        run(67, proofs) { (try? SparseProof(encoded: $0))?.encoded() }
        // A damaged proof may read, but it must not prove the contrary of what is.
        for _ in 0..<Self.budget {
            let place = random.below(10)
            guard let proof = try? SparseProof(encoded: damaged(proofs[place], &random)) else { continue }
            for value in [nil, Digest.zero] {
                #expect(throws: SparseProofError.self) {
                    try proof.verify(keyHash: keys[place], valueHash: value, root: root, using: H.self)
                }
            }
        }
    }

    @Test func bundlesAndPaths() throws {
        let bundle = try #require(EntryBundle.encode([[1, 2, 3], [], [4]]))
        run(68, [bundle]) { EntryBundle.decode($0).flatMap { EntryBundle.encode($0) } }
        let paths = ["tile/0/x001/234.p/7", "tile/entries/x001/x002/003", "tile/12/004"].map { ascii($0) }
        run(69, paths) { bytes in
            String(validating: bytes, as: UTF8.self).flatMap { TilePath($0) }.map { ascii($0.text) }
        }
    }
}
