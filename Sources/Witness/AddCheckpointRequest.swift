package import MerkleLog
package import Primitives

/// The body of `POST /add-checkpoint` (C2SP tlog-witness): the size the witness is believed to know, the proof that the
/// log only grew since, an empty line, and the signed checkpoint.
package struct AddCheckpointRequest: Hashable, Sendable {
    /// Most proof lines; a tree of 2⁶³ leaves needs no more.
    package static let maximumProofCount = 63
    /// Longest body, in bytes: the longest note, 63 lines of proof and the line of the old size.
    package static let maximumByteCount = SignedNote.maximumByteCount + 64 * 46

    /// The size that the proof starts from: 0 for a log that the witness has not seen yet.
    package let oldSize: UInt64
    /// The hashes of the consistency proof (RFC 6962 section 2.1.2).
    package let proof: [Digest]
    /// What is to be cosigned, its signatures not yet checked.
    package let checkpoint: SignedCheckpoint

    /// A request from its parts.
    package init(oldSize: UInt64, proof: [Digest], checkpoint: SignedCheckpoint) {
        self.oldSize = oldSize
        self.proof = proof
        self.checkpoint = checkpoint
    }

    /// Reads a body.
    /// - Throws: ``WitnessRefusal/tooLarge`` or ``WitnessRefusal/malformed(_:)`` with the number of the line, from 1, or
    ///   the code of what is wrong with the checkpoint.
    package init(parsing bytes: [UInt8]) throws(WitnessRefusal) {
        guard bytes.count <= Self.maximumByteCount else { throw .tooLarge }
        var rest = bytes[...]
        func nextLine() -> ArraySlice<UInt8>? {
            guard let end = rest.firstIndex(of: 0x0A) else { return nil }
            defer { rest = rest[(end + 1)...] }
            return rest[..<end]
        }
        guard let first = nextLine(), first.starts(with: Self.keyword),
            let oldSize = ASCIIDecimal.parse(first.dropFirst(Self.keyword.count))
        else { throw .malformed("line 1") }
        var proof: [Digest] = []
        while true {
            guard let line = nextLine() else { throw .malformed("line \(proof.count + 2)") }
            if line.isEmpty { break }
            guard proof.count < Self.maximumProofCount,
                let hash = Base64.standard.decode(line).flatMap({ Digest(bytes: $0) })
            else { throw .malformed("line \(proof.count + 2)") }
            proof.append(hash)
        }
        do {
            self.init(oldSize: oldSize, proof: proof, checkpoint: try SignedCheckpoint(parsing: Array(rest)))
        } catch {
            throw .malformed(error.code)
        }
    }

    /// The body as it is sent.
    package var bytes: [UInt8] {
        var bytes = Self.keyword
        ASCIIDecimal.append(oldSize, to: &bytes)
        bytes.append(0x0A)
        for hash in proof {
            bytes.append(contentsOf: Base64.standard.encodeBytes(hash.bytes))
            bytes.append(0x0A)
        }
        bytes.append(0x0A)
        bytes.append(contentsOf: checkpoint.bytes)
        return bytes
    }

    private static let keyword = Array("old ".utf8)
}
