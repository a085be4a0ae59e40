import HTTPTypes
package import Hummingbird
import Logging

/// Turns every refusal and failure into an answer people or programs can use: JSON under `/api`, a page elsewhere.
package struct ErrorAnswers: RouterMiddleware {
    private let renderer: PageRenderer
    private let routes: RouteTable

    /// - Parameters:
    ///   - renderer: draws the pages.
    ///   - routes: tells 405 from 404.
    package init(renderer: PageRenderer, routes: RouteTable) {
        self.renderer = renderer
        self.routes = routes
    }

    /// Hands the request on; answers for what it throws.
    @concurrent
    package func handle(
        _ request: Request, context: PageRequestContext,
        next: @concurrent (Request, PageRequestContext) async throws -> Response
    ) async throws -> Response {
        do {
            return try await next(request, context)
        } catch let problem as Problem {
            return answer(refined(problem, request), request, context)
        } catch let error as any HTTPResponseError {
            return answer(refined(Problem(status: error.status), request), request, context)
        } catch is DecodingError {
            return answer(Problem(status: .badRequest), request, context)
        } catch {
            context.logger.error("request failed", metadata: ["error": "\(error)", "path": "\(request.uri.path)"])
            return answer(Problem(status: .internalServerError), request, context)
        }
    }

    /// The answer that tells of `problem`.
    package func answer(_ problem: Problem, _ request: Request, _ context: PageRequestContext) -> Response {
        var response = isForProgram(request) ? json(problem, context) : page(problem, request, context)
        if !problem.allowedMethods.isEmpty {
            response.headers[.allow] = problem.allowedMethods.joined(separator: ", ")
        }
        return response
    }

    private func refined(_ problem: Problem, _ request: Request) -> Problem {
        guard problem.status == .notFound, problem.code == "page.notFound" else { return problem }
        let methods = routes.methods(at: request.uri.path)
        guard !methods.isEmpty, !methods.contains(request.method.rawValue) else { return problem }
        return Problem(.methodNotAllowed, code: "page.methodNotAllowed", allowedMethods: methods)
    }

    private func isForProgram(_ request: Request) -> Bool {
        let path = request.uri.path
        let programs = ["/api", "/tile", "/checkpoint", "/metrics", "/healthz", "/openapi.json"]
        return programs.contains { path == $0 || path.hasPrefix($0 + "/") }
    }

    private func json(_ problem: Problem, _ context: PageRequestContext) -> Response {
        let text = problem.json(renderer.catalog, context.language)
        return Response(
            status: problem.status,
            headers: [
                .contentType: "application/json", .cacheControl: "no-store",
                .contentLanguage: context.language.rawValue,
            ],
            body: ResponseBody(byteBuffer: ByteBuffer(string: text)))
    }

    private func page(_ problem: Problem, _ request: Request, _ context: PageRequestContext) -> Response {
        let message = problem.message(renderer.catalog, context.language)
        var values: [String: Any] = [
            "message": message, "help": problem.help(renderer.catalog, context.language), "code": problem.code,
            "status": String(problem.status.code), "lost": problem.status == .notFound,
        ]
        values["helpPhone"] = renderer.helpPhone
        let page = Page(title: message, templateName: "error", context: values)
        do {
            return try renderer.response(page, request: request, context: context, status: problem.status)
        } catch {
            context.logger.error("error page failed", metadata: ["error": "\(error)"])
            return Response(
                status: problem.status, headers: [.contentType: "text/plain; charset=utf-8"],
                body: ResponseBody(byteBuffer: ByteBuffer(string: message)))
        }
    }
}
