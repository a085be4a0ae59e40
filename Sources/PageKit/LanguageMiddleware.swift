package import Hummingbird

/// Settles the language of every request, and keeps a choice made with `?lang=` in a cookie for a year.
package struct LanguageMiddleware: RouterMiddleware {
    /// Whether pages are served over TLS: only then may the cookie be `Secure`.
    private let secure: Bool

    /// - Parameter secure: whether this site is reached over TLS.
    package init(secure: Bool) { self.secure = secure }

    /// Hands the request on with its language; marks the answer as depending on it.
    @concurrent
    package func handle(
        _ request: Request, context: PageRequestContext,
        next: @concurrent (Request, PageRequestContext) async throws -> Response
    ) async throws -> Response {
        var context = context
        context.language = Language(request: request)
        var response = try await next(request, context)
        if let chosen = Language.chosen(in: request) {
            response.setCookie(
                Cookie(
                    name: "lang", value: chosen.rawValue, maxAge: 31_536_000, path: "/", secure: secure, httpOnly: true,
                    sameSite: .lax))
        }
        return response
    }
}
