import PageKit
import Testing

@Suite("Escaping")
struct EscapingTests {
    /// A `<` and a `"` in every disguise the engine's escaping by grapheme would miss.
    static let hostile = [
        "<script>alert(1)</script>", "\"><img src=x onerror=alert(1)>", "'--><svg/onload=alert(1)>",
        "<\u{0301}script>", "\u{0600}<script>", "\"\u{0301} onfocus=x", "\u{0600}\" autofocus", "<\u{FE0F}b>",
        "a\u{200D}<\u{200D}i>", "{{{content}}}", "{{>layout}}", "&lt;b&gt;", "\u{0D4E}<a>",
    ]

    /// How often each special byte stands in a page: the same for every input, or the input has come through raw.
    private func specials(_ html: String) -> [Int] {
        "<>\"'".utf8.map { special in html.utf8.count { $0 == special } }
    }

    private func page(_ input: String) throws -> String {
        let page = Page(
            title: input, templateName: "motion",
            context: [
                "id": input, "title": input, "paragraphs": [input, input], "matter": input, "rule": input, "open": true,
                "figures": [["name": input, "value": input]] as [[String: Any]],
                "choices": [["type": "radio", "name": "choice", "value": input, "label": input]] as [[String: Any]],
                "facts": [["name": input, "value": input, "path": input]] as [[String: Any]],
            ], signs: true)
        return try Material.renderer(name: input).html(page, language: .english, path: "/\(input)")
    }

    private func chart(_ input: String) throws -> String {
        BallotChart(try Material.catalog())
            .svg(.init(yes: 1, no: 2, abstain: 3, notCast: 4), id: "c", title: input, .english)
    }

    @Test("titles, texts, attributes, lists, the site's name, the address", arguments: hostile)
    func pages(input: String) throws {
        #expect(specials(try page(input)) == specials(try page("harmless")))
    }

    @Test("the check itself sees raw input")
    func checkWorks() {
        for input in Self.hostile where input.utf8.contains(where: { "<>\"'".utf8.contains($0) }) {
            #expect(specials("<p>\(input)</p>") != specials("<p></p>"))
        }
    }

    @Test("charts escape their words", arguments: hostile)
    func charts(input: String) throws {
        #expect(specials(try chart(input)) == specials(try chart("harmless")))
    }

    @Test("ordinary text is left as it is")
    func ordinary() {
        for text in ["业主“甲”<3", "Zoë's \"home\"", "é", "👨‍👩‍👧", ""] { #expect(Markup.separated(text) == text) }
        #expect(Markup.escaped("a<b>&\"'") == "a&lt;b&gt;&amp;&quot;&#39;")
    }
}
