/// The words of a search, made ready to be looked for: at most 8 of at most 64 bytes each, cut at white space.
package struct SearchWords: Sendable {
    /// What was typed, at most 200 characters.
    package let text: String
    /// The words.
    package let words: [String]

    /// Reads what was typed.
    package init(_ typed: String) {
        text = String(typed.prefix(200))
        words = text.split(whereSeparator: \.isWhitespace).prefix(8).map(String.init).filter { $0.utf8.count <= 64 }
    }

    /// Whether there is nothing to look for.
    package var isEmpty: Bool { words.isEmpty }

    /// One SQL `LIKE` pattern a word, for `column LIKE ? ESCAPE '\\'`.
    package var patterns: [String] {
        words.map { word in
            let plain = word.reduce(into: "") { $0 += ("\\%_".contains($1) ? "\\" : "") + String($1) }
            return "%\(plain)%"
        }
    }

    /// Whether every word stands in `text`, upper and lower case alike.
    package func match(_ text: String) -> Bool {
        let text = text.lowercased()
        return words.allSatisfy { text.contains($0.lowercased()) }
    }
}

/// Something that was found.
package struct SearchHit: Sendable {
    /// Its title, plain text.
    package let title: String
    /// What sort of thing it is, in the page's language.
    package let kind: String
    /// Where it is.
    package let address: String
    /// A line about it; nil for none.
    package let note: String?

    /// Names what was found.
    package init(title: String, kind: String, address: String, note: String? = nil) {
        self.title = title
        self.kind = kind
        self.address = address
        self.note = note
    }
}
