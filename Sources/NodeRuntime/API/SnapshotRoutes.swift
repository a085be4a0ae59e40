import HTTPTypes
import Hummingbird
import PageKit
import Storage

/// The newest snapshot of the state, for a node that joins: all of it follows from the public log, and is believed by the
/// state root of a seal alone.
struct SnapshotRoutes: Sendable {
    let node: Node

    func add(to router: Router<PageRequestContext>) {
        router.get("/api/v1/snapshot") { request, _ in try extent(request) }
        router.get("/api/v1/snapshot/rows") { request, _ in try rows(request) }
    }

    private func extent(_ request: Request) throws -> Response {
        guard let extent = try node.snapshots.extent(), extent.rows > 0
        else { throw Problem(.notFound, code: "snapshot.none") }
        return Answer.bytes(
            SnapshotExtent(height: extent.height, rows: extent.rows).text, type: "text/plain; charset=utf-8",
            cacheControl: CacheControl.revalidate)
    }

    private func rows(_ request: Request) throws -> Response {
        let most = UInt64(Int64.max)
        let end = try RequestReading.number("upTo", request, in: 0...most, standard: most)
        let after = try RequestReading.number("after", request, in: 0...most, standard: 0)
        guard let extent = try node.snapshots.extent(), after < min(end, extent.rows)
        else { throw Problem(.notFound, code: "snapshot.none") }
        return Answer.bytes(
            try node.snapshots.text(after: after, upTo: min(end, extent.rows), bytes: SnapshotPaths.part),
            type: "application/octet-stream", cacheControl: CacheControl.revalidate)
    }
}
