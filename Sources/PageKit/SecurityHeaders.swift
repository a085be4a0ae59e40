package import Hummingbird
import HTTPTypes

/// Puts on every answer the headers that keep foreign code, frames and sniffing out (OWASP secure headers; CSP level 3).
///
/// Pages use no inline script or style, so the policy allows none. A header that a route has set itself is left alone.
package struct SecurityHeaders: RouterMiddleware {
    /// A request context of any kind; the headers do not depend on it.
    package typealias Context = PageRequestContext

    /// The content security policy of every page.
    package static let contentSecurityPolicy =
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
        + "font-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"

    private let fields: [(HTTPField.Name, String)]

    /// - Parameter secure: whether this site is reached over TLS; only then is HSTS sent (RFC 6797 section 7.2).
    package init(secure: Bool) {
        var named: [(String, String)] = [
            ("Content-Security-Policy", Self.contentSecurityPolicy),
            ("X-Content-Type-Options", "nosniff"),
            ("Referrer-Policy", "no-referrer"),
            (
                "Permissions-Policy",
                "camera=(), geolocation=(), microphone=(), payment=(), usb=(), interest-cohort=()"
            ),
            ("Cross-Origin-Opener-Policy", "same-origin"),
            ("Cross-Origin-Resource-Policy", "same-origin"),
            ("X-Frame-Options", "DENY"),
        ]
        if secure { named.append(("Strict-Transport-Security", "max-age=63072000; includeSubDomains")) }
        fields = named.compactMap { name, value in HTTPField.Name(name).map { ($0, value) } }
    }

    /// Hands the request on and adds the headers to its answer.
    @concurrent
    package func handle(
        _ request: Request, context: PageRequestContext,
        next: @concurrent (Request, PageRequestContext) async throws -> Response
    ) async throws -> Response {
        var response = try await next(request, context)
        for (name, value) in fields where response.headers[name] == nil { response.headers[name] = value }
        return response
    }
}
