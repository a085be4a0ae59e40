import ArgumentParser
import Foundation
import LedgerCore
import MerkleLog
import NodeRuntime
import Primitives
import Storage

/// `linlian archive`: moves old leaves out of the node's database.
struct ArchiveCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "archive",
        abstract: "Move old leaves to a folder or an object store; blocks, proofs and state stay in the node.",
        discussion: """
            Writes whole entry bundles under their public paths (C2SP tlog-tiles), reads each back, and only then deletes \
            those leaves here; then copies the tiles, the rest of the log and the state's snapshot, so that the archive \
            alone brings a node back. archive.json in the node's folder names the archive: receipts and pages of old records \
            are read from there, each leaf compared with its tile. With --before-days or --keep-blocks the node must not be \
            running. With --keep-days it may: archive.json then tells it to archive by itself, every hour, from its next \
            start on. Without the archive the node still starts and works; only old records, verify and --rebuild-state \
            need it. Freed space is used again by what comes next; --shrink gives it back.
            """)

    @OptionGroup var data: DataOption

    @Option(help: "The archive: a folder, or s3://BUCKET/PREFIX. The same one every time.")
    var to: String

    @OptionGroup var objectStore: ObjectStoreOptions

    @Option(help: "Archive what is older than so many days.")
    var beforeDays: Int?

    @Option(help: "Archive all but the newest so many blocks.")
    var keepBlocks: UInt64?

    @Option(help: "Archive what is older than so many days, and have the running node go on doing so.")
    var keepDays: Int?

    @Flag(
        help:
            "Give the space back to the file system; needs room for a copy of what stays. The node must not be running."
    )
    var shrink = false

    func validate() throws {
        guard [beforeDays != nil, keepBlocks != nil, keepDays != nil].filter({ $0 }).count == 1 else {
            throw ValidationError("give one of --before-days N, --keep-blocks N, --keep-days N")
        }
        guard beforeDays.map({ (0...36_500).contains($0) }) ?? true else {
            throw ValidationError("--before-days: 0 to 36500")
        }
        guard keepDays.map({ (ArchiveFile.fewestDays...36_500).contains($0) }) ?? true else {
            throw ValidationError("--keep-days: \(ArchiveFile.fewestDays) to 36500")
        }
    }

    func run() async throws {
        let directory = try data.directory()
        let known = try directory.archive()
        var file = try objectStore.file(to, option: "--to", known)
        if let known, known.name != file.name || known.s3?.endpoint != file.s3?.endpoint {
            throw Complaint("the archive of this node is \(known.name): move it there by hand and change archive.json")
        }
        file.keepDays = keepDays ?? known?.keepDays
        let archive = try directory.open(file, for: .moving)
        // Before anything is written down: the archive can be reached, and lets us in.
        _ = try archive.read("checkpoint")
        if let keepDays {
            try directory.write(file)
            do {
                try await directory.withLock { try await move(directory, archive, file) }
            } catch let error as NodeError where error.code == "data.locked" {
                print(
                    "from its next start on the node moves what is older than \(keepDays) days to \(file.name) by itself"
                )
            }
        } else {
            try await directory.withLock { try await move(directory, archive, file) }
        }
    }

    private var limit: Archiver.Limit {
        if let keepBlocks { return .keepBlocks(keepBlocks) }
        return .before(SystemClock.now.advanced(byDays: -Int64(beforeDays ?? keepDays ?? 0)))
    }

    private func move(_ directory: NodeDirectory, _ archive: any ArchiveStore, _ file: ArchiveFile) async throws {
        let store = try directory.openLedger()
        defer { try? store.close() }
        let snapshots = try SnapshotStore(path: directory.stateFile)
        defer { try? snapshots.close() }
        let archiver = Archiver(store: store, snapshots: snapshots, archive: archive)
        let before = store.archivedLeafCount
        // First the node must know where to look.
        let progress = Steps("archive")
        let boundary = try archiver.move(limit, willDelete: { try directory.write(file) }) {
            progress.reach($0, of: $1)
        }
        progress.finish()
        if let boundary {
            print("\(boundary.size) leaves, up to block \(boundary.seal.height), are in \(archive.name)")
        } else {
            print("nothing to archive: \(before) leaves are there already")
        }
        if boundary != nil || before > 0 || keepDays != nil { try await copy(directory, store, archiver) }
        if shrink { try store.shrink() }
    }

    private func copy(_ directory: NodeDirectory, _ store: LedgerStore, _ archiver: Archiver) async throws {
        let ledger = StoredLedger(directory, store: store, catalog: LocalNode.catalog)
        guard let last = try ledger.finalBlock(), last.isSigned else { return }
        let policy = try await ledger.policy(of: last)
        let progress = Steps("copy")
        try archiver.copy(upTo: last, policy: policy.bytes, at: SystemClock.now) { progress.reach($0, of: $1) }
        progress.finish()
        print("\(last.size) leaves and the state are copied there")
    }
}

/// A progress bar whose length is known with the first step.
private final class Steps {
    private let name: String
    private var bar: ProgressBar?

    init(_ name: String) { self.name = name }

    func reach(_ done: UInt64, of total: UInt64) {
        let bar = bar ?? ProgressBar(name, total: Int(clamping: total))
        bar.reach(Int(clamping: done))
        self.bar = bar
    }

    func finish() { bar?.finish() }
}
