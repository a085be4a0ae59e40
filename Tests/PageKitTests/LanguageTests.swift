import HTTPTypes
import Hummingbird
import HummingbirdTesting
import PageKit
import Testing

@Suite("Language of an answer")
struct LanguageTests {
    @Test(
        "Accept-Language",
        arguments: [
            ("en", Language.english), ("en-GB,zh;q=0.8", .english), ("zh-CN,en;q=0.9", .simplifiedChinese),
            ("en;q=0.3, zh-Hant;q=0.7", .simplifiedChinese), ("fr, en;q=0.1", .english), ("EN-us", .english),
            ("zh;q=0, en;q=0.5", .english), ("en;q=oops", .english), ("*", .simplifiedChinese),
        ])
    func header(value: String, expected: Language) {
        #expect(Language(acceptLanguage: value) == expected)
    }

    @Test("nothing we speak", arguments: ["", "fr", ",,;;q=", "fr;q=1, de", "en;q=0", "q=1"])
    func none(value: String) {
        #expect(Language(acceptLanguage: value) == nil)
    }

    private func answer(
        _ path: String, _ headers: HTTPFields = [:], secure: Bool = false
    ) async throws -> (body: String, cookie: String?) {
        let router = Router(context: PageRequestContext.self)
        router.add(middleware: PreferencesMiddleware(secure: secure))
        router.get("/") { _, context in context.language.rawValue }
        return try await Application(router: router).test(.router) { client in
            let answer = try await client.execute(uri: path, method: .get, headers: headers)
            return (String(buffer: answer.body), answer.headers[.setCookie])
        }
    }

    @Test("query before cookie before header before the standard")
    func order() async throws {
        #expect(try await answer("/").body == "zh-Hans")
        #expect(try await answer("/", [.acceptLanguage: "en"]).body == "en")
        #expect(try await answer("/", [.acceptLanguage: "en", .cookie: "lang=zh-Hans"]).body == "zh-Hans")
        #expect(try await answer("/?lang=en", [.cookie: "lang=zh-Hans"]).body == "en")
        #expect(try await answer("/?lang=xx", [.cookie: "lang=en"]).body == "en")
        #expect(try await answer("/", [.cookie: "lang=<script>"]).body == "zh-Hans")
    }

    @Test("a choice is kept in a cookie that scripts cannot read")
    func cookie() async throws {
        #expect(try await answer("/", [.acceptLanguage: "en"]).cookie == nil)
        #expect(try await answer("/?lang=%0d%0aX").cookie == nil)
        let plain = try #require(try await answer("/?lang=en").cookie)
        for part in ["lang=en", "HttpOnly", "SameSite=Lax", "Path=/"] { #expect(plain.contains(part)) }
        #expect(!plain.contains("Secure"))
        #expect(try await answer("/?lang=en", secure: true).cookie?.contains("Secure") == true)
    }
}
