import ArgumentParser
import ContractKit
import Foundation
import LedgerCore
import MerkleLog
import NodeRuntime
import Primitives
import Storage

/// `linlian archive`: moves old leaves out of the node's database.
struct ArchiveCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "archive", abstract: "Move old leaves to a folder; blocks, proofs and state stay in the node.",
        discussion: """
            Writes whole entry bundles under their public paths (C2SP tlog-tiles), reads each back, and only then deletes \
            those leaves here. archive.json in the node's folder names the archive: receipts and pages of old records are \
            read from there, each leaf compared with its tile. The node must not be running. Without the archive the node still starts and works; \
            only old records, verify and --rebuild-state need it.
            """)

    @OptionGroup var data: DataOption

    @Option(help: "The archive's folder. The same one every time.")
    var to: String

    @Option(help: "Archive what is older than so many days.")
    var beforeDays: Int?

    @Option(help: "Archive all but the newest so many blocks.")
    var keepBlocks: UInt64?

    @Flag(help: "Give the space back to the file system; needs room for a copy of what stays.")
    var shrink = false

    func validate() throws {
        guard (beforeDays == nil) != (keepBlocks == nil) else {
            throw ValidationError("give one of --before-days N, --keep-blocks N")
        }
        guard beforeDays.map({ $0 >= 0 }) ?? true else { throw ValidationError("--before-days: 0 or more") }
    }

    func run() throws {
        let directory = try data.directory()
        let folder = to.hasPrefix("/") ? to : FileManager.default.currentDirectoryPath + "/" + to
        if let known = try directory.archive(), known.folder != folder {
            throw Complaint(
                "the archive of this node is \(known.folder): move it there by hand and change archive.json")
        }
        try directory.withLock {
            let store = try directory.openLedger()
            defer { try? store.close() }
            let before = try store.archiveBoundary()
            guard let last = try lastBlock(directory, store), last.size & ~255 > before?.size ?? 0 else {
                print("nothing to archive: \(before?.size ?? 0) leaves are there already")
                return
            }
            let boundary = try copy(store, upTo: last.size & ~255, from: before, to: FolderArchive(folder))
            // First the node must know where to look.
            try directory.write(ArchiveFile(folder: folder))
            try store.dropArchived(boundary)
            if shrink { try store.shrink() }
            print("\(boundary.size) leaves, up to block \(boundary.seal.height), are in \(folder)")
        }
    }

    /// The newest block that may go: final, old enough, and before the state's snapshot, from which a start goes on.
    private func lastBlock(_ directory: NodeDirectory, _ store: LedgerStore) throws -> LedgerStore.BlockRow? {
        let snapshots = try SnapshotStore(path: directory.stateFile)
        defer { try? snapshots.close() }
        guard let snapshot = try snapshots.height(), snapshot > 0, let newest = try store.lastBlock() else {
            return nil
        }
        let final = try store.finalHeight() ?? newest.height
        var limit = min(snapshot - 1, final)
        if let keepBlocks {
            guard final >= keepBlocks else { return nil }
            limit = min(limit, final - keepBlocks)
        }
        guard let beforeDays else { return try store.blocks(upTo: limit, count: 1).first }
        let end = SystemClock.now.advanced(byMilliseconds: -Int64(beforeDays) * 24 * Instant.hour)
        var (low, high) = (UInt64(0), limit + 1)
        while low < high {
            let middle = low + (high - low) / 2
            guard let row = try store.blocks(upTo: middle, count: 1).first else { break }
            if row.time < end { low = middle + 1 } else { high = middle }
        }
        return low == 0 ? nil : try store.blocks(upTo: low - 1, count: 1).first
    }

    /// Writes the bundles up to `end`, and finds what a start needs to know of them.
    private func copy(
        _ store: LedgerStore, upTo end: UInt64, from before: LedgerStore.ArchiveBoundary?, to archive: FolderArchive
    ) throws -> LedgerStore.ArchiveBoundary {
        var seal = before?.seal
        var clocks = before?.clocks ?? [:]
        var index = before?.size ?? 0
        let progress = ProgressBar("archive", total: Int(end))
        while index < end {
            let leaves = try store.leaves(from: index, count: Tiles.width)
            guard leaves.count == Tiles.width, let bundle = EntryBundle.encode(leaves),
                let tile = try store.tile(level: 0, index: index >> 8),
                Tiles.decode(tile) == leaves.map({ CryptoSHA256.leafHash($0) })
            else {
                throw StorageError("storage.leaf", "the leaves from \(index) are not those that their tile names")
            }
            try archive.keep(bundle, index >> 8)
            for leaf in leaves where leaf.starts(with: Leaf.sealFirstLine) {
                let parsed = try Seal(parsing: leaf)
                if let clock = parsed.clock { clocks[parsed.proposer] = clock }
                seal = parsed
            }
            index += UInt64(Tiles.width)
            progress.reach(Int(index))
        }
        progress.finish()
        guard let seal else { throw Complaint("block 0 is larger than what may go: archive more") }
        return LedgerStore.ArchiveBoundary(size: end, seal: seal, clocks: clocks)
    }
}
