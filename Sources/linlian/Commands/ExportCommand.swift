import ArgumentParser
import Foundation
import LedgerCore
import MerkleLog
import NodeRuntime
import Primitives
import Storage

/// `linlian export`: the whole log as static files that any web server can serve and anyone can check.
struct ExportCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "export",
        abstract: "Write checkpoint, tiles, entries and policy as static files (C2SP tlog-tiles).",
        discussion: "Where several parties keep the ledger, what is final is written, with the policy it is final by.")

    @OptionGroup var data: DataOption

    @Option(help: "The folder to write; it must be empty or absent.")
    var out: String

    func run() async throws {
        let directory = try data.directory()
        let store = try directory.openLedger()
        defer { try? store.close() }
        let ledger = StoredLedger(directory, store: store, catalog: LocalNode.catalog)
        guard let last = try ledger.finalBlock() else { throw Complaint("the ledger in \(data.path) is empty") }
        if let present = try? FileManager.default.contentsOfDirectory(atPath: out), !present.isEmpty {
            throw Complaint("--out: \(out) is not empty")
        }
        let policy = try await ledger.policy(of: last)
        let export = LogExport(folder: out)
        let progress = ProgressBar("export", total: Int(last.size))
        try export.write(store, size: last.size) { progress.reach(Int($0)) }
        try export.write(last.checkpoint, to: "checkpoint")
        try export.write(policy.bytes, to: "policy")
        progress.finish()
        print("\(last.size) leaves in \(out)")
    }
}

/// Writes the resources of C2SP tlog-tiles into a folder.
struct LogExport {
    let folder: String

    /// Writes tiles and entry bundles of the first `size` leaves.
    func write(_ source: any LeafSource, size: UInt64, progress: (UInt64) -> Void) throws {
        var tree = MerkleTree<CryptoSHA256>()
        var index: UInt64 = 0
        while index < size {
            let count = Int(min(UInt64(Tiles.width), size - index))
            let leaves = try source.leaves(from: index, count: count)
            guard leaves.count == count, let bundle = EntryBundle.encode(leaves) else {
                throw StorageError("storage.leaf", "leaf \(index + UInt64(leaves.count)) is missing or too long")
            }
            let number = index / UInt64(Tiles.width)
            try write(bundle, to: TilePath.entries(index: number, width: count).text)
            for leaf in leaves { tree.append(CryptoSHA256.leafHash(leaf)) }
            for tile in tree.takeCompletedTiles() {
                let (level, index) = (tile.coordinate.level, tile.coordinate.index)
                try write(tile.bytes, to: TilePath.tile(level: level, index: index, width: Tiles.width).text)
            }
            index += UInt64(count)
            progress(index)
        }
        for level in 0..<Tiles.levelCount(size: size) {
            let partial = tree.partialTile(level: level)
            guard !partial.isEmpty else { continue }
            let path = TilePath.tile(level: level, index: size >> UInt64(8 * level + 8), width: partial.count / 32)
            try write(partial, to: path.text)
        }
    }

    /// Writes one file, with the folders it needs.
    func write(_ bytes: [UInt8], to name: String) throws {
        let url = URL(fileURLWithPath: folder).appendingPathComponent(name)
        try FileManager.default.createDirectory(
            at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
        try Data(bytes).write(to: url)
    }
}

/// The leaves of an exported folder.
struct ExportedLog: LeafSource {
    let folder: String
    let size: UInt64

    func leafCount() -> UInt64 { size }

    func leaves(from first: UInt64, count: Int) throws -> [[UInt8]] {
        var found: [[UInt8]] = []
        var index = first
        let end = min(size, first + UInt64(count))
        while index < end {
            let number = index / UInt64(Tiles.width)
            let width = Int(min(UInt64(Tiles.width), size - number * UInt64(Tiles.width)))
            let name = TilePath.entries(index: number, width: width).text
            guard let data = FileManager.default.contents(atPath: folder + "/" + name),
                let entries = EntryBundle.decode([UInt8](data)), entries.count == width
            else { throw Complaint("\(name) is missing or damaged") }
            let from = Int(index - number * UInt64(Tiles.width))
            let upTo = Int(min(UInt64(width), end - number * UInt64(Tiles.width)))
            found.append(contentsOf: entries[from..<upTo])
            index += UInt64(upTo - from)
        }
        return found
    }
}
