import Logging
import MerkleLog
import Ordering
import Primitives

extension PeerBlocks {
    /// Most bytes of leaves that are not final: they are held in memory until they are known to lead to the start.
    private static let mostOpen = 64 << 20

    func reach(_ start: OrderStart, _ pipeline: BlockPipeline) async throws {
        if case .taken = try await takeFinal(pipeline) { return }
        let size = await pipeline.finalSize
        for peer in peers {
            do {
                let leaves = try await open(after: size, upTo: start.size, from: peer)
                try await pipeline.adopt(open: leaves, upTo: start)
                return
            } catch let error as PeerFault {
                logger.notice(
                    "blocks that are not final are not taken",
                    metadata: ["peer": "\(peer.party)", "error": "\(error)"])
            }
        }
    }

    /// The leaves of blocks that are not final.
    private func open(
        after size: UInt64, upTo end: UInt64, from peer: NetworkFile.Peer
    ) async throws -> [[UInt8]] {
        var leaves: [[UInt8]] = []
        var bytes = 0
        while size + UInt64(leaves.count) < end {
            let path = PeerRoutes.open(after: size + UInt64(leaves.count))
            guard let answer = try? await fetch(path, peer, PeerClient.largestAnswer)
            else { throw PeerFault.unreachable }
            bytes += answer.count
            guard let part = EntryBundle.decode(answer), !part.isEmpty, bytes <= PeerBlocks.mostOpen
            else { throw PeerFault.badBundle }
            leaves += part.prefix(Int(clamping: end - size - UInt64(leaves.count)))
        }
        return leaves
    }
}
