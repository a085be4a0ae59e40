package import Primitives

/// The log at the end of a block: how many leaves, which root. Two nodes that name the same point have executed the same
/// blocks.
package struct Point: Hashable, Sendable {
    /// Number of leaves.
    package let size: UInt64
    /// The log's root.
    package let root: Digest

    /// A point.
    package init(size: UInt64, root: Digest) {
        self.size = size
        self.root = root
    }
}
