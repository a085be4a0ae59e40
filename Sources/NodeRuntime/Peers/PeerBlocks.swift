import LedgerCore
import Logging
import MerkleLog
import Primitives

/// What another party's node answers at a path, at most so many bytes.
package typealias PeerFetch =
    @Sendable (_ path: String, _ peer: NetworkFile.Peer, _ limit: Int) async throws -> [UInt8]

/// Brings a node that lacks batches to where the others are, from their public logs. Nothing is believed: blocks become
/// final by a checkpoint that a quorum has cosigned, and every one on the way is executed here.
///
/// Blocks are taken in runs, each in one write to the disk. A run ends where the peer has a cosigned checkpoint, so what
/// was taken stays although the peer may lie later or this node may die.
struct PeerBlocks: BlockSource {
    /// The nodes, in the order of `network.json`.
    let peers: [NetworkFile.Peer]
    let fetch: PeerFetch
    let logger: Logger
    var limit = RunLimit()

    /// Attempts without anything new before the node follows the engine again: the engine may have healed.
    private static let mostAttempts = 10

    func catchUp(_ pipeline: BlockPipeline) async throws -> Bool {
        for attempt in 0..<PeerBlocks.mostAttempts {
            switch try await takeFinal(pipeline) {
            case .taken: return true
            // They may be about to be.
            case .nobodyIsFurther where attempt > 0: return true
            case .nobodyIsFurther, .notTaken: try await Task.sleep(for: .milliseconds(500))
            }
        }
        return true
    }

    /// What became of asking the others.
    enum Outcome {
        /// The node has what somebody else has.
        case taken
        /// Everybody was asked, and nobody has more.
        case nobodyIsFurther
        /// Somebody did not answer, or what he has does not hold.
        case notTaken
    }

    /// Takes over what is final elsewhere and not here, and gives up for it what is not final here; false where nobody has
    /// more, and then this node keeps what it has.
    func takeFinal(_ pipeline: BlockPipeline) async throws -> Outcome {
        let size = await pipeline.finalSize
        let offers = await offers()
        let further = offers.filter { $0.1.checkpoint.size > size }
        guard !further.isEmpty else { return offers.count == peers.count ? .nobodyIsFurther : .notTaken }
        for (peer, target) in further {
            do {
                try await pipeline.beginCatchUp()
                try await bring(pipeline, to: target, from: peer)
                return .taken
            } catch let error as PeerFault {
                logger.error("catching up failed", metadata: ["peer": "\(peer.party)", "error": "\(error)"])
                try await pipeline.endCatchUp()
            }
        }
        return .notTaken
    }

    /// The checkpoints of the nodes that answer, the farthest first.
    private func offers() async -> [(NetworkFile.Peer, SignedCheckpoint)] {
        await withTaskGroup(of: (NetworkFile.Peer, SignedCheckpoint?).self) { group in
            for peer in peers { group.addTask { (peer, await checkpoint("/checkpoint", of: peer)) } }
            var offers: [(NetworkFile.Peer, SignedCheckpoint)] = []
            for await (peer, head) in group { if let head { offers.append((peer, head)) } }
            return offers.sorted { ($0.1.checkpoint.size, $1.0.party) > ($1.1.checkpoint.size, $0.0.party) }
        }
    }

    private func checkpoint(_ path: String, of peer: NetworkFile.Peer) async -> SignedCheckpoint? {
        guard let text = try? await fetch(path, peer, 65_536) else { return nil }
        return try? SignedCheckpoint(parsing: text)
    }

    /// The first cosigned checkpoint that the peer has of a log with the block at `height`.
    private func checkpoint(ofBlock height: UInt64, from peer: NetworkFile.Peer) async -> SignedCheckpoint? {
        await checkpoint("/api/v1/blocks/\(height)/checkpoint", of: peer)
    }

    private func bring(
        _ pipeline: BlockPipeline, to target: SignedCheckpoint, from peer: NetworkFile.Peer
    ) async throws {
        let end = await pipeline.end
        var log = PeerLog(from: end.size, to: target.checkpoint.size) { try await fetch("/" + $0, peer, $1) }
        var run = PeerRun(after: end.height)
        var goal = target
        while let block = try await log.nextBlock() {
            run.append(block)
            if log.taken == goal.checkpoint.size {
                try await take(&run, by: goal, isEnd: log.taken == target.checkpoint.size, pipeline, peer)
                goal = target
            } else if log.taken > goal.checkpoint.size {
                throw PeerFault.notCosigned
            } else if run.isFull(limit) {
                if !run.hasAsked, let next = await checkpoint(ofBlock: run.lastHeight, from: peer),
                    (log.taken..<target.checkpoint.size).contains(next.checkpoint.size)
                {
                    goal = next
                }
                run.hasAsked = true
                if log.taken == goal.checkpoint.size {
                    try await take(&run, by: goal, isEnd: false, pipeline, peer)
                    goal = target
                } else if run.isFull(limit.doubled) {
                    // No checkpoint near: what is not final is stored all the same, and the memory is free again.
                    try await take(&run, by: nil, isEnd: false, pipeline, peer)
                }
            }
        }
    }

