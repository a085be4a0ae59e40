import AsyncHTTPClient
import Foundation
import LedgerCore
import MerkleLog
import NIOCore
import NIOHTTP1
import NodeRuntime
import Primitives
import Storage
import Verifier

/// Checks a node's folder: the log, and that tiles, checkpoints, ids and the state's snapshot belong to it.
struct FolderAudit {
    let directory: NodeDirectory
    let policy: String?

    func run() async throws -> LedgerAudit.Report {
        let identity = try directory.identity()
        let store = try LedgerStore(path: directory.ledgerFile)
        let snapshots = try SnapshotStore(path: directory.stateFile)
        defer {
            try? snapshots.close()
            try? store.close()
        }
        guard let last = try store.lastBlock() else { throw Complaint("the ledger in \(directory.path) is empty") }
        let rules = try policy.map(PolicyFiles.read) ?? directory.signer().soloPolicy()
        async let sound: Void = checkFile(store)
        let snapshotHeight = try snapshots.height()
        // Roots tell whether the snapshot is right; only where they differ is the row looked for.
        let snapshotRoot = await RestoredState.from(try snapshots.rows()).tree.root
        let progress = ProgressBar("verify", total: Int(last.size))
        var observer = LedgerAudit.Observer()
        observer.progress = { progress.reach(Int($0)) }
        observer.afterBlock = { block, machine in
            try checkTiles(block, store)
            try checkBlock(block, store, rules, isLast: block.seal.height == last.height)
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
        progress.finish()
        return report
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
        _ block: ExecutedBlock, _ store: LedgerStore, _ policy: WitnessPolicy, isLast: Bool
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
        do {
            let head = try SignedCheckpoint(parsing: row.checkpoint)
            guard head.checkpoint.size == block.size, head.checkpoint.root == block.root, row.size == block.size else {
                throw AuditFailure(
                    at: place, check: "audit.checkpoint", expected: "size \(block.size) root \(block.root.hex)",
                    found: "size \(head.checkpoint.size) root \(head.checkpoint.root.hex)")
            }
            try policy.require(head, using: CryptoEd25519.self)
        } catch let error as NoteError {
            throw AuditFailure(at: place, check: error.code, expected: "a signed checkpoint", found: "\(error)")
        } catch let error as PolicyError {
            throw AuditFailure(at: place, check: error.code, expected: "the policy's signatures", found: "\(error)")
        }
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

/// Checks an exported folder: the log, its tiles and its checkpoint.
struct ExportAudit {
    let folder: String
    let policyFile: String?
    /// Called with each replayed block, in order.
    var onBlock: (ExecutedBlock) throws -> Void = { _ in }

    func run() async throws -> LedgerAudit.Report {
        guard let data = FileManager.default.contents(atPath: folder + "/checkpoint") else {
            throw Complaint("\(folder)/checkpoint cannot be read; is this a folder that `linlian export` wrote?")
        }
        let head: SignedCheckpoint
        do {
            head = try SignedCheckpoint(parsing: [UInt8](data))
        } catch {
            throw AuditFailure(at: "checkpoint", check: error.code, expected: "a signed checkpoint", found: "\(error)")
        }
        do {
            try PolicyFiles.read(policyFile ?? folder + "/policy").require(head, using: CryptoEd25519.self)
        } catch let error as PolicyError {
            throw AuditFailure(
                at: "checkpoint", check: error.code, expected: "the policy's signatures", found: "\(error)")
        }
        let size = head.checkpoint.size
        let progress = ProgressBar("verify", total: Int(size))
        var observer = LedgerAudit.Observer()
        observer.progress = { progress.reach(Int($0)) }
        observer.afterBlock = { block, _ in
            for tile in block.tiles { try check(tile) }
            try onBlock(block)
        }
        let report = try await LedgerAudit(
            origin: head.checkpoint.origin.string, catalog: LocalNode.catalog,
            workers: ProcessInfo.processInfo.activeProcessorCount
        ).run(ExportedLog(folder: folder, size: size), size: size, observer: observer)
        guard report.root == head.checkpoint.root else {
            throw AuditFailure(
                at: "checkpoint", check: "audit.checkpoint", expected: report.root.hex, found: head.checkpoint.root.hex)
        }
        progress.finish()
        return report
    }

    private func check(_ tile: CompletedTile) throws {
        let name = "tile/\(tile.coordinate.level)/" + LogPaths.number(tile.coordinate.index, width: Tiles.width)
        let found = FileManager.default.contents(atPath: folder + "/" + name)
        guard found.map([UInt8].init) == tile.bytes else {
            throw AuditFailure(
                at: name, check: "audit.tile", expected: "the hashes of the leaves below it",
                found: found == nil ? "no file" : "other hashes")
        }
    }
}

/// Downloads the public log of a running node and checks it like an export.
struct URLAudit {
    let address: String
    let policyFile: String?

    /// Largest answer that is read.
    private static let largest = 20 << 20

    func run() async throws -> LedgerAudit.Report {
        try await withDownload { try await ExportAudit(folder: $0, policyFile: policyFile).run() }
    }

    /// Downloads the log into a folder like an export's, which is removed after `body`.
    func withDownload<Result>(_ body: (_ folder: String) async throws -> Result) async throws -> Result {
        guard let base = URL(string: address), base.scheme == "http" || base.scheme == "https" else {
            throw Complaint("--url: write http://HOST:PORT or https://HOST")
        }
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("linlian-\(UUID().uuidString)").path
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let files = LogExport(folder: folder)
        let checkpoint = try await fetch("checkpoint")
        try files.write(checkpoint, to: "checkpoint")
        if policyFile == nil { try files.write(try await fetch("policy"), to: "policy") }
        let size: UInt64
        do {
            size = try SignedCheckpoint(parsing: checkpoint).checkpoint.size
        } catch {
            throw AuditFailure(at: "checkpoint", check: error.code, expected: "a signed checkpoint", found: "\(error)")
        }
        let progress = ProgressBar("download", total: Int(size))
        var index: UInt64 = 0
        while index < size {
            let width = Int(min(UInt64(Tiles.width), size - index))
            let path = LogPaths.number(index / UInt64(Tiles.width), width: width)
            try files.write(try await fetch("tile/entries/" + path), to: "tile/entries/" + path)
            index += UInt64(width)
            progress.reach(Int(index))
        }
        for level in 0..<Tiles.levelCount(size: size) {
            for number in 0..<(size >> UInt64(8 * level + 8)) {
                let path = "tile/\(level)/" + LogPaths.number(number, width: Tiles.width)
                try files.write(try await fetch(path), to: path)
            }
        }
        progress.finish()
        return try await body(folder)
    }

    private func fetch(_ path: String) async throws -> [UInt8] {
        let trimmed = address.hasSuffix("/") ? String(address.dropLast()) : address
        let response = try await HTTPClient.shared.execute(
            HTTPClientRequest(url: "\(trimmed)/\(path)"), timeout: .seconds(30))
        guard response.status == .ok else { throw Complaint("\(path): the node answered \(response.status.code)") }
        var body = try await response.body.collect(upTo: URLAudit.largest)
        return body.readBytes(length: body.readableBytes) ?? []
    }
}
