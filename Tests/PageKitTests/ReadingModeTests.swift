import HTTPTypes
import Hummingbird
import HummingbirdTesting
import Testing

@testable import PageKit

@Suite("Care mode")
struct ReadingModeTests {
    private func answer(_ path: String, _ headers: HTTPFields = [:]) async throws -> (body: String, cookie: String?) {
        let router = Router(context: PageRequestContext.self)
        router.add(middleware: PreferencesMiddleware(secure: false))
        router.get("/") { _, context in context.reading.rawValue }
        return try await Application(router: router).test(.router) { client in
            let answer = try await client.execute(uri: path, method: .get, headers: headers)
            return (String(buffer: answer.body), answer.headers[.setCookie])
        }
    }

    @Test("the query goes before the cookie, and what is no mode changes nothing")
    func order() async throws {
        #expect(try await answer("/").body == "usual")
        #expect(try await answer("/", [.cookie: "reading=care-large"]).body == "care-large")
        #expect(try await answer("/?reading=usual", [.cookie: "reading=care"]).body == "usual")
        #expect(try await answer("/?reading=huge", [.cookie: "reading=care"]).body == "care")
        #expect(try await answer("/", [.cookie: "reading=<script>"]).body == "usual")
    }

    @Test("a choice is kept on the device, with the language if both are chosen")
    func kept() async throws {
        #expect(try await answer("/").cookie == nil)
        #expect(try await answer("/?reading=huge").cookie == nil)
        let cookie = try #require(try await answer("/?reading=care-largest").cookie)
        for part in ["reading=care-largest", "HttpOnly", "SameSite=Lax", "Path=/"] { #expect(cookie.contains(part)) }
    }

    private func html(_ reading: ReadingMode, phone: String = "010-6512 3456", query: String? = nil) throws -> String {
        let renderer = try Material.renderer(helpPhone: phone)
        let page = Page(title: "t", templateName: "home", context: [:])
        return try renderer.html(page, language: .english, reading: reading, path: "/", query: query)
    }

    @Test("the usual page leads into care mode and carries nothing of it")
    func usual() throws {
        let page = try html(.usual, query: "page=2&lang=en")
        #expect(page.contains(#"data-reading="usual""#))
        #expect(page.contains("?page=2&amp;lang=en&amp;reading=care\""))
        for absent in ["care.js", "care-bar", "care-button", "tel:"] { #expect(!page.contains(absent), "\(absent)") }
    }

    @Test(
        "every size offers a telephone number, reading aloud, the other sizes and the way back",
        arguments: ["care", "care-large", "care-largest"])
    func care(name: String) throws {
        let reading = try #require(ReadingMode(rawValue: name))
        let page = try html(reading)
        #expect(page.contains("data-reading=\"\(name)\""))
        #expect(page.contains("href=\"tel:01065123456\"") && page.contains("010-6512 3456"))
        #expect(page.contains("data-aloud hidden") && page.contains("/assets/care."))
        #expect(page.contains("?reading=usual\""))
        #expect(page.ranges(of: "aria-current=\"true\"").count == 1, "one size is marked")
    }

    @Test("what is no telephone number is never an address", arguments: ["", "javascript:alert(1)", "请到服务台"])
    func hostilePhone(phone: String) throws {
        let page = try html(.care, phone: phone)
        #expect(!page.contains("href=\"javascript") && !page.contains("tel:\""))
        #expect(page.contains("tel:1\"") == phone.contains("1"))
    }
}
