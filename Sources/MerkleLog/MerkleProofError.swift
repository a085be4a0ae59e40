public import Primitives

/// Why an inclusion or consistency proof is refused.
public enum MerkleProofError: Error, Hashable, Sendable {
    /// The leaf's index is not below the tree's size.
    case indexOutOfRange(index: UInt64, size: UInt64)
    /// The sizes are not 0 < first ≤ second.
    case sizesOutOfRange(first: UInt64, second: UInt64)
    /// The proof has too few or too many hashes for these sizes.
    case wrongLength(found: Int)
    /// The proof leads to another root of the tree (for consistency: of the larger tree).
    case rootMismatch(expected: Digest, found: Digest)
    /// The consistency proof leads to another root of the smaller tree.
    case firstRootMismatch(expected: Digest, found: Digest)

    /// A stable name for the error.
    public var code: String {
        switch self {
        case .indexOutOfRange: "proof.index"
        case .sizesOutOfRange: "proof.sizes"
        case .wrongLength: "proof.length"
        case .rootMismatch: "proof.root"
        case .firstRootMismatch: "proof.first-root"
        }
    }
}
