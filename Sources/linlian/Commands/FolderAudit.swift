import ContractKit
import Foundation
import LedgerCore
import MerkleLog
import NodeRuntime
import Primitives
import Storage
import Verifier

/// Checks a node's folder: the log, and that tiles, checkpoints, ids and the state's snapshot belong to it.
struct FolderAudit {
    let directory: NodeDirectory
    let policy: String?

    /// What was checked, and how far it is final.
    struct Report {
        var ledger: LedgerAudit.Report
        /// Height of the newest final block.
        var final: UInt64
        /// Blocks above it.
        var open: UInt64
        /// Whether the block that brought the parties together is still without their quorum.
        var isFoundingOpen: Bool
    }

    func run() async throws -> Report {
        let identity = try directory.identity()
        let store = try directory.openLedger()
        let snapshots = try SnapshotStore(path: directory.stateFile)
        defer {
            try? snapshots.close()
            try? store.close()
        }
        guard let last = try store.lastBlock() else { throw Complaint("the ledger in \(directory.path) is empty") }
        let final = try store.finalHeight() ?? last.height
        var checkpoints = CheckpointAudit(
            signer: try directory.signer(), given: try policy.map(PolicyFiles.read), final: final)
        async let sound: Void = checkFile(store)
        let snapshotHeight = try snapshots.height()
        // Roots tell whether the snapshot is right; only where they differ is the row looked for.
        let snapshotRoot = await RestoredState.from(try snapshots.rows()).tree.root
        let progress = ProgressBar("verify", total: Int(last.size))
        var observer = LedgerAudit.Observer()
        observer.progress = { progress.reach(Int($0)) }
        observer.afterBlock = { block, machine in
            try checkTiles(block, store)
            try checkBlock(block, store) { try checkpoints.check($0, block, machine) }
            if block.seal.height == snapshotHeight, machine.stateTree.root != snapshotRoot {
                try checkSnapshot(snapshots, machine)
            }
        }
        let audit = LedgerAudit(
            origin: identity.origin, catalog: LocalNode.catalog, workers: ProcessInfo.processInfo.activeProcessorCount)
        let report: LedgerAudit.Report
        do {
            report = try await audit.run(store, size: last.size, observer: observer)
        } catch {
            // What is wrong with the file explains the rest.
            try await sound
            throw error
        }
        try await sound
        let present = try store.leafCount()
        guard present == last.size else {
            throw AuditFailure(
                at: "leaf \(last.size)", check: "audit.tail", expected: "the end of the log", found: "\(present) leaves"
            )
        }
        try checkpoints.finish()
        progress.finish()
        return Report(
            ledger: report, final: final, open: last.height - min(final, last.height),
            isFoundingOpen: checkpoints.isFoundingOpen)
    }

    @concurrent
    private func checkFile(_ store: LedgerStore) async throws {
        if let first = try store.integrityFaults().first {
            throw AuditFailure(at: "ledger.sqlite", check: "audit.file", expected: "a sound file", found: first)
        }
    }

    private func checkTiles(_ block: ExecutedBlock, _ store: LedgerStore) throws {
        for tile in block.tiles {
            let stored = try store.tile(level: tile.coordinate.level, index: tile.coordinate.index)
            guard stored == tile.bytes else {
                let entry = stored.map { firstDifference($0, tile.bytes) / 32 } ?? 0
                throw AuditFailure(
                    at: "tile \(tile.coordinate.level)/\(tile.coordinate.index)", check: "audit.tile",
                    expected: "the hashes of the leaves below it",
                    found: stored == nil ? "no tile" : "another hash at place \(entry)")
            }
        }
    }

    private func firstDifference(_ a: [UInt8], _ b: [UInt8]) -> Int {
        var at = 0
        while at < min(a.count, b.count), a[at] == b[at] { at += 1 }
        return at
    }

    private func checkBlock(
        _ block: ExecutedBlock, _ store: LedgerStore, _ checkpoint: (LedgerStore.BlockRow) throws -> Void
    ) throws {
        let place = "checkpoint of block \(block.seal.height)"
        guard let row = try store.blocks(upTo: block.seal.height, count: 1).first, row.height == block.seal.height
        else {
            throw AuditFailure(at: place, check: "audit.block", expected: "a stored block", found: "none")
        }
        guard row.time == block.seal.time else {
            throw AuditFailure(
                at: "block \(block.seal.height)", check: "audit.time", expected: "\(block.seal.time.milliseconds)",
                found: "\(row.time.milliseconds)")
        }
        guard let head = row.head, head.size == block.size, head.root == block.root, row.size == block.size else {
            throw AuditFailure(
                at: place, check: "audit.checkpoint", expected: "size \(block.size) root \(block.root.hex)",
                found: row.head.map { "size \($0.size) root \($0.root.hex)" } ?? "what cannot be read")
        }
        try checkpoint(row)
        let ids = try store.transactionIDs(ofBlock: block.seal.height)
        guard ids == block.transactions.map(\.id) else {
            throw AuditFailure(
                at: "block \(block.seal.height)", check: "audit.ids", expected: "the ids of its transactions",
                found: "others")
        }
    }

    private func checkSnapshot(_ snapshots: SnapshotStore, _ machine: LedgerMachine) throws {
        var live: [[UInt8]: [UInt8]] = [:]
        for row in try snapshots.rows() { live[row.key] = row.value }
        let height = machine.lastSeal?.height ?? 0
        for (key, value) in live.sorted(by: { $0.key.lexicographicallyPrecedes($1.key) }) {
            let expected = machine.state.read(key)
            guard expected == value else {
                throw AuditFailure(
                    at: "state key \(String(decoding: key, as: UTF8.self)) in the snapshot of block \(height)",
                    check: "audit.state",
                    expected: expected.map { String(decoding: $0, as: UTF8.self) } ?? "no such key",
                    found: String(decoding: value, as: UTF8.self))
            }
        }
        guard live.count == machine.state.count else {
            throw AuditFailure(
                at: "the state snapshot of block \(height)", check: "audit.state",
                expected: "\(machine.state.count) keys", found: "\(live.count)")
        }
    }
}
