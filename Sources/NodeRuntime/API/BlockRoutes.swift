import Hummingbird
import LedgerCore
import MerkleLog
import PageKit
import Primitives
import Storage

/// Blocks: what was sealed when, and under which checkpoint.
struct BlockRoutes: Sendable {
    let node: Node

    func add(to router: Router<PageRequestContext>) {
        router.get("/api/v1/blocks") { request, _ in try list(request) }
        router.get("/api/v1/blocks/{height}") { _, context in try await one(context) }
        router.get("/api/v1/blocks/{height}/checkpoint") { _, context in try checkpoint(context) }
    }

    private func list(_ request: Request) throws -> Response {
        let limit = try RequestReading.number("limit", request, in: 1...100, standard: 20)
        let top = try RequestReading.number("upTo", request, in: 0...UInt64(Int64.max), standard: UInt64(Int64.max))
        let newest = node.hub.latest?.height ?? 0
        let rows = try node.store.blocks(upTo: min(top, newest), count: Int(limit))
        return Answer.object { fields in
            fields.field("blocks", array: rows) { writer, row in
                writer.object { BlockRoutes.write(row, to: &$0) }
            }
            if let last = rows.last, last.height > 0 { fields.field("next", Int64(clamping: last.height - 1)) }
        }
    }

    /// The first cosigned checkpoint of a log that holds the block.
    private func checkpoint(_ context: PageRequestContext) throws -> Response {
        let height = try RequestReading.number("height", context, missing: "block.unknown")
        guard try node.block(at: height) != nil, let row = try node.store.signedBlock(from: height)
        else { throw Problem(.notFound, code: "block.unknown") }
        return Answer.bytes(row.checkpoint, type: "text/plain; charset=utf-8", cacheControl: CacheControl.revalidate)
    }

    private func one(_ context: PageRequestContext) async throws -> Response {
        let height = try RequestReading.number("height", context, missing: "block.unknown")
        guard let row = try node.block(at: height),
            let seal = try await node.reading(from: row.size - 1, { try node.seal(of: row) })
        else { throw Problem(.notFound, code: "block.unknown") }
        return Answer.object { fields in
            fields.field("checkpoint", String(decoding: row.checkpoint, as: UTF8.self))
            fields.field("entries", Int64(clamping: seal.entryCount))
            fields.field("firstIndex", Int64(clamping: seal.firstEntry))
            BlockRoutes.write(row, to: &fields)
            fields.field("seal", String(decoding: seal.bytes, as: UTF8.self))
        }
    }

    /// `height`, `root`, `size`, `time`, `transactions` of a block.
    static func write(_ row: LedgerStore.BlockRow, to fields: inout JSONWriter) {
        fields.field("height", Int64(clamping: row.height))
        fields.field("root", row.head?.root.hex ?? "")
        fields.field("size", Int64(clamping: row.size))
        fields.field("time", row.time.milliseconds)
        fields.field("transactions", row.transactionCount)
    }
}

extension Node {
    /// The published block at `height`; nil if there is none.
    func block(at height: UInt64) throws -> LedgerStore.BlockRow? {
        guard let latest = hub.latest, height <= latest.height else { return nil }
        return try store.blocks(upTo: height, count: 1).first { $0.height == height }
    }
}
