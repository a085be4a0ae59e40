import HTTPTypes
import Hummingbird
import LedgerCore
import PageKit
import Primitives
import Storage

/// Texts kept beside the ledger: residents and staff write them, the ledger knows their SHA-256, and they can be masked
/// without breaking a proof. Whoever holds a text that the ledger names may bring it; nobody can bring anything else.
struct ContentRoutes: Sendable {
    /// Largest content in bytes.
    static let largest = 16_384
    /// Characters of the random first line, which keeps others from trying texts against the digest: 16 bytes.
    private static let saltLength = 22

    let node: Node
    let modules: [any AppModule]
    let environment: AppEnvironment
    let supply: ContentSupply

    func add(to router: Router<PageRequestContext>) {
        router.put("/api/v1/contents/{digest}") { request, context in
            do {
                return try await bring(request, context)
            } catch {
                throw ReasonStatus.problem(node: error)
            }
        }
        router.get("/api/v1/contents/{digest}") { request, context in try await content(request, context) }
        router.post("/api/v1/contents/check") { request, _ in
            let bytes = try await RequestReading.body(request, limit: Self.largest, code: "content.size")
            guard UTF8Text.isWellFormed(bytes) else { throw Problem(.unprocessableContent, code: "content.form") }
            try Self.screen(bytes)
            return Response(status: .noContent, headers: [.cacheControl: "no-store"])
        }
    }

    private func bring(_ request: Request, _ context: PageRequestContext) async throws -> Response {
        let digest = try RequestReading.digest("digest", context, missing: "content.unknown")
        let bytes = try await RequestReading.body(request, limit: Self.largest, code: "content.size")
        guard CryptoSHA256.hash(bytes) == digest
        else { throw Problem(.unprocessableContent, code: "content.digest", field: "digest") }
        try Self.check(bytes)
        guard try await standing(digest) != nil else { throw Problem(.conflict, code: "content.unknown") }
        try environment.beside.keep(bytes)
        return Answer.object { fields in
            fields.field("digest", digest.hex)
            fields.field("size", bytes.count)
        }
    }

    private func content(_ request: Request, _ context: PageRequestContext) async throws -> Response {
        let digest = try RequestReading.digest("digest", context, missing: "content.unknown")
        guard case .shown = try await standing(digest), let bytes = try await held(digest, request)
        else { throw Problem(.notFound, code: "content.unknown") }
        // Never kept: what is masked must be gone at once.
        var response = Answer.bytes(bytes, type: "text/plain; charset=utf-8", cacheControl: "no-store")
        response.headers[.contentSecurityPolicy] = "default-src 'none'; sandbox"
        return response
    }

    /// The content, brought from another node if it is not here; but not for a node that asks.
    private func held(_ digest: Digest, _ request: Request) async throws -> [UInt8]? {
        if let bytes = try environment.beside.content(digest) { return bytes }
        guard !RequestReading.asksForHeld(request), await supply.text(digest), case .shown = try known(digest) else {
            return nil
        }
        return try environment.beside.content(digest)
    }

    /// How the ledger knows the content. An act that was final a moment ago may not have reached the read models yet.
    private func standing(_ digest: Digest) async throws -> ContentStanding? {
        if let found = try known(digest) { return found }
        try await node.catchUpReadModels()
        return try known(digest)
    }

    /// Masked by one module is masked for all.
    private func known(_ digest: Digest) throws -> ContentStanding? {
        var found: ContentStanding?
        for module in modules {
            switch try module.standing(ofContent: digest, environment) {
            case .masked: return .masked
            case .shown: found = .shown
            case nil: continue
            }
        }
        return found
    }

    /// Refuses what is no content: without the random first line, not UTF-8, or with personal data.
    static func check(_ bytes: [UInt8]) throws {
        guard let text = text(of: bytes), UTF8Text.isWellFormed(bytes)
        else { throw Problem(.unprocessableContent, code: "content.form") }
        try screen(Array(text))
    }

    /// What follows the random first line; nil if there is no such line, or nothing after it.
    private static func text(of bytes: [UInt8]) -> ArraySlice<UInt8>? {
        guard bytes.count > saltLength + 1, bytes[saltLength] == UInt8(ascii: "\n"),
            Base64.url.decode(String(decoding: bytes[..<saltLength], as: UTF8.self))?.count == 16
        else { return nil }
        return bytes[(saltLength + 1)...]
    }

    private static func screen(_ text: [UInt8]) throws {
        if PersonalDataScreen.find(in: text) != nil {
            throw Problem(.unprocessableContent, code: "content.personalData", field: "text")
        }
    }
}
