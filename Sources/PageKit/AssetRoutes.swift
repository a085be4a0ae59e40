import HTTPTypes
package import Hummingbird

/// Serves the files pages link to.
package struct AssetRoutes: Sendable {
    private let assets: Assets

    /// Routes to `assets`.
    package init(_ assets: Assets) { self.assets = assets }

    /// Adds `GET /assets/{name}`, `/favicon.ico` and `/favicon.svg`.
    package func add(to router: Router<PageRequestContext>) {
        router.get("/assets/{name}") { request, context in
            guard let name = context.parameters.get("name"), let file = assets.file(at: name) else {
                throw Problem.notFound
            }
            return Self.response(file, request, cacheControl: "public, max-age=31536000, immutable")
        }
        for path in ["/favicon.ico", "/favicon.svg"] {
            router.get(RouterPath(path)) { request, _ in
                guard let address = assets.address(of: "favicon.svg"),
                    let file = assets.file(at: String(address.dropFirst("/assets/".count)))
                else { throw Problem.notFound }
                return Self.response(file, request, cacheControl: "public, max-age=86400")
            }
        }
    }

    private static func response(_ file: Assets.Served, _ request: Request, cacheControl: String) -> Response {
        var headers: HTTPFields = [
            .contentType: file.mediaType, .cacheControl: cacheControl, .vary: "Accept-Encoding",
        ]
        var bytes = file.bytes
        if let compressed = file.compressed, Gzip.isAccepted(request) {
            headers[.contentEncoding] = "gzip"
            bytes = compressed
        }
        return Response(status: .ok, headers: headers, body: ResponseBody(byteBuffer: ByteBuffer(bytes: bytes)))
    }
}
