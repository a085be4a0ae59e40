import LedgerCore
import MerkleLog
package import Primitives
package import Storage

/// The whole log and the state beside the leaves that were moved, so that the archive alone brings a node back.
///
/// Laid out as `linlian export` does (C2SP tlog-tiles): a web server before the archive serves the log, and `linlian verify`
/// and `linlian restore` read it. Added to it: `snapshot/<height>/000`, `001`, … with the rows of the state after that block
/// (`SnapshotRows`), `snapshot/<height>/seal` with the receipt of the block's seal, whose state root the rows must have, and
/// `snapshot/latest` with the heights.
extension Archiver {
    /// Bytes after which the rows of a snapshot go on in another file.
    private static let partSize = 8 << 20
    /// Snapshots that stay in the archive.
    private static let snapshotsKept = 2

    /// Copies the log up to a final block, and the newest snapshot. `policy` must be the one by which the block's checkpoint
    /// holds. What a copy has brought before is not brought again.
    package func copy(
        upTo block: LedgerStore.BlockRow, policy: [UInt8], at time: Instant,
        progress: (UInt64, UInt64) -> Void = { _, _ in }
    ) throws {
        let head = try SignedCheckpoint(parsing: block.checkpoint)
        do {
            try WitnessPolicy(parsing: policy, using: CryptoSHA256.self).require(head, using: CryptoEd25519.self)
        } catch {
            throw NodeError(
                "archive.policy", "the newest checkpoint does not hold by the policy (\(error))",
                help: "the parties have just changed: the next block's does")
        }
        let before = min(try store.copied()?.size ?? 0, try copiedSize(head))
        try copyTiles(from: before, to: block.size)
        try copyBundles(from: before, to: block.size, progress)
        let partial = try Archiver.partialPaths(block.size)
        for path in partial { try archive.keep(try partialBytes(path), at: path.text) }
        try archive.replace(policy, at: "policy")
        try archive.replace(block.checkpoint, at: "checkpoint")
        try copySnapshot(head)
        try store.setCopied(size: block.size, time: time)
        // Nobody needs what the log has grown beyond.
        for path in Set(try Archiver.partialPaths(before)).subtracting(partial) { try archive.remove(path.text) }
    }

    /// The size of the log that the archive says it has a copy of; 0 where it has none.
    private func copiedSize(_ head: SignedCheckpoint) throws -> UInt64 {
        guard let bytes = try archive.read("checkpoint") else { return 0 }
        guard let present = try? SignedCheckpoint(parsing: bytes).checkpoint,
            present.origin == head.checkpoint.origin, present.size <= head.checkpoint.size
        else {
            throw NodeError(
                "archive.write", "checkpoint in \(archive.name) is of another ledger, damaged, or newer than this node",
                help: ArchiveFailure.kept)
        }
        return present.size
    }

    private func copyTiles(from before: UInt64, to size: UInt64) throws {
        for level in 0..<Tiles.levelCount(size: size) {
            let shift = UInt64(8 * (level + 1))
            for index in (before >> shift)..<(size >> shift) {
                try pause()
                guard let tile = try store.tile(level: level, index: index) else {
                    throw StorageError("storage.tile", "tile \(level)/\(index) is missing")
                }
                try archive.keep(tile, at: TilePath.tile(level: level, index: index, width: Tiles.width).text)
            }
        }
    }

    private func copyBundles(from before: UInt64, to size: UInt64, _ progress: (UInt64, UInt64) -> Void) throws {
        // What has left the database is there.
        let first = max(before, try store.archiveBoundary()?.size ?? 0) >> 8
        guard first < size >> 8 else { return }
        for number in first..<(size >> 8) {
            try pause()
            _ = try keepBundle(number)
            progress((number + 1) << 8, size)
        }
    }

    /// The partial tiles and the partial bundle of a log.
    private static func partialPaths(_ size: UInt64) throws -> [TilePath] {
        var paths: [TilePath] = []
        for level in 0..<Tiles.levelCount(size: size) {
            let width = Int(size >> UInt64(8 * level) & 255)
            if width > 0 { paths.append(.tile(level: level, index: size >> UInt64(8 * level + 8), width: width)) }
        }
        let width = Int(size & 255)
        return width > 0 ? paths + [.entries(index: size >> 8, width: width)] : paths
    }

