import LedgerCore
import NodeRuntime
import Primitives
import Testing

/// The examples that Amazon publishes ("Signature Calculations for the Authorization Header: Transferring Payload in a
/// Single Chunk").
@Suite("Signatures for object stores")
struct S3SignatureTests {
    private static let signature = S3Signature(
        keyID: "AKIAIOSFODNN7EXAMPLE", secret: "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY", region: "us-east-1")
    /// 2013-05-24T00:00:00Z.
    private static let time = Instant(milliseconds: 1_369_353_600_000)
    private static let host = "examplebucket.s3.amazonaws.com"

    private static func request(_ method: String, _ path: String, _ body: String = "") -> S3Signature.Request {
        S3Signature.Request(method: method, host: host, path: path, payload: CryptoSHA256.hash(Array(body.utf8)))
    }

    private func authorization(_ request: S3Signature.Request, _ key: S3Signature = signature) -> String? {
        key.headers(for: request, at: S3SignatureTests.time).first { $0.name == "authorization" }?.value
    }

    private static let scope = "AWS4-HMAC-SHA256 Credential=AKIAIOSFODNN7EXAMPLE/20130524/us-east-1/s3/aws4_request"

    @Test("a GET with a range")
    func get() {
        var request = S3SignatureTests.request("GET", "/test.txt")
        request.headers = [("Range", "bytes=0-9")]
        #expect(
            authorization(request)
                == S3SignatureTests.scope + ",SignedHeaders=host;range;x-amz-content-sha256;x-amz-date"
                + ",Signature=f0e8bdb87c964420e857bd35b5d6ed310bd44f0170aba48dd91039c6036bdb41")
    }

    @Test("a PUT, with a name that is encoded")
    func put() {
        var request = S3SignatureTests.request("PUT", "/test$file.text", "Welcome to Amazon S3.")
        request.headers = [("Date", "Fri, 24 May 2013 00:00:00 GMT"), ("x-amz-storage-class", "REDUCED_REDUNDANCY")]
        #expect(
            authorization(request)
                == S3SignatureTests.scope
                + ",SignedHeaders=date;host;x-amz-content-sha256;x-amz-date;x-amz-storage-class"
                + ",Signature=98ad721746da40c64f1a55b78f14c238d841ea1380cd77a1b5971af0ece108bd")
        #expect(S3Signature.target(request) == "/test%24file.text")
    }

    @Test("queries, with and without values")
    func queries() {
        var request = S3SignatureTests.request("GET", "/")
        request.query = [("lifecycle", "")]
        let names = ",SignedHeaders=host;x-amz-content-sha256;x-amz-date"
        #expect(
            authorization(request) == S3SignatureTests.scope + names
                + ",Signature=fea454ca298b7da1c68078a5d1bdbfbbe0d65c699e0f91ac7a200a0136783543")
        request.query = [("prefix", "J"), ("max-keys", "2")]
        #expect(
            authorization(request) == S3SignatureTests.scope + names
                + ",Signature=34b48302e7b5fa45bde8084f4b7868a86f0a534bc59db6670ed5711ef69dc6f7")
    }

    @Test("a session's token is signed, and every part of a request counts")
    func parts() {
        let request = S3SignatureTests.request("GET", "/a")
        let session = S3Signature(
            keyID: "AKIAIOSFODNN7EXAMPLE", secret: "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY", sessionToken: "token",
            region: "us-east-1")
        #expect(authorization(request, session)?.contains("x-amz-date;x-amz-security-token,") == true)
        var others = [S3SignatureTests.request("PUT", "/a"), S3SignatureTests.request("GET", "/b")]
        others.append(S3SignatureTests.request("GET", "/a", "body"))
        var elsewhere = request
        elsewhere.host = "example.org"
        others.append(elsewhere)
        for other in others { #expect(authorization(other) != authorization(request)) }
        let later = S3SignatureTests.signature.headers(
            for: request, at: S3SignatureTests.time.advanced(byMilliseconds: 1_000))
        #expect(later.first { $0.name == "authorization" }?.value != authorization(request))
    }
}
