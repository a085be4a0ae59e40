import Foundation
import Hummingbird
import HummingbirdTesting
import PageKit
import Testing

@Suite("Compression")
struct GzipTests {
    /// What an address answers to a reader who takes `encodings`.
    private func answer(_ encodings: String?) async throws -> (encoding: String?, vary: String?, bytes: [UInt8]) {
        let assets = try Assets(OwnMaterial.assets, digest: Material.digest)
        let address = try #require(assets.address(of: "style.css"))
        let router = Router(context: PageRequestContext.self)
        AssetRoutes(assets).add(to: router)
        return try await Application(router: router).test(.router) { client in
            let headers: HTTPFields = encodings.map { [.acceptEncoding: $0] } ?? [:]
            return try await client.execute(uri: address, method: .get, headers: headers) { response in
                (response.headers[.contentEncoding], response.headers[.vary], Array(buffer: response.body))
            }
        }
    }

    @Test("is given to those who take it", arguments: ["gzip", "deflate, gzip;q=0.5", "br, *", "GZIP"])
    func given(encodings: String) async throws {
        let found = try await answer(encodings)
        #expect(found.encoding == "gzip" && found.vary == "Accept-Encoding")
        #expect(found.bytes.starts(with: [0x1F, 0x8B, 0x08]), "RFC 1952 section 2.3.1")
        let plain = try await answer(nil)
        #expect(found.bytes.count * 3 < plain.bytes.count)
        // The last four bytes are the length of what was compressed.
        let length = found.bytes.suffix(4).reversed().reduce(0) { $0 << 8 | Int($1) }
        #expect(length == plain.bytes.count)
    }

    @Test("is not forced on anybody", arguments: [nil, "", "identity", "gzip;q=0", "*;q=0", "gzip;q=0.000, *", "gzi"])
    func refused(encodings: String?) async throws {
        let found = try await answer(encodings)
        #expect(found.encoding == nil && found.vary == "Accept-Encoding")
        #expect(String(decoding: found.bytes.prefix(2), as: UTF8.self) == "/*")
    }
}
