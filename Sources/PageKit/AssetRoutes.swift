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
            return Self.response(file, cacheControl: "public, max-age=31536000, immutable")
        }
        for path in ["/favicon.ico", "/favicon.svg"] {
            router.get(RouterPath(path)) { _, _ in
                guard let address = assets.address(of: "favicon.svg"),
                    let file = assets.file(at: String(address.dropFirst("/assets/".count)))
                else { throw Problem.notFound }
                return Self.response(file, cacheControl: "public, max-age=86400")
            }
        }
    }

    private static func response(_ file: Assets.Served, cacheControl: String) -> Response {
        Response(
            status: .ok, headers: [.contentType: file.mediaType, .cacheControl: cacheControl],
            body: ResponseBody(byteBuffer: ByteBuffer(bytes: file.bytes)))
    }
}
