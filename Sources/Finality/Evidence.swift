import LedgerCore
package import MerkleLog
package import Primitives

/// What shows that a party has signed something that cannot be true: two of its cosigned checkpoints that contradict each
/// other, or one that contradicts a checkpoint that a quorum has cosigned. Anybody can check it alone.
/// ```
/// linlian/evidence/v1
/// party <id>
/// proof <number of hashes> <root that the second checkpoint's log had at the first one's size, hex>
/// <hash, hex>…
/// note <bytes>
/// <signed checkpoint by the party>
/// note <bytes>
/// <signed checkpoint that it contradicts>
/// ```
/// The proof is an RFC 6962 consistency proof; without hashes both checkpoints are of the same size.
package struct Evidence: Sendable, Hashable {
    /// The party that signed the first checkpoint.
    package let party: String
    /// What it signed.
    package let first: SignedCheckpoint
    /// What that contradicts.
    package let second: SignedCheckpoint
    /// The root that the second checkpoint's log had at the first one's size.
    package let root: Digest
    /// Proves that; empty where the sizes are equal.
    package let proof: [Digest]

    static let firstLine = "linlian/evidence/v1"
    /// Most bytes of a text: two notes and a proof.
    package static let largestText = 300_000

    /// Evidence; without a proof where both are of the same size, else ``proven(by:)`` adds one.
    package init(
        party: String, first: SignedCheckpoint, second: SignedCheckpoint, root: Digest, proof: [Digest] = []
    ) {
        self.party = party
        self.first = first
        self.second = second
        self.root = root
        self.proof = proof
    }

    /// Whether a proof is still missing.
    package var lacksProof: Bool { first.checkpoint.size < second.checkpoint.size && proof.isEmpty }

    /// The same with its proof, made from the tiles of the second checkpoint's log.
    package func proven(by tiles: some TileReader) throws -> Evidence {
        let proof = try ConsistencyProof(
            firstSize: first.checkpoint.size, secondSize: second.checkpoint.size, tiles: tiles,
            using: CryptoSHA256.self)
        return Evidence(party: party, first: first, second: second, root: root, proof: proof.hashes)
    }

    /// The evidence as a file.
    package var text: [UInt8] {
        var text = Array(
            "\(Evidence.firstLine)\nparty \(party)\nproof \(proof.count) \(root.hex)\n\(proof.map { "\($0.hex)\n" }.joined())"
                .utf8)
        for note in [first.bytes, second.bytes] {
            text += Array("note \(note.count)\n".utf8)
            text += note
        }
        return text
    }

    /// Whether a text says that it is evidence.
    package static func isEvidence(_ text: [UInt8]) -> Bool { text.starts(with: Array("\(firstLine)\n".utf8)) }

    /// Reads a file; nil if it is none. Whether it holds is for ``check(policy:)`` to say.
    package init?(parsing text: [UInt8]) {
        guard text.count <= Evidence.largestText else { return nil }
        var at = 0
        func line(_ name: String, limit: Int) -> ArraySlice<UInt8>? {
            guard let end = text[at..<min(text.count, at + limit + 1)].firstIndex(of: UInt8(ascii: "\n")) else {
                return nil
            }
            defer { at = end + 1 }
            let line = text[at..<end]
            guard !name.isEmpty else { return line }
            let start = Array("\(name) ".utf8)
            return line.starts(with: start) ? line.dropFirst(start.count) : nil
        }
        func note() -> SignedCheckpoint? {
            guard let length = line("note", limit: 16), at <= text.count,
                let count = ASCIIDecimal.parse(length, maximum: UInt64(text.count - at))
            else { return nil }
            defer { at += Int(count) }
            return try? SignedCheckpoint(parsing: Array(text[at..<at + Int(count)]))
        }
        guard let head = line("", limit: 32), head.elementsEqual(Evidence.firstLine.utf8),
            let party = line("party", limit: 80), PolicyName(String(decoding: party, as: UTF8.self)) != nil,
            let counts = line("proof", limit: 80)
        else { return nil }
        let parts = counts.split(separator: UInt8(ascii: " "), omittingEmptySubsequences: false)
        guard parts.count == 2, let count = ASCIIDecimal.parse(parts[0], maximum: 128),
            let root = Digest(hex: String(decoding: parts[1], as: UTF8.self))
        else { return nil }
        var proof: [Digest] = []
        for _ in 0..<count {
            guard let text = line("", limit: 64), let hash = Digest(hex: String(decoding: text, as: UTF8.self))
            else { return nil }
            proof.append(hash)
        }
        guard let first = note(), let second = note(), at == text.count else { return nil }
        self.init(
            party: String(decoding: party, as: UTF8.self), first: first, second: second, root: root, proof: proof)
    }
}

extension Evidence {
    /// What evidence shows when it holds.
    package enum Finding: Sendable, Hashable {
        /// The party has signed both checkpoints.
        case signedBoth
        /// The party has signed the first, and these parties, a quorum, the second.
        case againstQuorum([String])
    }

    /// Why evidence does not hold.
    package enum Failure: String, Error, Sendable, CaseIterable {
        /// The policy names no such party.
        case unknownParty
        /// The checkpoints are of different ledgers.
        case otherLedger
        /// The party has not signed the first checkpoint.
        case notSigned
        /// Neither the party nor a quorum has signed the second.
        case noQuorum
        /// The second checkpoint's log did not have that root at that size.
        case badProof
        /// Both can be true.
        case consistent
    }

    /// What the evidence shows under a policy; throws if it shows nothing.
    package func check(policy: WitnessPolicy) throws(Failure) -> Finding {
        guard let witness = policy.witnesses.first(where: { $0.name.description == party }) else { throw .unknownParty }
        guard first.checkpoint.origin == second.checkpoint.origin else { throw .otherLedger }
        guard case .valid = first.note.status(of: witness.key, using: CryptoEd25519.self) else { throw .notSigned }
        let finding: Finding
        if case .valid = second.note.status(of: witness.key, using: CryptoEd25519.self) {
            finding = .signedBoth
        } else if let found = try? policy.evaluate(second, using: CryptoEd25519.self), found.isQuorumSatisfied {
            finding = .againstQuorum(found.cosigned.map(\.witness.description))
        } else {
            throw .noQuorum
        }
        let small = first.checkpoint
        let large = second.checkpoint
        if small.size == large.size {
            guard proof.isEmpty, root == large.root else { throw .badProof }
        } else {
            do {
                try ConsistencyProof(firstSize: small.size, secondSize: large.size, hashes: proof)
                    .verify(firstRoot: root, secondRoot: large.root, using: CryptoSHA256.self)
            } catch {
                throw .badProof
            }
        }
        guard small.root != root else { throw .consistent }
        return finding
    }
}