    /// Has the pipeline take a run. A block that changes who keeps the ledger must be final under the old rule before
    /// anything counts under the new one, so the run is parted there.
    private func take(
        _ run: inout PeerRun, by head: SignedCheckpoint?, isEnd: Bool, _ pipeline: BlockPipeline,
        _ peer: NetworkFile.Peer
    ) async throws {
        while !run.blocks.isEmpty, let place = try await pipeline.adopt(run.blocks, by: head, isEnd: isEnd) {
            let height = run.height + UInt64(place) + 1
            guard let own = await checkpoint(ofBlock: height, from: peer),
                try await pipeline.adopt(Array(run.blocks[...place]), by: own, isEnd: false) == nil
            else { throw PeerFault.notCosigned }
            run.drop(place + 1)
        }
        run.drop(run.blocks.count)
    }
}

/// Where a run of blocks ends.
package struct RunLimit: Sendable {
    /// Blocks.
    let blocks: Int
    /// Bytes of leaves.
    let bytes: Int

    /// So many blocks, or so many bytes of leaves: half a second's work, and little memory.
    package init(blocks: Int = 512, bytes: Int = 4 << 20) {
        self.blocks = blocks
        self.bytes = bytes
    }

    var doubled: RunLimit { RunLimit(blocks: blocks * 2, bytes: bytes * 2) }
}

/// Blocks of a peer that are taken together.
private struct PeerRun {
    private(set) var blocks: [[[UInt8]]] = []
    /// Height of the block before the first.
    private(set) var height: UInt64
    private var bytes = 0
    /// Whether the peer was asked for a checkpoint near the run's end.
    var hasAsked = false

    init(after height: UInt64) { self.height = height }

    var lastHeight: UInt64 { height + UInt64(blocks.count) }

    func isFull(_ limit: RunLimit) -> Bool { blocks.count >= limit.blocks || bytes >= limit.bytes }

    mutating func append(_ block: [[UInt8]]) {
        blocks.append(block)
        bytes += block.reduce(0) { $0 + $1.count }
    }

    /// The first so many were taken.
    mutating func drop(_ count: Int) {
        height += UInt64(count)
        blocks.removeFirst(count)
        (bytes, hasAsked) = (0, false)
    }
}

/// Reads the entry bundles of a peer's log, and parts their leaves into blocks.
private struct PeerLog {
    private var index: UInt64
    private let size: UInt64
    private let fetch: (_ path: String, _ limit: Int) async throws -> [UInt8]
    private var waiting: ArraySlice<[UInt8]> = []

    /// Bytes of a block's leaves: 2,000 transactions and 1,000 due actions, each of the largest.
    private static let largestBlock = 3_001 << 16

    init(from index: UInt64, to size: UInt64, _ fetch: @escaping (String, Int) async throws -> [UInt8]) {
        self.index = index
        self.size = size
        self.fetch = fetch
    }

    /// Size of the log up to the last block that was given out.
    var taken: UInt64 { index - UInt64(waiting.count) }

    /// The leaves of the next block, its seal last; nil at the end. Throws `PeerFault`.
    mutating func nextBlock() async throws -> [[UInt8]]? {
        var leaves: [[UInt8]] = []
        var bytes = 0
        while true {
            if waiting.isEmpty {
                guard index < size else {
                    guard leaves.isEmpty else { throw PeerFault.badBundle }
                    return nil
                }
                waiting = try await nextBundle()
                index += UInt64(waiting.count)
            }
            let leaf = waiting.removeFirst()
            leaves.append(leaf)
            bytes += leaf.count
            // A log without seals would fill the memory.
            guard bytes <= PeerLog.largestBlock else { throw PeerFault.badBundle }
            if leaf.starts(with: Leaf.sealFirstLine) { return leaves }
        }
    }

    /// What a bundle holds from `index` on.
    private func nextBundle() async throws -> ArraySlice<[UInt8]> {
        let bundle = index >> 8
        let width = Tiles.width(level: 0, index: bundle, size: size)
        let bytes: [UInt8]
        do {
            bytes = try await fetch(TilePath.entries(index: bundle, width: width).text, PeerClient.largestAnswer)
        } catch {
            throw PeerFault.unreachable
        }
        guard let entries = EntryBundle.decode(bytes), entries.count == width else { throw PeerFault.badBundle }
        return entries[Int(index - bundle << 8)...]
    }
}

/// Why a peer's blocks were not taken.
enum PeerFault: Error {
    case unreachable
    case badBundle
    case otherLeaves
    case badTransaction
    case notCosigned
}
