import Mustache

/// One message: text with named places such as `{count}`, read once and filled many times.
package struct MessageText: Sendable {
    /// A stretch of text or a place to fill.
    package enum Piece: Sendable, Equatable {
        /// Words as they stand.
        case words(String)
        /// The value named so.
        case place(String)
    }

    /// The message in pieces, in order.
    package let pieces: [Piece]

    /// Reads a message. `{` opens a place if a name of letters and digits and `}` follow; otherwise it is a plain brace.
    package init(_ text: String) {
        var pieces: [Piece] = []
        var words = ""
        var rest = Substring(text)
        while let brace = rest.firstIndex(of: "{") {
            words += rest[..<brace]
            let after = rest[rest.index(after: brace)...]
            if let end = after.firstIndex(of: "}"), case let name = after[..<end], MessageText.isName(name) {
                if !words.isEmpty { pieces.append(.words(words)) }
                words = ""
                pieces.append(.place(String(name)))
                rest = after[after.index(after: end)...]
            } else {
                words += "{"
                rest = after
            }
        }
        words += rest
        if !words.isEmpty { pieces.append(.words(words)) }
        self.pieces = pieces
    }

    /// The names of its places, sorted.
    package var places: [String] {
        pieces.compactMap { if case .place(let name) = $0 { name } else { nil } }.sorted()
    }

    /// The message with its places filled; a place without a value shows its name in braces, so that it is noticed.
    package func filled(_ values: [String: String] = [:]) -> String {
        pieces.map { piece in
            switch piece {
            case .words(let words): words
            case .place(let name): values[name] ?? "{\(name)}"
            }
        }.joined()
    }

    /// What a template finds under the message's key: plain text, or a template whose places are filled from the
    /// context in which it stands (and escaped there).
    package func templateValue() throws -> any Sendable {
        guard !places.isEmpty else { return filled() }
        let source = pieces.map { piece in
            switch piece {
            case .words(let words): Markup.escaped(words)
            case .place(let name): "{{\(name)}}"
            }
        }
        return try MustacheTemplate(string: source.joined())
    }

    private static func isName(_ name: Substring) -> Bool {
        !name.isEmpty && name.utf8.allSatisfy { (0x30...0x39).contains($0) || (0x41...0x5A).contains($0 & 0xDF) }
    }
}
