import LedgerCore
package import MerkleLog
import Primitives
import Storage

/// Copies a ledger from a running node or from an archive without executing it: the log, and the newest snapshot of the
/// state. Nothing of it is believed. The log must have the root of a checkpoint that the policy's parties have cosigned, and the snapshot the
/// state root that a seal in that log names: so what a quorum vouches for need not be worked out again. Blocks after
/// the snapshot are executed when the copy is loaded.
package struct LedgerJoin: Sendable {
    /// Answers a path without a leading slash; nil where nothing is there.
    package typealias Fetch = @Sendable (_ path: String, _ limit: Int) async throws -> [UInt8]?
    /// Is told the leaves that are stored, now and then.
    package typealias Progress = @Sendable (_ done: UInt64, _ size: UInt64) -> Void

    /// What was copied.
    package struct Copy: Sendable {
        /// Number of leaves.
        package let leaves: UInt64
        /// Height of the last block.
        package let height: UInt64
        /// Height of the block that the snapshot is of; nil where there was none.
        package let snapshot: UInt64?
    }

    let fetch: Fetch
    private let snapshot: SnapshotPlace
    private let progress: Progress

    /// A copy from the node that `fetch` asks.
    package init(fetch: @escaping Fetch, progress: @escaping Progress = { _, _ in }) {
        self.init(.node, fetch: fetch, progress: progress)
    }

    /// A copy from an archive, which alone brings a node back.
    package init(archive: any ArchiveStore, progress: @escaping Progress = { _, _ in }) {
        let reading = ArchiveFetch(archive)
        self.init(.archive, fetch: { try await reading.find($0, limit: $1) }, progress: progress)
    }

    private init(_ snapshot: SnapshotPlace, fetch: @escaping Fetch, progress: @escaping Progress) {
        self.snapshot = snapshot
        self.fetch = fetch
        self.progress = progress
    }

    /// Bundles asked for at the same time: enough to keep both sides busy.
    private static let window: UInt64 = 6
    /// Leaves written in one go.
    private static let chunk = 8_192

    /// Writes the ledger into `directory`, which must not hold one. Throws `JoinFault`, and `PolicyError` where the
    /// checkpoint is not cosigned as `policy` asks. Whoever loads the copy (`checkCopy`) holds the snapshot to the seal.
    package func run(into directory: NodeDirectory, policy: WitnessPolicy) async throws -> Copy {
        // The snapshot first: the log that is fetched afterwards then reaches at least as far.
        let height = try await copySnapshot(from: snapshot, to: directory)
        let head = try await checkpoint()
        try policy.require(head, using: CryptoEd25519.self)
        let store = try LedgerStore(path: directory.ledgerFile)
        defer { try? store.close() }
        let last = try await copyLog(of: head, to: store)
        guard height.map({ $0 <= last.height }) ?? true else { throw JoinFault.snapshotAhead }
        // Nothing is marked as final: in a log without open blocks everything is.
        try store.replaceCheckpoint(ofBlock: last.height, by: head.bytes)
        return Copy(leaves: head.checkpoint.size, height: last.height, snapshot: height)
    }

    private func checkpoint() async throws -> SignedCheckpoint {
        guard let text = try await fetch("checkpoint", 65_536), let head = try? SignedCheckpoint(parsing: text),
            head.checkpoint.size > 0
        else { throw JoinFault.noCheckpoint }
        return head
    }

    // MARK: The log

    private func copyLog(of head: SignedCheckpoint, to store: LedgerStore) async throws -> Seal {
        let origin = head.checkpoint.origin
        var blocks = LogBlocks()
        var waiting: [(block: ExecutedBlock, checkpoint: [UInt8])] = []
        var waitingLeaves = 0
        var last: Seal?
        try await bundles(size: head.checkpoint.size) { entries in
            for leaf in entries {
                guard let block = try Self.add(leaf, to: &blocks) else { continue }
                guard let checkpoint = Checkpoint(origin: origin, size: block.size, root: block.root)
                else { throw JoinFault.otherLog }
                waiting.append((block, checkpoint.text))
                waitingLeaves += block.leaves.count
                last = block.seal
            }
            guard waitingLeaves >= LedgerJoin.chunk else { return }
            try store.adopt(waiting)
            (waiting, waitingLeaves) = ([], 0)
            progress(blocks.log.size, head.checkpoint.size)
        }
        guard blocks.isWhole, let last, blocks.log.root() == head.checkpoint.root else { throw JoinFault.otherLog }
        try store.adopt(waiting)
        progress(blocks.log.size, head.checkpoint.size)
        return last
    }

    private static func add(_ leaf: [UInt8], to blocks: inout LogBlocks) throws(JoinFault) -> ExecutedBlock? {
        do {
            return try blocks.add(leaf)
        } catch {
            throw .badLeaf("\(error)")
        }
    }

    /// Calls `body` with the entries of each bundle in order, some bundles being fetched ahead.
    private func bundles(size: UInt64, _ body: ([[UInt8]]) throws -> Void) async throws {
        let count = (size + UInt64(Tiles.width) - 1) / UInt64(Tiles.width)
        try await withThrowingTaskGroup(of: (UInt64, [[UInt8]]).self) { group in
            var arrived: [UInt64: [[UInt8]]] = [:]
            var asked: UInt64 = 0
            for wanted in 0..<count {
                while asked < min(count, wanted + LedgerJoin.window) {
                    let index = asked
                    group.addTask { (index, try await bundle(index, size: size)) }
                    asked += 1
                }
                while arrived[wanted] == nil, let (index, entries) = try await group.next() { arrived[index] = entries }
                try body(arrived.removeValue(forKey: wanted) ?? [])
            }
        }
    }

    private func bundle(_ index: UInt64, size: UInt64) async throws -> [[UInt8]] {
        let width = Tiles.width(level: 0, index: index, size: size)
        let path = TilePath.entries(index: index, width: width).text
        guard let bytes = try await fetch(path, PeerClient.largestAnswer), let entries = EntryBundle.decode(bytes),
            entries.count == width
        else { throw JoinFault.badBundle(index) }
        return entries
    }
}

