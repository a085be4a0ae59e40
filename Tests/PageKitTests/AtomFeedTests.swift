import PageKit
import Testing

@Suite("The feed")
struct AtomFeedTests {
    private func feed(_ entries: [AtomFeed.Entry], title: String = "梧桐里") -> String {
        let feed = AtomFeed(
            site: "https://example.org", path: "/feed.atom", title: title, language: .simplifiedChinese,
            entries: entries)
        return feed.xml(now: 0)
    }

    private func entry(_ path: String, _ title: String, _ updated: Int64) -> AtomFeed.Entry {
        AtomFeed.Entry(path: path, title: title, kind: "业主大会表决", state: "通过", updated: updated)
    }

    @Test("the newest entry comes first and gives the feed its time")
    func order() throws {
        let text = feed([entry("/a", "first", 1_000), entry("/b", "second", 1_767_225_600_000)])
        let second = try #require(text.firstRange(of: "<id>https://example.org/b</id>"))
        let first = try #require(text.firstRange(of: "<id>https://example.org/a</id>"))
        #expect(second.lowerBound < first.lowerBound)
        #expect(text.ranges(of: "<updated>2026-01-01T00:00:00+00:00</updated>").count == 2)
        #expect(text.hasPrefix("<?xml version=\"1.0\" encoding=\"utf-8\"?>\n<feed xmlns="))
    }

    @Test("without entries it is still a feed")
    func empty() {
        let text = feed([])
        #expect(text.contains("<updated>1970-01-01T00:00:00+00:00</updated>") && text.hasSuffix("</feed>\n"))
    }

    @Test("hostile titles stay text, and characters that XML does not allow are left out")
    func escaping() {
        let text = feed([entry("/a\"><x", "</title><script>&\u{0}\u{8}\u{FFFE}", 1)], title: "<&\">")
        #expect(!text.contains("<script>") && !text.contains("<x"))
        #expect(text.contains("&lt;/title&gt;&lt;script&gt;&amp;</title>"))
        #expect(!text.unicodeScalars.contains { $0.value < 0x20 && $0 != "\n" } && !text.contains("\u{FFFE}"))
    }
}
