import HTTPTypes
import Hummingbird
import MerkleLog
import PageKit
import Storage

/// What a node answers other parties' nodes and nobody else: what it has executed that is not final. It may be taken back,
/// so it is never public.
struct PeerRoutes: Sendable {
    let node: Node

    /// How all their addresses begin.
    static let prefix = "/api/v1/peer/"

    /// Where the leaves that are not final are, from a size on.
    static func open(after size: UInt64) -> String { "\(prefix)open?after=\(size)" }

    func add(to router: Router<PageRequestContext>) {
        router.get("\(PeerRoutes.prefix)tip") { _, _ in
            guard let tip = await node.tip else { throw Problem(.notFound, code: "ledger.empty") }
            return Answer.bytes(tip.text, type: "text/plain; charset=utf-8", cacheControl: CacheControl.revalidate)
        }
        router.get("\(PeerRoutes.prefix)open") { request, _ in try open(request) }
    }

    private func open(_ request: Request) throws -> Response {
        let most = UInt64(Int64.max)
        let size = try RequestReading.number("after", request, in: 0...most, standard: most)
        guard let final = node.hub.latest, size >= final.size else { throw Problem(.notFound, code: "leaf.unknown") }
        guard let bytes = EntryBundle.encode(try node.store.leaves(from: size, count: Tiles.width))
        else { throw Problem(.notFound, code: "leaf.unknown") }
        return Answer.bytes(bytes, type: "application/octet-stream", cacheControl: CacheControl.revalidate)
    }
}
