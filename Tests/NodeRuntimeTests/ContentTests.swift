import HTTPTypes
import Hummingbird
import HummingbirdTesting
import LedgerCore
import NodeRuntime
import PageKit
import Primitives
import Testing

@Suite("Texts beside the ledger")
struct ContentTests {
    /// A module that knows some digests.
    private struct Notes: AppModule {
        let name = "notes"
        let messages: [MessageSource] = []
        let templates: [TemplateSource] = []
        let navigation: [NavigationEntry] = []
        let known: [Digest: ContentStanding]

        func standing(ofContent digest: Digest, _ environment: AppEnvironment) throws -> ContentStanding? {
            known[digest]
        }

        func addRoutes(to router: Router<PageRequestContext>, _ environment: AppEnvironment) {}
    }

    private static let salt = "AAAAAAAAAAAAAAAAAAAAAA"

    private func bytes(_ text: String, salt: String = ContentTests.salt) -> [UInt8] { Array("\(salt)\n\(text)".utf8) }

    private func path(_ content: [UInt8]) -> String { "/api/v1/contents/\(CryptoSHA256.hash(content).hex)" }

    @Test("Only what a module knows is taken, and only what is not masked is read")
    func bringing() async throws {
        let shown = bytes("the lift is out of order")
        let masked = bytes("something unkind")
        let stranger = bytes("nobody asked for this")
        let phone = bytes("call 13800138000")
        let bare = Array("no random line before it".utf8)
        let known: [Digest: ContentStanding] = [
            CryptoSHA256.hash(shown): .shown, CryptoSHA256.hash(masked): .masked, CryptoSHA256.hash(phone): .shown,
            CryptoSHA256.hash(bare): .shown,
        ]
        try await TestNode.with { test in
            try await test.api(modules: [Notes(known: known)]) { client in
                func put(_ content: [UInt8], at path: String) async throws -> TestResponse {
                    try await client.execute(uri: path, method: .put, body: ByteBuffer(bytes: content))
                }
                #expect(try await client.get(path(shown)).status == .notFound)
                for _ in 0..<2 { #expect(try await put(shown, at: path(shown)).status == .ok) }
                let read = try await client.get(path(shown))
                #expect(read.bytes == shown)
                #expect(read.headers[.cacheControl] == "no-store")
                #expect(read.headers[.contentSecurityPolicy]?.contains("sandbox") == true)
                #expect(try await put(masked, at: path(masked)).status == .ok)
                #expect(try await client.get(path(masked)).code == "content.unknown")

                let refusals: [([UInt8], String, HTTPResponse.Status, String)] = [
                    (stranger, path(stranger), .conflict, "content.unknown"),
                    (stranger, path(shown), .unprocessableContent, "content.digest"),
                    (phone, path(phone), .unprocessableContent, "content.personalData"),
                    (bare, path(bare), .unprocessableContent, "content.form"),
                    (shown, "/api/v1/contents/ABC", .notFound, "content.unknown"),
                    ([UInt8](repeating: 97, count: 16_385), path(shown), .contentTooLarge, "content.size"),
                ]
                for (content, path, status, code) in refusals {
                    let answer = try await put(content, at: path)
                    #expect(answer.code == code, "\(answer.string)")
                    #expect(answer.status == status, "\(code)")
                }
            }
        }
    }

    @Test("A text can be tried before its digest is signed")
    func trying() async throws {
        try await TestNode.with { test in
            try await test.api { client in
                func check(_ content: [UInt8]) async throws -> TestResponse {
                    try await client.post(content, type: "text/plain", to: "/api/v1/contents/check")
                }
                #expect(try await check(Array("the lift is out of order".utf8)).status == .noContent)
                let refused = try await check(Array("call 138 0013 8000".utf8))
                #expect(refused.status == .unprocessableContent)
                #expect(refused.code == "content.personalData")
                #expect(try await check([0xFF]).code == "content.form")
            }
        }
    }
}