/// Why a ledger was not copied.
package enum JoinFault: Error, CustomStringConvertible {
    /// No checkpoint, or one that cannot be read.
    case noCheckpoint
    /// A bundle of entries is missing or malformed.
    case badBundle(UInt64)
    /// A leaf is none, or a seal does not stand where it says.
    case badLeaf(String)
    /// The leaves do not have the cosigned root.
    case otherLog
    /// The snapshot is missing in part or malformed.
    case badSnapshot
    /// The snapshot is of a block that the log does not have.
    case snapshotAhead
    /// The snapshot is not the state that the seal of its block names.
    case otherState(height: UInt64)

    /// Whether it is the snapshot alone that does not hold: what the log says can still be worked out.
    package var isOfSnapshot: Bool {
        switch self {
        case .badSnapshot, .snapshotAhead, .otherState: true
        case .noCheckpoint, .badBundle, .badLeaf, .otherLog: false
        }
    }

    /// One line.
    package var description: String {
        switch self {
        case .noCheckpoint: "it gives no checkpoint that can be read (join.checkpoint)"
        case .badBundle(let index): "entry bundle \(index) is missing or malformed (join.bundle)"
        case .badLeaf(let reason): "its log does not hold together: \(reason) (join.leaf)"
        case .otherLog: "its leaves do not have the root that the parties have cosigned (join.root)"
        case .badSnapshot: "its snapshot of the state is incomplete or malformed (join.snapshot)"
        case .snapshotAhead: "its snapshot is of a block that its log does not have (join.snapshot)"
        case .otherState(let height):
            "its snapshot is not the state that the seal of block \(height) names (join.state)"
        }
    }
}
