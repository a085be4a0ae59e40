import LedgerCore
import MerkleLog
package import Primitives
package import Storage

/// Moves old leaves of one ledger into its archive: for `linlian archive` and for the running node.
///
/// Goes in small steps. Each bundle is read back from the archive before the ledger's mark says that it is there, and only
/// then its leaves are deleted, a thousand at a time: a process that dies in between leaves nothing worse than a copy too
/// many.
package struct Archiver {
    /// What may go.
    package enum Limit: Sendable {
        /// Blocks before this time.
        case before(Instant)
        /// All blocks but the newest so many.
        case keepBlocks(UInt64)
    }

    /// Bundles after which the mark moves on.
    private static let step: UInt64 = 2
    /// Leaves that are deleted in one write.
    private static let deletedAtOnce = 1_000

    let store: LedgerStore
    let snapshots: SnapshotStore
    let archive: any ArchiveStore
    /// Called between steps; throws to stop.
    let pause: () throws -> Void

    /// An archiver of a ledger. `snapshots` is a reader of its own of the state's file: a long read must delay nobody.
    package init(
        store: LedgerStore, snapshots: SnapshotStore, archive: any ArchiveStore, pause: @escaping () throws -> Void = {}
    ) {
        self.store = store
        self.snapshots = snapshots
        self.archive = archive
        self.pause = pause
    }

    /// The newest block that may go: final, old enough, and before the state's snapshot, from which a start goes on.
    /// `needsSnapshot` where only a newer snapshot is wanting for more to go.
    package func newest(_ limit: Limit) throws -> (block: LedgerStore.BlockRow?, needsSnapshot: Bool) {
        guard let newest = try store.lastBlock() else { return (nil, false) }
        let final = try store.finalHeight() ?? newest.height
        guard let height = try newestHeight(limit, final) else { return (nil, false) }
        guard let snapshot = try snapshots.height(), snapshot > 0 else { return (nil, true) }
        let block = try store.blocks(upTo: min(height, snapshot - 1), count: 1).first
        return (block, height >= snapshot)
    }

    private func newestHeight(_ limit: Limit, _ final: UInt64) throws -> UInt64? {
        switch limit {
        case .keepBlocks(let count): return final >= count ? final - count : nil
        case .before(let end):
            var (low, high) = (UInt64(0), final + 1)
            while low < high {
                let middle = low + (high - low) / 2
                guard let row = try store.blocks(upTo: middle, count: 1).first else { break }
                if row.time < end { low = middle + 1 } else { high = middle }
            }
            return low == 0 ? nil : low - 1
        }
    }

    /// Moves what may go. `willDelete` is called before anything is deleted. Returns the boundary if it has moved. Throws
    /// `NodeError` or `StorageError`, what `pause` throws, and what `willDelete` throws.
    package func move(
        _ limit: Limit, willDelete: () throws -> Void = {}, progress: (UInt64, UInt64) -> Void = { _, _ in }
    ) throws -> LedgerStore.ArchiveBoundary? {
        // What a process that died has not come to.
        try deleteArchived()
        let before = try store.archiveBoundary()
        guard let last = try newest(limit).block else { return nil }
        let end = last.size & ~255
        // Without the seal of a block among them nobody could go on from there.
        guard end > before?.size ?? 0, before != nil || last.height > 0 || last.size == end else { return nil }
        var seal = before?.seal
        var clocks = before?.clocks ?? [:]
        var index = before?.size ?? 0
        var boundary: LedgerStore.ArchiveBoundary?
        while index < end {
            let stop = min(end, index + Archiver.step << 8)
            while index < stop || seal == nil && index < end {
                try pause()
                for leaf in try keepBundle(index >> 8) where leaf.starts(with: Leaf.sealFirstLine) {
                    let parsed = try Seal(parsing: leaf)
                    if let clock = parsed.clock { clocks[parsed.proposer] = clock }
                    seal = parsed
                }
                index += UInt64(Tiles.width)
                progress(index, end)
            }
            guard let seal else { break }
            let reached = LedgerStore.ArchiveBoundary(size: index, seal: seal, clocks: clocks)
            if boundary == nil { try willDelete() }
            try store.setArchived(reached)
            try deleteArchived()
            boundary = reached
        }
        return boundary
    }

    /// Has the archive hold a whole bundle, whose leaves it returns.
    func keepBundle(_ number: UInt64) throws -> [[UInt8]] {
        let leaves = try store.leaves(from: number << 8, count: Tiles.width)
        guard leaves.count == Tiles.width, let bundle = EntryBundle.encode(leaves),
            let tile = try store.tile(level: 0, index: number),
            Tiles.decode(tile) == leaves.map({ CryptoSHA256.leafHash($0) })
        else {
            throw StorageError("storage.leaf", "the leaves from \(number << 8) are not those that their tile names")
        }
        try archive.keep(bundle, at: TilePath.entries(index: number, width: Tiles.width).text)
        return leaves
    }

    private func deleteArchived() throws {
        while try store.dropArchived(atMost: Archiver.deletedAtOnce) > 0 { try pause() }
    }
}
