import HTTPTypes
import Hummingbird
import LedgerCore
import PageKit
import Primitives
import Storage
import Synchronization

/// Attachments: content beside the ledger, found by its SHA-256. Staff put it there; anyone reads what is public.
struct AttachmentRoutes: Sendable {
    /// Most uploads at a time: each holds its content in memory.
    private static let mostUploads = 8

    private final class Counter: Sendable {
        let value = Mutex(0)
    }

    private let node: Node
    private let catalog: MessageCatalog
    private let supply: ContentSupply
    private let uploads = Counter()

    init(node: Node, catalog: MessageCatalog, supply: ContentSupply) {
        self.node = node
        self.catalog = catalog
        self.supply = supply
    }

    func add(to router: Router<PageRequestContext>) {
        router.post("/api/v1/attachments") { request, _ in
            do {
                return try await upload(request)
            } catch {
                throw ReasonStatus.problem(node: error)
            }
        }
        router.get("/api/v1/attachments/{digest}") { request, context in try await content(request, context) }
    }

    private func upload(_ request: Request) async throws -> Response {
        guard let payload = Self.header("Linlian-Attachment", request),
            let signature = Self.header("Linlian-Signature", request)
        else { throw Problem(.unauthorized, code: "attachment.unsigned") }
        // Everything that can be refused is refused before the content is read.
        let claim = try AttachmentClaim.check(payload: payload, signature: signature, node: node)
        guard AttachmentStore.mediaTypes.contains(claim.mediaType)
        else { throw Problem(.unsupportedMediaType, code: "attachment.mediaType", field: "mediaType") }
        let mayStart = uploads.value.withLock { count in
            guard count < Self.mostUploads else { return false }
            count += 1
            return true
        }
        guard mayStart else { throw Problem(.serviceUnavailable, code: "node.busy") }
        defer { uploads.value.withLock { $0 -= 1 } }
        let bytes = try await RequestReading.body(request, limit: AttachmentStore.largest, code: "attachment.size")
        guard CryptoSHA256.hash(bytes) == claim.digest
        else { throw Problem(.unprocessableContent, code: "attachment.digest", field: "digest") }
        _ = try node.attachments.put(bytes, mediaType: claim.mediaType, isPublic: claim.isPublic)
        return Answer.object { fields in
            fields.field("digest", claim.digest.hex)
            fields.field("mediaType", claim.mediaType)
            fields.field("public", claim.isPublic)
            fields.field("size", bytes.count)
        }
    }

    private func content(_ request: Request, _ context: PageRequestContext) async throws -> Response {
        let digest = try RequestReading.digest("digest", context, missing: "attachment.unknown")
        if try !node.attachments.holds(digest), !RequestReading.asksForHeld(request) { _ = await supply.file(digest) }
        guard let found = try node.attachments.find(digest), found.isPublic
        else { throw Problem(.notFound, code: "attachment.unknown") }
        var response = Answer.bytes(
            request, type: found.mediaType, cacheControl: CacheControl.immutable, tag: "\"\(digest.hex)\""
        ) { found.bytes }
        // Someone else's file: never shown as part of this site.
        response.headers[.contentDisposition] = "attachment; filename=\"\(digest.hex.prefix(12))\""
        response.headers[.contentSecurityPolicy] = "default-src 'none'; sandbox"
        return response
    }

    private static func header(_ name: String, _ request: Request) -> String? {
        HTTPField.Name(name).flatMap { request.headers[$0] }
    }
}
