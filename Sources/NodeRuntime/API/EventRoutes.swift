import HTTPTypes
import Hummingbird
import MerkleLog
import PageKit
import Primitives
import ServiceLifecycle
import Storage

/// `GET /api/v1/events`: a server-sent event for each block (HTML Living Standard, section 9.2).
///
/// A reader that comes back with `Last-Event-ID` gets the blocks it missed, at most `mostReplayed`; a slow reader misses
/// blocks in between, which it sees from the heights.
struct EventRoutes: Sendable {
    /// Most blocks sent again.
    private static let mostReplayed: UInt64 = 200
    /// A comment is sent this often, so that intermediaries keep the connection and a reader that left is noticed.
    private static let heartbeat = Duration.seconds(15)

    private enum Signal: Sendable {
        case block(BlockNotice)
        case tick
    }

    let node: Node

    func add(to router: Router<PageRequestContext>) {
        router.get("/api/v1/events") { request, _ in try stream(request) }
    }

    private func stream(_ request: Request) throws -> Response {
        var missed: [BlockNotice] = []
        if let name = HTTPField.Name("Last-Event-ID"), let text = request.headers[name] {
            guard let last = ASCIIDecimal.parse(Array(text.utf8)[...], maximum: UInt64(Int64.max))
            else { throw Problem(.badRequest, code: "query.number", field: "Last-Event-ID") }
            missed = try blocks(after: last)
        }
        guard let blocks = node.hub.listen() else {
            throw Problem(.serviceUnavailable, code: "node.tooManyListeners")
        }
        let replayed = missed
        return Response(
            status: .ok,
            headers: [.contentType: "text/event-stream", .cacheControl: "no-store", .xContentTypeOptions: "nosniff"],
            body: ResponseBody { writer in
                try await writer.write(ByteBuffer(string: "retry: 2000\n\n"))
                for block in replayed { try await writer.write(EventRoutes.event(block)) }
                try await EventRoutes.follow(blocks, after: replayed.last?.height, to: &writer)
                try await writer.finish(nil)
            })
    }

    @concurrent
    private static func follow(
        _ blocks: AsyncStream<BlockNotice>, after height: UInt64?, to writer: inout any ResponseBodyWriter
    ) async throws {
        let (signals, continuation) = AsyncStream.makeStream(of: Signal.self, bufferingPolicy: .bufferingNewest(64))
        let forward = Task {
            for await block in blocks { continuation.yield(.block(block)) }
            continuation.finish()
        }
        let tick = Task {
            while !Task.isCancelled {
                try await Task.sleep(for: heartbeat)
                continuation.yield(.tick)
            }
        }
        defer {
            forward.cancel()
            tick.cancel()
        }
        // A server that is asked to stop must not wait for readers who would stay for ever.
        for await signal in signals.cancelOnGracefulShutdown() {
            switch signal {
            case .block(let block):
                if let height, block.height <= height { continue }
                try await writer.write(event(block))
            case .tick: try await writer.write(ByteBuffer(string: ": still here\n\n"))
            }
        }
    }

    private func blocks(after height: UInt64) throws -> [BlockNotice] {
        guard let latest = node.hub.latest, latest.height > height else { return [] }
        let count = min(latest.height - height, EventRoutes.mostReplayed)
        return try node.store.blocks(upTo: latest.height, count: Int(count)).reversed().map { row in
            BlockNotice(
                height: row.height, time: row.time, size: row.size, transactionCount: row.transactionCount,
                root: row.head?.root ?? .zero, checkpoint: row.checkpoint)
        }
    }

    private static func event(_ block: BlockNotice) -> ByteBuffer {
        var writer = JSONWriter(capacity: 192)
        writer.object { fields in
            fields.field("height", Int64(clamping: block.height))
            fields.field("root", block.root.hex)
            fields.field("size", Int64(clamping: block.size))
            fields.field("time", block.time.milliseconds)
            fields.field("transactions", block.transactionCount)
        }
        var buffer = ByteBuffer(string: "id: \(block.height)\nevent: block\ndata: ")
        buffer.writeBytes(writer.bytes)
        buffer.writeString("\n\n")
        return buffer
    }
}
