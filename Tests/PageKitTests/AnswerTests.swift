import HTTPTypes
import Hummingbird
import HummingbirdTesting
import PageKit
import Testing

@Suite("Answers")
struct AnswerTests {
    private struct Broken: Error {}

    private func site(secure: Bool = false) throws -> some ApplicationProtocol {
        let renderer = try Material.renderer(secure: secure)
        let router = Router(context: PageRequestContext.self)
        let routes = RouteTable()
        router.add(middleware: SecurityHeaders(secure: secure))
        router.add(middleware: PreferencesMiddleware(secure: secure))
        router.add(middleware: ErrorAnswers(renderer: renderer, routes: routes))
        AssetRoutes(try Assets(OwnMaterial.assets, digest: Material.digest)).add(to: router)
        router.get("/") { request, context in
            try renderer.response(
                Page(title: "x", templateName: "home"), request: request, context: context)
        }
        router.get("/sign") { request, context in
            try renderer.response(
                Page(title: "x", templateName: "enrol", scripts: ["enrol.js"], signs: true), request: request,
                context: context)
        }
        router.get("/broken") { _, _ -> String in throw Broken() }
        router.get("/api/broken") { _, _ -> String in throw Broken() }
        router.post("/api/v1/items/{id}") { request, context -> String in
            _ = try await request.body.collect(upTo: 8)
            throw Problem(.badRequest, code: "registry.codeUsed", field: "body.code")
        }
        router.get("/api/v1/large") { _, _ -> String in throw HTTPError(.contentTooLarge) }
        routes.fill(from: router)
        return Application(router: router)
    }

    @Test(
        "every answer carries the security headers",
        arguments: ["/", "/nowhere", "/broken", "/api/nowhere", "/favicon.svg"])
    func securityHeaders(path: String) async throws {
        try await site(secure: true).test(.router) { client in
            let answer = try await client.execute(uri: path, method: .get)
            for (name, part) in [
                ("Content-Security-Policy", "default-src 'none'"), ("X-Content-Type-Options", "nosniff"),
                ("Referrer-Policy", "no-referrer"), ("Permissions-Policy", "camera=()"),
                ("Cross-Origin-Opener-Policy", "same-origin"), ("Cross-Origin-Resource-Policy", "same-origin"),
                ("Strict-Transport-Security", "max-age="),
            ] {
                let value = HTTPField.Name(name).flatMap { answer.headers[$0] }
                #expect(value?.contains(part) == true, "\(path) \(name)")
            }
        }
        try await site().test(.router) { client in
            let answer = try await client.execute(uri: path, method: .get)
            #expect(answer.headers[try #require(HTTPField.Name("Strict-Transport-Security"))] == nil)
        }
    }

    @Test("a page has a validator, and a reader who has it gets 304")
    func validator() async throws {
        try await site().test(.router) { client in
            let first = try await client.execute(uri: "/", method: .get)
            #expect(first.headers[.contentType] == "text/html; charset=utf-8")
            let tag = try #require(first.headers[.eTag])
            let again = try await client.execute(uri: "/", method: .get, headers: [.ifNoneMatch: "\"x\", \(tag)"])
            #expect(again.status == .notModified)
            #expect(again.body.readableBytes == 0)
            let other = try await client.execute(uri: "/?lang=en", method: .get, headers: [.ifNoneMatch: tag])
            #expect(other.status == .ok)
            #expect(String(buffer: other.body).contains("<html lang=\"en\""))
            let paged = try await client.execute(uri: "//elsewhere.example/?page=2&lang=zh-Hans", method: .get)
            #expect(String(buffer: paged.body).contains("href=\"?page=2&amp;lang=en\""))
        }
    }

    @Test("a page to sign on is never kept, and carries the server's time")
    func signing() async throws {
        try await site().test(.router) { client in
            let answer = try await client.execute(uri: "/sign", method: .get)
            #expect(answer.headers[.cacheControl] == "no-store")
            #expect(answer.headers[.eTag] == nil)
            #expect(String(buffer: answer.body).contains("data-now=\"\(Material.now)\""))
        }
    }

    @Test("refusals: JSON for programs, pages for people, both languages")
    func refusals() async throws {
        try await site().test(.router) { client in
            let json = try await client.execute(
                uri: "/api/v1/items/1", method: .post, headers: [.acceptLanguage: "en"], body: ByteBuffer(string: "x"))
            #expect(json.status == .badRequest)
            #expect(json.headers[.contentType] == "application/json")
            let text = String(buffer: json.body)
            for part in [
                #""code":"registry.codeUsed""#, #""field":"body.code""#, "This code has been used", #""help":"#,
            ] {
                #expect(text.contains(part))
            }
            let page = try await client.execute(uri: "/nowhere", method: .get, headers: [.acceptLanguage: "en"])
            #expect(page.status == .notFound)
            #expect(String(buffer: page.body).contains("There is no page here"))
            let chinese = try await client.execute(uri: "/nowhere", method: .get)
            #expect(String(buffer: chinese.body).contains("这里没有您要找的页面"))
        }
    }

    @Test(
        "statuses",
        arguments: [
            ("/api/nowhere", HTTPRequest.Method.get, 404, "page.notFound"),
            ("/api/v1/items/1", .get, 405, "page.methodNotAllowed"),
            ("/api/v1/large", .get, 413, "page.tooLarge"), ("/api/broken", .get, 500, "page.internal"),
            ("/api/v1/items/1/2", .post, 404, "page.notFound"),
        ])
    func statuses(path: String, method: HTTPRequest.Method, status: Int, code: String) async throws {
        try await site().test(.router) { client in
            let answer = try await client.execute(uri: path, method: method)
            #expect(answer.status.code == status)
            #expect(String(buffer: answer.body).contains(code))
            if status == 405 { #expect(answer.headers[.allow] == "POST") }
        }
    }

    @Test("a body over the limit is refused with 413")
    func largeBody() async throws {
        try await site().test(.router) { client in
            let answer = try await client.execute(
                uri: "/api/v1/items/1", method: .post, body: ByteBuffer(string: "123456789"))
            #expect(answer.status.code == 413)
        }
    }
}
