public import Primitives

/// How RFC 6962 §2.1 hashes the log's tree: leaves and nodes are told apart by their first byte.
extension SHA256Function {
    /// SHA-256(0x00 ‖ entry).
    @inlinable
    public static func leafHash(_ entry: [UInt8]) -> Digest { hash(prefix: 0x00, entry) }

    /// SHA-256(0x00 ‖ entry).
    @inlinable
    public static func leafHash(_ entry: UnsafeRawBufferPointer) -> Digest { hash(prefix: 0x00, entry) }

    /// SHA-256(0x01 ‖ left ‖ right).
    @inlinable
    public static func nodeHash(_ left: Digest, _ right: Digest) -> Digest { hash(prefix: 0x01, left, right) }

    /// The root of the tree without leaves: SHA-256 of nothing.
    @inlinable
    public static var emptyRoot: Digest { hash(UnsafeRawBufferPointer(start: nil, count: 0)) }

    /// Folds the roots of neighbouring complete subtrees, largest first, into the root of all of them; the empty
    /// root for none.
    @inlinable
    public static func fold(_ subtrees: [Digest]) -> Digest {
        guard var root = subtrees.last else { return emptyRoot }
        var index = subtrees.count &- 2
        while index >= 0 {
            root = nodeHash(subtrees[index], root)
            index &-= 1
        }
        return root
    }
}
