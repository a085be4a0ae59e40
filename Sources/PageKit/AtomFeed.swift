/// A feed of what a neighbourhood announces and decides (Atom, RFC 4287), for readers, other sites and message services.
package struct AtomFeed: Sendable {
    /// One thing in the feed.
    package struct Entry: Sendable {
        /// Its page, an absolute path.
        package let path: String
        /// Its title.
        package let title: String
        /// What sort of thing it is.
        package let kind: String
        /// Where it stands, in a word.
        package let state: String
        /// When it last changed, ms since 1970 UTC.
        package let updated: Int64

        /// Describes an entry.
        package init(path: String, title: String, kind: String, state: String, updated: Int64) {
            self.path = path
            self.title = title
            self.kind = kind
            self.state = state
            self.updated = updated
        }
    }

    /// Where readers reach the site, such as `https://example.org`.
    package let site: String
    /// The feed's own path.
    package let path: String
    /// The neighbourhood's name.
    package let title: String
    /// The language of the titles.
    package let language: Language
    /// The entries, in any order.
    package let entries: [Entry]

    /// A feed of `entries`.
    package init(site: String, path: String, title: String, language: Language, entries: [Entry]) {
        self.site = site
        self.path = path
        self.title = title
        self.language = language
        self.entries = entries
    }

    /// The document. `now` stands for a feed without entries, ms since 1970 UTC.
    package func xml(now: Int64) -> String {
        let sorted = entries.sorted { ($1.updated, $1.path) < ($0.updated, $0.path) }
        var text = """
            <?xml version="1.0" encoding="utf-8"?>
            <feed xmlns="http://www.w3.org/2005/Atom" xml:lang="\(language.rawValue)">
            <title>\(AtomFeed.text(title))</title>
            <id>\(AtomFeed.text(site + path))</id>
            <link rel="self" href="\(AtomFeed.text(site + path))"/>
            <link rel="alternate" href="\(AtomFeed.text(site))/"/>
            <author><name>\(AtomFeed.text(title))</name></author>
            <updated>\(AtomFeed.time(sorted.first?.updated ?? now))</updated>

            """
        for entry in sorted {
            let address = AtomFeed.text(site + entry.path)
            text += """
                <entry>
                <title>\(AtomFeed.text(entry.title))</title>
                <id>\(address)</id>
                <link href="\(address)"/>
                <updated>\(AtomFeed.time(entry.updated))</updated>
                <category term="\(AtomFeed.text(entry.kind))"/>
                <summary>\(AtomFeed.text(entry.state))</summary>
                </entry>

                """
        }
        return text + "</feed>\n"
    }

    /// Text for XML 1.0: its special characters replaced, and without the control characters that it does not allow.
    private static func text(_ words: String) -> String {
        var scalars = String.UnicodeScalarView()
        for scalar in words.unicodeScalars where scalar.value >= 0x20 || scalar == "\t" || scalar == "\n" {
            if scalar.value != 0xFFFE, scalar.value != 0xFFFF { scalars.append(scalar) }
        }
        return Markup.escaped(String(scalars))
    }

    private static func time(_ milliseconds: Int64) -> String {
        CalendarTime(milliseconds: milliseconds, offsetMinutes: 0).machineText(offsetMinutes: 0)
    }
}
