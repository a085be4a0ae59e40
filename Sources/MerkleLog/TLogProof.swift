public import Primitives

/// A receipt: a proof that can be checked offline that a leaf is in a log whose head the right parties have signed
/// (C2SP tlog-proof, files named `.tlog-proof`).
///
/// In a Linlian receipt the `extra` line carries the whole leaf, so the file is complete in itself. It is not
/// trusted: its hash is computed and must lead to the signed root.
public struct TLogProof: Hashable, Sendable {
    /// The longest file read, in bytes.
    public static let maximumByteCount = 262_144
    /// The largest number of hashes: a tree has at most 2⁶² leaves.
    public static let maximumHashCount = 62

    /// The bytes of the `extra` line; nil when the proof has none.
    public let extra: [UInt8]?
    /// The leaf's place, from 0.
    public let index: UInt64
    /// The inclusion proof, from the leaf's sibling upwards.
    public let hashes: [Digest]
    /// The signed tree head.
    public let checkpoint: SignedCheckpoint

    /// A proof from its parts, checked only by ``verify(leaf:policy:origin:using:ed25519:)``.
    public init(extra: [UInt8]?, index: UInt64, hashes: [Digest], checkpoint: SignedCheckpoint) {
        self.extra = extra
        self.index = index
        self.hashes = hashes
        self.checkpoint = checkpoint
    }

    /// Reads a proof file.
    public init(parsing bytes: [UInt8]) throws(TLogProofError) {
        guard bytes.count <= Self.maximumByteCount else { throw .tooLarge }
        var lines = LineReader(bytes)
        func malformed() -> TLogProofError { .malformed(line: lines.line) }
        guard let header = lines.next(), header.dropping(prefix: "c2sp.org/tlog-proof@v1")?.isEmpty == true else {
            throw malformed()
        }
        guard var line = lines.next() else { throw malformed() }
        var extra: [UInt8]?
        if let text = line.dropping(prefix: "extra ") {
            guard let data = Base64.standard.decode(text), let next = lines.next() else { throw malformed() }
            extra = data
            line = next
        }
        guard let text = line.dropping(prefix: "index "),
            let index = ASCIIDecimal.parse(text, maximum: Tiles.maximumTreeSize)
        else { throw malformed() }
        var hashes: [Digest] = []
        while true {
            guard let line = lines.next() else { throw malformed() }
            if line.isEmpty { break }
            guard hashes.count < Self.maximumHashCount, let data = Base64.standard.decode(line),
                let hash = Digest(bytes: data)
            else { throw malformed() }
            hashes.append(hash)
        }
        do {
            checkpoint = try SignedCheckpoint(parsing: Array(lines.rest))
        } catch {
            throw .note(error)
        }
        self.extra = extra
        self.index = index
        self.hashes = hashes
    }

    /// The proof file.
    public var bytes: [UInt8] {
        var bytes: [UInt8] = []
        bytes.append("c2sp.org/tlog-proof@v1\n")
        if let extra {
            bytes.append("extra ")
            bytes.append(contentsOf: Base64.standard.encodeBytes(extra))
            bytes.append(0x0A)
        }
        bytes.append("index ")
        ASCIIDecimal.append(index, to: &bytes)
        bytes.append(0x0A)
        for hash in hashes {
            bytes.append(contentsOf: Base64.standard.encodeBytes(hash.bytes))
            bytes.append(0x0A)
        }
        bytes.append(0x0A)
        bytes.append(contentsOf: checkpoint.bytes)
        return bytes
    }

    /// The inclusion proof into the checkpoint's tree.
    public var inclusion: InclusionProof {
        InclusionProof(leafIndex: index, treeSize: checkpoint.checkpoint.size, hashes: hashes)
    }
}

extension TLogProof {
    /// Checks everything, in the order of the specification: the head's origin and log signature, the quorum of
    /// cosignatures, and that the leaf leads to the head's root.
    /// - Parameters:
    ///   - leaf: the leaf's bytes; nil to take them from the `extra` line.
    ///   - policy: whose signatures are needed.
    ///   - origin: as in ``WitnessPolicy/evaluate(_:origin:using:)``.
    /// - Returns: who has signed.
    @discardableResult
    public func verify<H: SHA256Function, Verifier: Ed25519Verification>(
        leaf: [UInt8]? = nil, policy: WitnessPolicy, origin: UTF8Text? = nil, using hash: H.Type,
        ed25519: Verifier.Type
    ) throws(TLogProofError) -> PolicyEvaluation {
        guard let leaf = leaf ?? extra else { throw .noLeaf }
        let evaluation: PolicyEvaluation
        do {
            evaluation = try policy.require(checkpoint, origin: origin, using: ed25519)
        } catch {
            throw .policy(error)
        }
        do {
            try inclusion.verify(leafHash: H.leafHash(leaf), root: checkpoint.checkpoint.root, using: hash)
        } catch {
            throw .inclusion(error)
        }
        return evaluation
    }
}

/// Why a receipt is refused.
public enum TLogProofError: Error, Hashable, Sendable {
    /// More bytes than ``TLogProof/maximumByteCount``.
    case tooLarge
    /// This line, from 1, is missing or malformed.
    case malformed(line: Int)
    /// The checkpoint cannot be read.
    case note(NoteError)
    /// Neither given nor carried: there is no leaf to check.
    case noLeaf
    /// The signatures do not satisfy the policy.
    case policy(PolicyError)
    /// The leaf does not lead to the signed root.
    case inclusion(MerkleProofError)

    /// A stable name for the error, that of the inner check if one failed.
    public var code: String {
        switch self {
        case .tooLarge: "receipt.too-large"
        case .malformed: "receipt.malformed"
        case .noLeaf: "receipt.no-leaf"
        case .note(let error): error.code
        case .policy(let error): error.code
        case .inclusion(let error): error.code
        }
    }
}
