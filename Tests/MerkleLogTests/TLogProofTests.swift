import MerkleLog
import Primitives
import Testing

@Suite struct TLogProofTests {
    private struct Receipt {
        var proof: TLogProof
        var policy: WitnessPolicy
        var leaf: [UInt8]
    }

    private func receipt(index: Int = 5, size: Int = 11) throws -> Receipt {
        let log = try Signer("log.example", .ed25519, seed: 1)
        let witnesses = [
            try Signer("a.example", .cosignature, seed: 2), try Signer("b.example", .cosignature, seed: 3),
        ]
        let entries = (0..<size).map { ascii("linlian/tx/v1\nentry \($0)\n") }
        let leaves = entries.map { H.leafHash($0) }
        let tiles = NaiveTiles(leaves: leaves)
        let checkpoint = try #require(
            Checkpoint(origin: "log.example", size: UInt64(size), root: naiveRoot(leaves[...])))
        var head = try SignedCheckpoint(checkpoint)
        for signer in [log] + witnesses { head.add(try signer.sign(checkpoint.text)) }
        var policy = WitnessPolicy()
        try policy.addLog(log.key)
        let names = try ["a", "b"].map { try #require(PolicyName($0)) }
        for (name, witness) in zip(names, witnesses) { try policy.addWitness(name, witness.key) }
        let group = try #require(PolicyName("both"))
        try policy.addGroup(group, .all, of: names)
        try policy.setQuorum(group)
        let inclusion = try InclusionProof(
            leafIndex: UInt64(index), treeSize: UInt64(size), tiles: tiles, using: H.self)
        let proof = TLogProof(
            extra: entries[index], index: UInt64(index), hashes: inclusion.hashes, checkpoint: head)
        return Receipt(proof: proof, policy: policy, leaf: entries[index])
    }

    @Test func aReceiptReadsWritesAndVerifies() throws {
        for (index, size) in [(0, 1), (0, 2), (5, 11), (10, 11), (299, 300)] {
            let made = try receipt(index: index, size: size)
            let proof = try TLogProof(parsing: made.proof.bytes)
            #expect(proof == made.proof)
            #expect(String(decoding: proof.bytes, as: UTF8.self).hasPrefix("c2sp.org/tlog-proof@v1\nextra "))
            let evaluation = try proof.verify(policy: made.policy, using: H.self, ed25519: CryptoEd25519.self)
            #expect(evaluation.isQuorumSatisfied)
            try proof.verify(
                leaf: made.leaf, policy: made.policy, origin: "log.example", using: PortableSHA256.self,
                ed25519: CryptoEd25519.self)
        }
    }

    @Test func eachCheckFailsByItsName() throws {
        let made = try receipt()
        let proof = made.proof
        func code(_ proof: TLogProof, leaf: [UInt8]? = nil, origin: UTF8Text? = nil) -> String? {
            do {
                try proof.verify(
                    leaf: leaf, policy: made.policy, origin: origin, using: H.self, ed25519: CryptoEd25519.self)
                return nil
            } catch {
                return error.code
            }
        }
        func changed(
            extra: [UInt8]?? = nil, index: UInt64? = nil, hashes: [Digest]? = nil, checkpoint: SignedCheckpoint? = nil
        ) -> TLogProof {
            TLogProof(
                extra: extra ?? proof.extra, index: index ?? proof.index, hashes: hashes ?? proof.hashes,
                checkpoint: checkpoint ?? proof.checkpoint)
        }
        #expect(code(proof) == nil)
        #expect(code(changed(extra: .some(nil))) == "receipt.no-leaf")
        #expect(code(changed(extra: .some(nil)), leaf: made.leaf) == nil)
        #expect(code(changed(extra: made.leaf + [0])) == "proof.root")
        #expect(code(changed(index: 4)) == "proof.root")
        #expect(code(changed(index: 11)) == "proof.index")
        #expect(code(changed(hashes: Array(proof.hashes.dropLast()))) == "proof.length")
        #expect(code(proof, origin: "else.example") == "signature.origin")
        var unsigned = try SignedCheckpoint(proof.checkpoint.checkpoint)
        #expect(code(changed(checkpoint: unsigned)) == "signature.log-missing")
        let signatures = proof.checkpoint.note.signatures
        unsigned.add(signatures[0])
        unsigned.add(signatures[1])
        #expect(code(changed(checkpoint: unsigned)) == "signature.quorum-missing")
        var forged = signatures[2].bytes
        forged[40] ^= 1
        unsigned.add(NoteSignature(name: signatures[2].name, keyID: signatures[2].keyID, bytes: forged))
        #expect(code(changed(checkpoint: unsigned)) == "signature.invalid")
    }

    @Test func malformedFilesAreRefusedByLine() throws {
        let text = String(decoding: try receipt().proof.bytes, as: UTF8.self)
        var lines = text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
        func refused(_ place: Int, _ line: String, _ error: TLogProofError) {
            let before = lines[place]
            lines[place] = line
            let bytes = ascii(lines.joined(separator: "\n"))
            #expect(throws: error, "\(line)") { try TLogProof(parsing: bytes) }
            lines[place] = before
        }
        refused(0, "c2sp.org/tlog-proof@v2", .malformed(line: 1))
        refused(0, "c2sp.org/tlog-proof@v1 ", .malformed(line: 1))
        refused(1, "extra A", .malformed(line: 2))
        refused(1, "Extra AAAA", .malformed(line: 2))
        refused(2, "index 05", .malformed(line: 3))
        refused(2, "index ", .malformed(line: 3))
        refused(2, "index 9223372036854775808", .malformed(line: 3))
        refused(3, "AAAA", .malformed(line: 4))
        refused(3, lines[3] + " ", .malformed(line: 4))
        refused(lines.count - 2, "— a.example AAAA", .note(.malformedSignature(number: 3)))
        #expect(throws: TLogProofError.malformed(line: 1)) { try TLogProof(parsing: []) }
        let many = String(repeating: lines[3] + "\n", count: 63)
        #expect(throws: TLogProofError.malformed(line: 65)) {
            try TLogProof(parsing: ascii("c2sp.org/tlog-proof@v1\nindex 0\n" + many + "\n"))
        }
        #expect(throws: TLogProofError.tooLarge) { try TLogProof(parsing: [UInt8](repeating: 0x0A, count: 262_145)) }
    }

    @Test func extraMayBeMissingOrEmpty() throws {
        let made = try receipt().proof
        for extra: [UInt8]? in [nil, []] {
            let proof = TLogProof(extra: extra, index: made.index, hashes: made.hashes, checkpoint: made.checkpoint)
            #expect(try TLogProof(parsing: proof.bytes) == proof)
        }
    }
}
