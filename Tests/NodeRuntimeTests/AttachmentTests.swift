import ContractKit
import HTTPTypes
import Hummingbird
import HummingbirdTesting
import LedgerCore
import NodeRuntime
import Primitives
import Testing

@Suite("Attachments over HTTP")
struct AttachmentTests {
    private func headers(_ claim: AttachmentClaim, by key: SigningKey) throws -> HTTPFields {
        let payload = claim.canonicalJSON
        let line = try DetachedSignature.sign(payload, type: AttachmentClaim.payloadType, with: key)
        var headers: HTTPFields = [:]
        headers[try #require(HTTPField.Name("Linlian-Attachment"))] = Base64.url.encode(payload)
        headers[try #require(HTTPField.Name("Linlian-Signature"))] = line.line
        return headers
    }

    @Test("Staff put public and private content there; only public content is given out, and never as a page")
    func uploads() async throws {
        try await TestNode.with { test in
            let content = Array("minutes,of,the,meeting\n".utf8)
            let digest = CryptoSHA256.hash(content)
            func claim(
                digest: Digest, mediaType: String = "text/csv", notAfter: Int64 = 60_000, isPublic: Bool = true,
                ledger: String = TestNode.origin
            ) -> AttachmentClaim {
                AttachmentClaim(
                    digest: digest, ledger: ledger, mediaType: mediaType,
                    notAfter: test.now.advanced(byMilliseconds: notAfter), isPublic: isPublic)
            }
            let secret = Array("for the committee only".utf8)
            let page = Array("<html>".utf8)
            let refusals: [(HTTPFields, [UInt8], String)] = [
                ([:], content, "attachment.unsigned"),
                (try headers(claim(digest: digest), by: test.resident), content, "account.role"),
                (
                    try headers(claim(digest: digest), by: SigningKey(generating: .es256)), content,
                    "account.unknown"
                ),
                (try headers(claim(digest: digest), by: test.staff), secret, "attachment.digest"),
                (try headers(claim(digest: digest, notAfter: -1), by: test.staff), content, "attachment.expired"),
                (try headers(claim(digest: digest, ledger: "other"), by: test.staff), content, "ledger.wrong"),
                (
                    try headers(claim(digest: CryptoSHA256.hash(page), mediaType: "text/html"), by: test.staff), page,
                    "attachment.mediaType"
                ),
                (
                    try headers(claim(digest: digest, mediaType: "image/png"), by: test.staff), content,
                    "attachment.form"
                ),
            ]
            let good = try headers(claim(digest: digest), by: test.staff)
            let hidden = try headers(
                claim(digest: CryptoSHA256.hash(secret), mediaType: "text/plain", isPublic: false), by: test.staff)
            try await test.api { client in
                func upload(_ headers: HTTPFields, _ bytes: [UInt8]) async throws -> TestResponse {
                    try await client.execute(
                        uri: "/api/v1/attachments", method: .post, headers: headers, body: ByteBuffer(bytes: bytes))
                }
                for (headers, bytes, code) in refusals {
                    let answer = try await upload(headers, bytes)
                    #expect(answer.code == code, "\(answer.string)")
                    #expect((400..<500).contains(answer.status.code), "\(code)")
                }
                #expect(try await client.get("/api/v1/attachments/\(digest.hex)").status == .notFound)
                #expect(try await upload(good, content).status == .ok)
                #expect(try await upload(good, content).status == .ok)
                let answer = try await client.get("/api/v1/attachments/\(digest.hex)")
                #expect(answer.bytes == content)
                #expect(answer.headers[.contentDisposition]?.hasPrefix("attachment") == true)
                #expect(answer.headers[.xContentTypeOptions] == "nosniff")
                #expect(answer.headers[.contentSecurityPolicy]?.contains("sandbox") == true)
                #expect(try await upload(hidden, secret).status == .ok)
                let path = "/api/v1/attachments/\(CryptoSHA256.hash(secret).hex)"
                #expect(try await client.get(path).status == .notFound)
            }
        }
    }
}
