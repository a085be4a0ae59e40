import struct Crypto.HMAC
import struct Crypto.SHA256
import struct Crypto.SymmetricKey
import LedgerCore
import PageKit
package import Primitives

/// AWS Signature Version 4 for S3: what every S3-compatible object store asks of a request
/// (docs.aws.amazon.com, "Authenticating Requests: Using the Authorization Header").
package struct S3Signature: Sendable {
    /// The access key's id; not secret.
    package let keyID: String
    /// The region that the bucket is in.
    package let region: String
    private let secret: String
    private let sessionToken: String?

    /// Signs with this access key.
    package init(keyID: String, secret: String, sessionToken: String? = nil, region: String) {
        self.keyID = keyID
        self.secret = secret
        self.sessionToken = sessionToken
        self.region = region
    }

    /// A request before it is signed.
    package struct Request: Sendable {
        /// `GET`, `PUT` or `DELETE`.
        package var method: String
        /// `host[:port]`, as the `Host` header says it.
        package var host: String
        /// The path, not encoded, with its leading slash.
        package var path: String
        /// Names and values of the query, not encoded.
        package var query: [(name: String, value: String)] = []
        /// Further headers to be signed.
        package var headers: [(name: String, value: String)] = []
        /// SHA-256 of the body.
        package var payload: Digest

        /// A request.
        package init(method: String, host: String, path: String, payload: Digest) {
            self.method = method
            self.host = host
            self.path = path
            self.payload = payload
        }
    }

    /// All headers of the signed request: `Host`, the given ones, `x-amz-…` and `Authorization`.
    package func headers(for request: Request, at time: Instant) -> [(name: String, value: String)] {
        let moment = S3Signature.moment(time)
        let scope = "\(moment.prefix(8))/\(region)/s3/aws4_request"
        var headers = request.headers.map { ($0.name.lowercased(), $0.value) }
        headers += [("host", request.host), ("x-amz-content-sha256", request.payload.hex), ("x-amz-date", moment)]
        if let sessionToken { headers.append(("x-amz-security-token", sessionToken)) }
        headers.sort { $0.0 < $1.0 }
        let names = headers.map(\.0).joined(separator: ";")
        let query = request.query.map { (S3Signature.encoded($0.name), S3Signature.encoded($0.value)) }.sorted(by: <)
        let canonical = [
            request.method, S3Signature.encoded(request.path, keeping: "/"),
            query.map { "\($0)=\($1)" }.joined(separator: "&"),
            headers.map { "\($0):\($1)\n" }.joined(), names, request.payload.hex,
        ].joined(separator: "\n")
        let text = "AWS4-HMAC-SHA256\n\(moment)\n\(scope)\n\(CryptoSHA256.hash(Array(canonical.utf8)).hex)"
        var key = Array("AWS4\(secret)".utf8)
        for part in [String(moment.prefix(8)), region, "s3", "aws4_request"] {
            key = S3Signature.code(part, key)
        }
        let signature = Hex.encode(S3Signature.code(text, key))
        headers.append(
            (
                "authorization",
                "AWS4-HMAC-SHA256 Credential=\(keyID)/\(scope),SignedHeaders=\(names),Signature=\(signature)"
            ))
        return headers
    }

    /// The path and query of a request as they are sent.
    package static func target(_ request: Request) -> String {
        let query = request.query.map { "\(encoded($0.name))=\(encoded($0.value))" }.joined(separator: "&")
        return encoded(request.path, keeping: "/") + (query.isEmpty ? "" : "?\(query)")
    }

    /// Percent-encodes all but RFC 3986's unreserved characters, as the signature prescribes.
    private static func encoded(_ text: String, keeping kept: String = "") -> String {
        let plain = Set("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~\(kept)".utf8)
        var bytes: [UInt8] = []
        for byte in text.utf8 {
            if plain.contains(byte) {
                bytes.append(byte)
            } else {
                bytes.append(UInt8(ascii: "%"))
                bytes.append(contentsOf: Hex.encode([byte]).uppercased().utf8)
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    /// `20130524T000000Z`.
    private static func moment(_ time: Instant) -> String {
        let text = CalendarTime(milliseconds: time.milliseconds, offsetMinutes: 0).machineText(offsetMinutes: 0)
        return text.prefix(19).filter { $0 != "-" && $0 != ":" } + "Z"
    }

    private static func code(_ text: String, _ key: [UInt8]) -> [UInt8] {
        Array(HMAC<SHA256>.authenticationCode(for: Array(text.utf8), using: SymmetricKey(data: key)))
    }
}
