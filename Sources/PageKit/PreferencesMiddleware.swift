package import Hummingbird

/// Settles how a request wants its page: language and reading mode. A choice made with `?lang=` or `?reading=` is kept in
/// a cookie on the device for a year.
package struct PreferencesMiddleware: RouterMiddleware {
    /// Whether pages are served over TLS: only then may the cookies be `Secure`.
    private let secure: Bool

    /// - Parameter secure: whether this site is reached over TLS.
    package init(secure: Bool) { self.secure = secure }

    /// Hands the request on with its preferences and keeps what it chose.
    @concurrent
    package func handle(
        _ request: Request, context: PageRequestContext,
        next: @concurrent (Request, PageRequestContext) async throws -> Response
    ) async throws -> Response {
        var context = context
        context.language = Language(request: request)
        context.reading = ReadingMode(request: request)
        var response = try await next(request, context)
        if let chosen = Language.chosen(in: request) { keep("lang", chosen.rawValue, in: &response) }
        if let chosen = ReadingMode.chosen(in: request) { keep("reading", chosen.rawValue, in: &response) }
        return response
    }

    private func keep(_ name: String, _ value: String, in response: inout Response) {
        response.setCookie(
            Cookie(
                name: name, value: value, maxAge: 31_536_000, path: "/", secure: secure, httpOnly: true, sameSite: .lax)
        )
    }
}