    private func partialBytes(_ path: TilePath) throws -> [UInt8] {
        switch path {
        case .tile(let level, let index, let width):
            return try LedgerTiles(store).tile(level: level, index: index, width: width)
        case .entries(let index, let width):
            let leaves = try store.leaves(from: index << 8, count: width)
            guard leaves.count == width, let bundle = EntryBundle.encode(leaves) else {
                throw StorageError("storage.leaf", "leaf \(index << 8 + UInt64(leaves.count)) is missing")
            }
            return bundle
        }
    }

    private func copySnapshot(_ head: SignedCheckpoint) throws {
        var latest = SnapshotList(try archive.read(SnapshotList.path) ?? [])
        guard let height = try snapshots.height(), latest.entries.first?.height != height else { return }
        var part: [UInt8] = []
        var parts: UInt64 = 0
        var taken: UInt64 = height
        func put() throws {
            try pause()
            try archive.replace(part, at: SnapshotList.path(taken, part: parts))
            parts += 1
            part.removeAll(keepingCapacity: true)
        }
        _ = try snapshots.read { height, row in
            taken = height
            SnapshotRows.append(row, to: &part)
            if part.count >= Archiver.partSize { try put() }
        }
        if !part.isEmpty || parts == 0 { try put() }
        guard let block = try store.blocks(upTo: taken, count: 1).first, block.height == taken,
            block.size <= head.checkpoint.size, let leaf = try store.leaf(block.size - 1)
        else {
            throw StorageError("storage.snapshot", "the snapshot is of block \(taken), which is not final here")
        }
        let proof = try InclusionProof(
            leafIndex: block.size - 1, treeSize: head.checkpoint.size, tiles: LedgerTiles(store),
            using: CryptoSHA256.self)
        let seal = TLogProof(extra: leaf, index: block.size - 1, hashes: proof.hashes, checkpoint: head)
        try archive.replace(seal.bytes, at: SnapshotList.sealPath(taken))
        latest.entries.removeAll { $0.height == taken }
        latest.entries.insert((taken, parts), at: 0)
        let old = latest.entries.dropFirst(Archiver.snapshotsKept)
        latest.entries = Array(latest.entries.prefix(Archiver.snapshotsKept))
        try archive.replace(latest.bytes, at: SnapshotList.path)
        for entry in old {
            for part in 0..<entry.parts { try archive.remove(SnapshotList.path(entry.height, part: part)) }
            try archive.remove(SnapshotList.sealPath(entry.height))
        }
    }
}

/// `snapshot/latest`: a line for each snapshot in the archive, the newest first, with its height and its number of parts.
struct SnapshotList {
    var entries: [(height: UInt64, parts: UInt64)]

    static let path = "snapshot/latest"
    /// Most bytes of it that are read.
    static let largest = 4_096
    /// Most parts of a snapshot: 8 TB.
    private static let mostParts: UInt64 = 1_000_000

    init(_ bytes: [UInt8]) {
        entries = bytes.prefix(SnapshotList.largest).split(separator: UInt8(ascii: "\n")).compactMap { line in
            let words = line.split(separator: UInt8(ascii: " "))
            guard words.count == 2, let height = ASCIIDecimal.parse(words[0]),
                let parts = ASCIIDecimal.parse(words[1], maximum: SnapshotList.mostParts)
            else { return nil }
            return (height, parts)
        }
    }

    var bytes: [UInt8] { Array(entries.map { "\($0.height) \($0.parts)\n" }.joined().utf8) }

    static func path(_ height: UInt64, part: UInt64) -> String {
        let digits = "\(part)"
        return "snapshot/\(height)/" + String(repeating: "0", count: max(0, 3 - digits.utf8.count)) + digits
    }

    static func sealPath(_ height: UInt64) -> String { "snapshot/\(height)/seal" }
}
