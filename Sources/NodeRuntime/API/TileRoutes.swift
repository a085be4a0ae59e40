import HTTPTypes
import Hummingbird
import MerkleLog
import PageKit
import Primitives

/// The read interface of C2SP tlog-tiles, and the policy that says whose signatures count.
struct TileRoutes: Sendable {
    let node: Node
    let tiles: LedgerTiles

    func add(to router: Router<PageRequestContext>) {
        router.get("/checkpoint") { request, _ in try checkpoint(request) }
        router.get("/tile/**") { request, _ in try await tile(request) }
        router.get("/policy") { request, _ in
            // The parties may change it at any time.
            let policy = try node.policy()
            return Answer.bytes(
                request, type: "text/plain; charset=utf-8", cacheControl: CacheControl.revalidate,
                tag: EntityTag.weak(String(decoding: policy, as: UTF8.self))
            ) { policy }
        }
    }

    private func checkpoint(_ request: Request) throws -> Response {
        guard let latest = node.hub.latest else { throw Problem(.notFound, code: "ledger.empty") }
        // More parties may cosign the same size, so the text itself is the validator.
        return Answer.bytes(
            request, type: "text/plain; charset=utf-8", cacheControl: CacheControl.short,
            tag: EntityTag.weak(String(decoding: latest.checkpoint, as: UTF8.self))
        ) { latest.checkpoint }
    }

    private func tile(_ request: Request) async throws -> Response {
        let path = request.uri.path
        let size = node.hub.latest?.size ?? 0
        switch TilePath(String(path.dropFirst())) {
        case .tile(let level, let index, let width):
            guard Tiles.width(level: level, index: index, size: size) >= width else { throw Self.missing }
            return try answer(request, tag: "\"\(level)-\(index)-\(width)\"", width: width) {
                try tiles.tile(level: level, index: index, width: width)
            }
        case .entries(let index, let width):
            guard Tiles.width(level: 0, index: index, size: size) >= width else { throw Self.missing }
            return try await node.reading(from: index << 8) {
                try entries(request, index, width)
            }
        case nil: throw Self.missing
        }
    }

    private func entries(_ request: Request, _ index: UInt64, _ width: Int) throws -> Response {
        return try answer(request, tag: "\"e-\(index)-\(width)\"", width: width) {
            let entries = try tiles.entries(index: index, width: width)
            guard entries.count == width, let bundle = EntryBundle.encode(entries)
            else { throw Problem(status: .internalServerError) }
            return bundle
        }
    }

    private func answer(
        _ request: Request, tag: String, width: Int, _ content: () throws -> [UInt8]
    ) throws -> Response {
        try Answer.bytes(
            request, type: "application/octet-stream",
            cacheControl: width == Tiles.width ? CacheControl.immutable : CacheControl.partial, tag: tag, content)
    }

    private static let missing = Problem(.notFound, code: "tile.unknown")
}
