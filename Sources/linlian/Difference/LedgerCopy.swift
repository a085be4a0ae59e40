import Foundation
import LedgerCore
import MerkleLog
import NodeRuntime
import Primitives
import Storage

/// A copy of a ledger that is compared with another: a node's folder, an export, or a running node.
protocol LedgerCopy {
    /// As it was named on the command line.
    var name: String { get }
    /// Number of leaves.
    var size: UInt64 { get }
    /// Number of leaves that are final; nil where only final ones are shown.
    var finalSize: UInt64? { get }
    /// The first `width` hashes of a tile.
    func hashes(level: Int, index: UInt64, width: Int) async throws -> [Digest]
    /// The first `width` leaves of a bundle.
    func bundle(_ index: UInt64, width: Int) async throws -> [[UInt8]]
    /// The node's own record of the state after a block; nil where there is none.
    func snapshot() throws -> (height: UInt64, rows: [[UInt8]: [UInt8]])?
}

extension LedgerCopy {
    /// One leaf.
    func leaf(_ index: UInt64) async throws -> [UInt8] {
        let number = index >> 8
        let entries = try await bundle(number, width: Tiles.width(level: 0, index: number, size: size))
        return entries[Int(index & 255)]
    }

    /// What the files say is torn: the copy itself must be checked first.
    func torn(_ what: String) -> Complaint {
        Complaint("\(name): \(what); check this copy by itself with linlian verify")
    }
}

/// Opens what a word on the command line names.
enum LedgerCopies {
    static func open(_ word: String) async throws -> any LedgerCopy {
        if word.hasPrefix("http://") || word.hasPrefix("https://") { return try await RunningCopy(word) }
        if NodeDirectory(word).exists { return try FolderCopy(NodeDirectory(word)) }
        return try ExportCopy(word)
    }
}

/// A node's folder; the node may run.
struct FolderCopy: LedgerCopy {
    private let directory: NodeDirectory
    private let store: LedgerStore
    private let tiles: LedgerTiles
    let size: UInt64
    let finalSize: UInt64?
    var name: String { directory.path }

    init(_ directory: NodeDirectory) throws {
        self.directory = directory
        let store = try directory.openLedger()
        self.store = store
        tiles = LedgerTiles(store)
        guard let last = try store.lastBlock() else { throw Complaint("the ledger in \(directory.path) is empty") }
        size = last.size
        finalSize = try store.finalHeight().flatMap { try store.blocks(upTo: $0, count: 1).first?.size } ?? last.size
    }

    func hashes(level: Int, index: UInt64, width: Int) throws -> [Digest] {
        guard let hashes = Tiles.decode(try tiles.tile(level: level, index: index, width: width)),
            hashes.count == width
        else { throw torn("tile \(level)/\(index) is damaged") }
        return hashes
    }

    func bundle(_ index: UInt64, width: Int) throws -> [[UInt8]] {
        let entries = try tiles.entries(index: index, width: width)
        guard entries.count == width else { throw torn("leaf \(index << 8 + UInt64(entries.count)) is missing") }
        return entries
    }

    func snapshot() throws -> (height: UInt64, rows: [[UInt8]: [UInt8]])? {
        guard FileManager.default.fileExists(atPath: directory.stateFile) else { return nil }
        let snapshots = try SnapshotStore(path: directory.stateFile)
        defer { try? snapshots.close() }
        guard let height = try snapshots.height() else { return nil }
        var rows: [[UInt8]: [UInt8]] = [:]
        for row in try snapshots.rows() { rows[row.key] = row.value }
        return (height, rows)
    }
}

/// A folder that `linlian export` wrote.
struct ExportCopy: LedgerCopy {
    let name: String
    let size: UInt64
    let finalSize: UInt64? = nil

    init(_ folder: String) throws {
        guard let note = FileManager.default.contents(atPath: folder + "/checkpoint"),
            let head = try? SignedCheckpoint(parsing: [UInt8](note))
        else { throw Complaint("\(folder) is neither a node's folder nor one that linlian export wrote") }
        name = folder
        size = head.checkpoint.size
    }

    func hashes(level: Int, index: UInt64, width: Int) throws -> [Digest] {
        // There are the tiles of the whole log, and the comparison may ask for one of its beginning.
        let present = Tiles.width(level: level, index: index, size: size)
        let bytes = try read(.tile(level: level, index: index, width: present))
        guard let hashes = Tiles.decode(bytes), hashes.count == present, present >= width
        else { throw torn("tile \(level)/\(index) is damaged") }
        return Array(hashes.prefix(width))
    }

    func bundle(_ index: UInt64, width: Int) throws -> [[UInt8]] {
        let present = Tiles.width(level: 0, index: index, size: size)
        guard let entries = EntryBundle.decode(try read(.entries(index: index, width: present))),
            entries.count == present, present >= width
        else { throw torn("entries \(index) are damaged") }
        return Array(entries.prefix(width))
    }

    func snapshot() -> (height: UInt64, rows: [[UInt8]: [UInt8]])? { nil }

    private func read(_ path: TilePath) throws -> [UInt8] {
        guard let data = FileManager.default.contents(atPath: name + "/" + path.text)
        else { throw torn("\(path.text) is missing") }
        return [UInt8](data)
    }
}

/// The public log of a running node, of which only what is needed is fetched.
struct RunningCopy: LedgerCopy {
    let name: String
    let size: UInt64
    let finalSize: UInt64? = nil
    private let log: LogDownload

    init(_ address: String) async throws {
        name = address
        log = try LogDownload(address: address)
        guard let head = try? SignedCheckpoint(parsing: try await log.fetch("checkpoint"))
        else { throw Complaint("\(address) does not answer with a checkpoint") }
        size = head.checkpoint.size
    }

    func hashes(level: Int, index: UInt64, width: Int) async throws -> [Digest] {
        let bytes = try await log.fetch(TilePath.tile(level: level, index: index, width: width).text)
        guard let hashes = Tiles.decode(bytes), hashes.count == width
        else { throw torn("tile \(level)/\(index) is damaged") }
        return hashes
    }

    func bundle(_ index: UInt64, width: Int) async throws -> [[UInt8]] {
        let bytes = try await log.fetch(TilePath.entries(index: index, width: width).text)
        guard let entries = EntryBundle.decode(bytes), entries.count == width
        else { throw torn("entries \(index) are damaged") }
        return entries
    }

    func snapshot() -> (height: UInt64, rows: [[UInt8]: [UInt8]])? { nil }
}
