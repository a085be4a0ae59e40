public import Primitives

/// A proof of what a ``SparseTree`` holds under one key.
public struct SparseProof: Hashable, Sendable {
    /// What lies at the end of the key's path.
    public enum End: Hashable, Sendable {
        /// Nothing: the key is absent.
        case empty
        /// The key itself; its value hash is not part of the proof, the checker has it from the value.
        case key
        /// The only key of that subtree is another one: the key is absent.
        case otherKey(keyHash: Digest, valueHash: Digest)
    }

    /// The hash of the other half at each depth, from the root down; 32 zero bytes where it is empty.
    public let siblings: [Digest]
    /// What lies below the last of them.
    public let end: End

    init(siblings: [Digest], end: End) {
        self.siblings = siblings
        self.end = end
    }

    /// Checks that the tree with `root` holds `valueHash` under `keyHash`, or nothing if `valueHash` is nil.
    public func verify<H: SHA256Function>(
        keyHash: Digest, valueHash: Digest?, root: Digest, using _: H.Type
    ) throws(SparseProofError) {
        var hash: Digest
        switch (end, valueHash) {
        case (.key, .some(let value)):
            hash = H.sparseLeafHash(keyHash, value)
        case (.empty, .none):
            hash = .zero
        case (.otherKey(let other, let value), .none):
            // The other key proves absence only if it lies in the same subtree and is not the key itself.
            guard let fork = keyHash.firstDifferingBit(from: other), fork >= siblings.count else {
                throw .unrelatedKey
            }
            hash = H.sparseLeafHash(other, value)
        case (.key, .none): throw .presentNotAbsent
        case (.empty, .some), (.otherKey, .some): throw .absentNotPresent
        }
        var depth = siblings.count - 1
        while depth >= 0 {
            let sibling = siblings[depth]
            hash = keyHash.bit(at: depth) ? H.sparseNodeHash(sibling, hash) : H.sparseNodeHash(hash, sibling)
            depth -= 1
        }
        guard hash == root else { throw .rootMismatch(expected: root, found: hash) }
    }
}

/// Why a state proof is refused.
public enum SparseProofError: Error, Hashable, Sendable {
    /// Not the one encoding of a proof.
    case malformed
    /// The proof is of presence, absence was to be shown.
    case presentNotAbsent
    /// The proof is of absence, presence was to be shown.
    case absentNotPresent
    /// The other key does not lie where the proof says, or is the key itself.
    case unrelatedKey
    /// The path leads to another root.
    case rootMismatch(expected: Digest, found: Digest)

    /// A stable name for the error.
    public var code: String {
        switch self {
        case .malformed: "state-proof.malformed"
        case .presentNotAbsent: "state-proof.present"
        case .absentNotPresent: "state-proof.absent"
        case .unrelatedKey: "state-proof.unrelated-key"
        case .rootMismatch: "state-proof.root"
        }
    }
}

extension SparseProof {
    /// The longest encoding: 256 siblings and another key.
    public static let maximumByteCount = 3 + 32 + 256 * 32 + 64

    /// The proof as bytes.
    ///
    /// Kind (0 empty, 1 key, 2 other key), depth as a big-endian UInt16, a bitmap of the depths whose sibling is not
    /// empty (root first, most significant bit first, unused bits zero), those siblings, and for kind 2 the other key
    /// hash and its value hash.
    public func encoded() -> [UInt8] {
        var bytes: [UInt8] = []
        switch end {
        case .empty: bytes.append(0)
        case .key: bytes.append(1)
        case .otherKey: bytes.append(2)
        }
        bytes.append(UInt8(truncatingIfNeeded: siblings.count >> 8))
        bytes.append(UInt8(truncatingIfNeeded: siblings.count))
        var bitmap = [UInt8](repeating: 0, count: (siblings.count + 7) / 8)
        for (depth, sibling) in siblings.enumerated() where sibling != .zero {
            bitmap[depth / 8] |= 0x80 >> UInt8(depth % 8)
        }
        bytes.append(contentsOf: bitmap)
        for sibling in siblings where sibling != .zero { sibling.append(to: &bytes) }
        if case .otherKey(let key, let value) = end {
            key.append(to: &bytes)
            value.append(to: &bytes)
        }
        return bytes
    }

    /// Reads what ``encoded()`` writes, and nothing else: one proof has one encoding.
    public init(encoded bytes: [UInt8]) throws(SparseProofError) {
        guard bytes.count >= 3, bytes.count <= Self.maximumByteCount else { throw .malformed }
        let depth = Int(bytes[1]) << 8 | Int(bytes[2])
        var position = 3 + (depth + 7) / 8
        guard depth <= 256, position <= bytes.count else { throw .malformed }
        func digest(at offset: Int) throws(SparseProofError) -> Digest {
            guard offset + 32 <= bytes.count, let digest = Digest(bytes: bytes[offset..<offset + 32]) else {
                throw .malformed
            }
            return digest
        }
        var siblings: [Digest] = []
        siblings.reserveCapacity(depth)
        for level in 0..<((depth + 7) / 8 * 8) {
            let filled = bytes[3 + level / 8] & (0x80 >> UInt8(level % 8)) != 0
            guard filled else {
                if level < depth { siblings.append(.zero) }
                continue
            }
            let sibling = try digest(at: position)
            guard level < depth, sibling != .zero else { throw .malformed }
            siblings.append(sibling)
            position += 32
        }
        // A path never ends beside an empty half: the subtree above would have held one key, and been its end.
        if let last = siblings.last, last == .zero { throw .malformed }
        switch bytes[0] {
        case 0: end = .empty
        case 1: end = .key
        case 2:
            end = .otherKey(keyHash: try digest(at: position), valueHash: try digest(at: position + 32))
            position += 64
        default: throw .malformed
        }
        guard position == bytes.count else { throw .malformed }
        self.siblings = siblings
    }
}
