import ContractKit
import LedgerCore
import Logging
import MerkleLog
import Primitives

/// Brings a node that lacks batches to where the others are, from their public logs. Nothing is believed: the target is a
/// checkpoint that a quorum has cosigned, and every block on the way is executed here.
struct PeerBlocks: BlockSource {
    let client: PeerClient
    let signer: NodeSigner
    let logger: Logger

    /// Attempts without anything new before the node follows the engine again: the engine may have healed.
    private static let mostAttempts = 10

    func catchUp(_ pipeline: BlockPipeline) async throws -> Bool {
        try await pipeline.beginCatchUp()
        for _ in 0..<PeerBlocks.mostAttempts {
            let own = await pipeline.end
            for (peer, target) in await offers(beyond: own.size, own.network) {
                do {
                    try await bring(pipeline, to: target, from: peer)
                    return true
                } catch let error as PeerFault {
                    logger.error("catching up failed", metadata: ["peer": "\(peer.party)", "error": "\(error)"])
                    try await pipeline.beginCatchUp()
                }
            }
            try await Task.sleep(for: .milliseconds(500))
        }
        try await pipeline.endCatchUp()
        return true
    }

    /// The nodes that are further, the farthest first, with their checkpoints.
    func offers(
        beyond size: UInt64, _ network: NetworkRow?
    ) async -> [(NetworkFile.Peer, SignedCheckpoint)] {
        var offers: [(NetworkFile.Peer, SignedCheckpoint)] = []
        for peer in client.peers {
            guard let text = try? await client.get("/checkpoint", from: peer, limit: 65_536),
                let head = try? SignedCheckpoint(parsing: text), head.checkpoint.size > size
            else { continue }
            offers.append((peer, head))
        }
        return offers.sorted { $0.1.checkpoint.size > $1.1.checkpoint.size }
    }

    func bring(
        _ pipeline: BlockPipeline, to target: SignedCheckpoint, from peer: NetworkFile.Peer
    ) async throws {
        var leaves: [[UInt8]] = []
        var index = await pipeline.end.size
        while index < target.checkpoint.size {
            let bundle = index >> 8
            let width = Tiles.width(level: 0, index: bundle, size: target.checkpoint.size)
            let path = TilePath.entries(index: bundle, width: width).text
            let bytes: [UInt8]
            do {
                bytes = try await client.get("/" + path, from: peer)
            } catch {
                throw PeerFault.unreachable
            }
            guard let entries = EntryBundle.decode(bytes), entries.count == width else { throw PeerFault.badBundle }
            for leaf in entries.dropFirst(Int(index - bundle << 8)) {
                leaves.append(leaf)
                index += 1
                guard leaf.starts(with: "linlian/seal/v1\n".utf8) else { continue }
                try await pipeline.adopt(leaves)
                leaves = []
                try await passBarrier(pipeline, from: peer, end: target)
            }
        }
        guard leaves.isEmpty else { throw PeerFault.badBundle }
        guard try await pipeline.finishCatchUp(target) else { throw PeerFault.notCosigned }
    }

    /// A block that changes who keeps the ledger must be final under the old rule before anything counts under the new one.
    private func passBarrier(
        _ pipeline: BlockPipeline, from peer: NetworkFile.Peer, end target: SignedCheckpoint
    ) async throws {
        let end = await pipeline.end
        guard end.isBarrier, end.size < target.checkpoint.size else { return }
        guard let text = try? await client.get("/api/v1/blocks/\(end.height)/checkpoint", from: peer, limit: 65_536),
            let head = try? SignedCheckpoint(parsing: text), try await pipeline.finishCatchUp(head)
        else { throw PeerFault.notCosigned }
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
