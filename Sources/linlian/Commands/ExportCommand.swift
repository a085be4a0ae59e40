import ArgumentParser
import Foundation
import LedgerCore
import MerkleLog
import NodeRuntime
import Primitives
import Storage

/// `linlian export`: the whole log as static files that any web server can serve and anyone can check.
struct ExportCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "export",
        abstract: "Write checkpoint, tiles, entries and policy as static files (C2SP tlog-tiles).")

    @OptionGroup var data: DataOption

    @Option(help: "The folder to write; it must be empty or absent.")
    var out: String

    func run() throws {
        let directory = try data.directory()
        let store = try LedgerStore(path: directory.ledgerFile)
        defer { try? store.close() }
        guard let last = try store.lastBlock() else { throw Complaint("the ledger in \(data.path) is empty") }
        if let present = try? FileManager.default.contentsOfDirectory(atPath: out), !present.isEmpty {
            throw Complaint("--out: \(out) is not empty")
        }
        let export = LogExport(folder: out)
        let progress = ProgressBar("export", total: Int(last.size))
        try export.write(store, size: last.size) { progress.reach(Int($0)) }
        try export.write(last.checkpoint, to: "checkpoint")
        try export.write(directory.signer().soloPolicy().bytes, to: "policy")
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
            try write(bundle, to: "tile/entries/" + path(number, width: count))
            for leaf in leaves { tree.append(CryptoSHA256.leafHash(leaf)) }
            for tile in tree.takeCompletedTiles() {
                try write(
                    tile.bytes,
                    to: "tile/\(tile.coordinate.level)/" + path(tile.coordinate.index, width: Tiles.width))
            }
            index += UInt64(count)
            progress(index)
        }
        for level in 0..<Tiles.levelCount(size: size) {
            let partial = tree.partialTile(level: level)
            guard !partial.isEmpty else { continue }
            try write(partial, to: "tile/\(level)/" + path(size >> UInt64(8 * level + 8), width: partial.count / 32))
        }
    }

    /// Writes one file, with the folders it needs.
    func write(_ bytes: [UInt8], to name: String) throws {
        let url = URL(fileURLWithPath: folder).appendingPathComponent(name)
        try FileManager.default.createDirectory(
            at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
        try Data(bytes).write(to: url)
    }

    /// The number in the form of tlog-tiles (`x001/x234/067`), with `.p/<W>` where the tile is partial.
    private func path(_ number: UInt64, width: Int) -> String { LogPaths.number(number, width: width) }
}

/// Paths of C2SP tlog-tiles.
enum LogPaths {
    /// A tile's number, and its width where it is partial.
    static func number(_ number: UInt64, width: Int) -> String {
        var groups = [String(format: "%03d", Int(number % 1_000))]
        var rest = number / 1_000
        while rest > 0 {
            groups.insert("x" + String(format: "%03d", Int(rest % 1_000)), at: 0)
            rest /= 1_000
        }
        return groups.joined(separator: "/") + (width < Tiles.width ? ".p/\(width)" : "")
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
            let name = "tile/entries/" + LogPaths.number(number, width: width)
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
