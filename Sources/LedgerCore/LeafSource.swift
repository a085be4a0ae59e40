/// Where leaves are read from: a store, an export, a peer.
package protocol LeafSource: Sendable {
    /// Number of leaves.
    func leafCount() throws -> UInt64
    /// Leaves from `first`, at most `count`; fewer only at the end.
    func leaves(from first: UInt64, count: Int) throws -> [[UInt8]]
}
