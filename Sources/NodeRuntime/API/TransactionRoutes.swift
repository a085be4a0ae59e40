import Hummingbird
import LedgerCore
import MerkleLog
import PageKit
import Primitives
import Storage

/// Transactions and their receipts.
struct TransactionRoutes: Sendable {
    let node: Node
    let catalog: MessageCatalog
    let receipts: Receipts
    let intake: TransactionIntake

    func add(to router: Router<PageRequestContext>) {
        router.post(RouterPath(TransactionIntake.path)) { request, _ in try await intake.respond(to: request) }
        router.get(RouterPath(TransactionIntake.path)) { request, _ in
            try await node.reading { try list(request) }
        }
        router.get("/api/v1/transactions/{id}") { _, context in try await one(context) }
        router.get("/api/v1/transactions/{id}/envelope") { _, context in try await envelope(context) }
        router.get("/api/v1/receipts/{id}") { request, context in try await receipt(request, context) }
        router.get("/api/v1/leaves/{index}") { request, context in try await leaf(request, context) }
    }

    private func list(_ request: Request) throws -> Response {
        let limit = try RequestReading.number("limit", request, in: 1...100, standard: 20)
        let before = try RequestReading.number(
            "before", request, in: 0...UInt64(Int64.max), standard: UInt64(Int64.max))
        let page = node.transactions.page(before: Int(clamping: before), count: Int(limit))
        var found: [(id: Digest, leaf: UInt64, outcome: Outcome, type: String, block: LedgerStore.BlockRow)] = []
        for entry in page {
            guard let bytes = try node.store.leaf(entry.leaf), let record = LedgerRecord(bytes, index: entry.leaf),
                let outcome = record.outcome
            else { continue }
            var block = found.last?.block
            if block == nil || !node.contains(entry.leaf, in: block) {
                block = try node.store.block(holding: entry.leaf)
            }
            guard let block else { continue }
            found.append((entry.id, entry.leaf, outcome, record.kind, block))
        }
        return Answer.object { fields in
            if let last = page.last, last.ordinal > 0 { fields.field("next", Int64(last.ordinal)) }
            fields.field("transactions", array: found) { writer, item in
                writer.object { fields in
                    if case .rejected(let code) = item.outcome { fields.field("code", code) }
                    fields.field("height", Int64(clamping: item.block.height))
                    fields.field("id", item.id.hex)
                    fields.field("index", Int64(clamping: item.leaf))
                    fields.field("status", literal: item.outcome == .accepted ? "accepted" : "rejected")
                    fields.field("time", item.block.time.milliseconds)
                    fields.field("type", item.type)
                }
            }
        }
    }

    private func one(_ context: PageRequestContext) async throws -> Response {
        let id = try RequestReading.digest("id", context, missing: "transaction.unknown")
        guard let index = node.transactions.leaf(of: id), let bytes = try await node.leaf(index),
            case .transaction(_, let outcome, let events) = try Leaf(parsing: bytes),
            let block = try node.store.block(holding: index)
        else {
            guard node.outbox.contains(id) else { throw Problem(.notFound, code: "transaction.unknown") }
            var writer = JSONWriter(capacity: 256)
            TransactionJSON(catalog: catalog) { context.language }.write(waiting: id, to: &writer)
            return Answer.json(writer.bytes)
        }
        let refusal = TransactionJSON(catalog: catalog) { context.language }.refusal(outcome)
        return Answer.object { fields in
            if let refusal { fields.field("code", refusal.code) }
            fields.field("events", canonical: events)
            fields.field("final", index < node.hub.latest?.size ?? 0)
            fields.field("height", Int64(clamping: block.height))
            if let refusal { fields.field("help", refusal.help) }
            fields.field("id", id.hex)
            fields.field("index", Int64(clamping: index))
            fields.field("leaf", String(decoding: bytes, as: UTF8.self))
            if let refusal { fields.field("message", refusal.message) }
            fields.field("receipt", "/api/v1/receipts/\(id.hex)")
            fields.field("status", literal: outcome == .accepted ? "accepted" : "rejected")
            fields.field("time", block.time.milliseconds)
        }
    }

    private func envelope(_ context: PageRequestContext) async throws -> Response {
        let id = try RequestReading.digest("id", context, missing: "transaction.unknown")
        guard let index = node.transactions.leaf(of: id), let bytes = try await node.leaf(index),
            case .transaction(let text, _, _) = try Leaf(parsing: bytes)
        else { throw Problem(.notFound, code: "transaction.unknown") }
        var response = Answer.bytes(
            DSSEEnvelope.json(text), type: "application/json", cacheControl: CacheControl.immutable)
        response.headers[.contentDisposition] = "attachment; filename=\"linlian-\(id.hex.prefix(12)).dsse.json\""
        return response
    }

    private func receipt(_ request: Request, _ context: PageRequestContext) async throws -> Response {
        let id = try RequestReading.digest("id", context, missing: "transaction.unknown")
        guard node.status(isFinal: id) else {
            var response = Answer.problem(Problem(.conflict, code: "receipt.notFinal"), catalog, context.language)
            response.headers[.retryAfter] = "1"
            return response
        }
        guard let latest = node.hub.latest, let leaf = node.transactions.leaf(of: id),
            let proof = try await node.reading(
                from: leaf, { try receipts.receipt(ofLeaf: leaf, checkpoint: latest.checkpoint) })
        else { throw Problem(.notFound, code: "transaction.unknown") }
        var response = Answer.bytes(
            request, type: "application/vnd.c2sp.tlog-proof", cacheControl: CacheControl.revalidate,
            tag: "\"\(proof.index)-\(latest.size)\""
        ) { proof.bytes }
        response.headers[.contentDisposition] = "attachment; filename=\"\(Receipts.fileName(id))\""
        return response
    }

    private func leaf(_ request: Request, _ context: PageRequestContext) async throws -> Response {
        let index = try RequestReading.number("index", context, missing: "leaf.unknown")
        guard index < node.hub.latest?.size ?? 0, let bytes = try await node.leaf(index)
        else { throw Problem(.notFound, code: "leaf.unknown") }
        return Answer.bytes(
            request, type: "text/plain; charset=utf-8", cacheControl: CacheControl.immutable, tag: "\"leaf-\(index)\""
        ) { bytes }
    }
}

extension Node {
    /// Whether transaction `id` is final; also true of one that is not known, which is for others to say.
    func status(isFinal id: Digest) -> Bool {
        guard let leaf = transactions.leaf(of: id) else { return !outbox.contains(id) }
        return leaf < hub.latest?.size ?? 0
    }

    /// A leaf, wherever it is; nil beyond the end.
    func leaf(_ index: UInt64) async throws -> [UInt8]? {
        try await reading(from: index) { try store.leaf(index) }
    }

    /// Whether a leaf newer than the block's predecessor is in `block`; nil is never.
    func contains(_ leaf: UInt64, in block: LedgerStore.BlockRow?) -> Bool {
        guard let block, leaf < block.size, let first = try? seal(of: block)?.firstEntry else { return false }
        return leaf >= first
    }

    /// The seal of a stored block; nil if its leaf is missing.
    func seal(of block: LedgerStore.BlockRow) throws -> Seal? {
        guard block.size > 0, let bytes = try store.leaf(block.size - 1),
            case .seal(let seal) = try Leaf(parsing: bytes)
        else { return nil }
        return seal
    }
}
