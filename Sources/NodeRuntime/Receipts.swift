package import LedgerCore
package import MerkleLog
package import Primitives
package import Storage

/// Makes receipts: a leaf, its inclusion proof and a signed checkpoint in one C2SP tlog-proof file, the whole leaf in the
/// `extra` line, so that it can be checked offline.
package struct Receipts: Sendable {
    private let store: LedgerStore
    private let index: TransactionIndex
    /// The log's tiles.
    package let tiles: LedgerTiles

    /// Receipts for the leaves in `store`; `index` finds transactions by id.
    package init(store: LedgerStore, index: TransactionIndex, tiles: LedgerTiles? = nil) {
        self.store = store
        self.index = index
        self.tiles = tiles ?? LedgerTiles(store)
    }

    /// The receipt of the leaf at `leaf` under a signed checkpoint; without one, under the newest. Nil if the checkpoint's
    /// log does not hold the leaf. Throws `StorageError`, `NoteError` or `TileError` if the files cannot be read.
    package func receipt(ofLeaf leaf: UInt64, checkpoint: [UInt8]? = nil) throws -> TLogProof? {
        guard let signed = try checkpoint ?? store.lastBlock()?.checkpoint else { return nil }
        let head = try SignedCheckpoint(parsing: signed)
        guard leaf < head.checkpoint.size, let bytes = try store.leaf(leaf) else { return nil }
        let proof = try InclusionProof(
            leafIndex: leaf, treeSize: head.checkpoint.size, tiles: tiles, using: CryptoSHA256.self)
        return TLogProof(extra: bytes, index: leaf, hashes: proof.hashes, checkpoint: head)
    }

    /// The receipt of transaction `id`; nil if it was never executed, or after the checkpoint.
    package func receipt(of id: Digest, checkpoint: [UInt8]? = nil) throws -> TLogProof? {
        guard let leaf = index.leaf(of: id) else { return nil }
        return try receipt(ofLeaf: leaf, checkpoint: checkpoint)
    }

    /// The file name under which a receipt is offered: `linlian-<first 12 digits of the id>.tlog-proof`.
    package static func fileName(_ id: Digest) -> String { "linlian-\(id.hex.prefix(12)).tlog-proof" }
}
