import Foundation
package import PageKit
package import Testing

/// What a reader sees of pages, and what is expected of it.
package enum Words {
    /// The visible words of a page's main part, one line per element that has some.
    package static func visible(_ html: String) -> String {
        guard let main = html.firstMatch(of: /<main[^>]*>([\s\S]*)<\/main>/) else { return "" }
        return String(main.1)
            .replacing(/<svg[\s\S]*?<\/svg>/, with: "")
            .replacing(/<(?:span|b|code|time|a)(?:\s[^>]*)?>|<\/(?:span|b|code|time|a)>/, with: " ")
            .replacing(/<[^>]*>/, with: "\n")
            .replacing("&lt;", with: "<").replacing("&gt;", with: ">").replacing("&quot;", with: "\"")
            .replacing("&#39;", with: "'").replacing("&amp;", with: "&")
            .split(separator: "\n")
            .map { $0.split(separator: " ", omittingEmptySubsequences: true).joined(separator: " ") }
            .filter { !$0.isEmpty }
            .joined(separator: "\n") + "\n"
    }

    /// Compares the words of a page with the file `Snapshots/<name>.<language>.txt` beside the test; with
    /// LINLIAN_RECORD set, writes it instead, to be reviewed.
    package static func expectSame(
        _ html: String, _ name: String, _ language: Language, file: String = #filePath,
        _ location: SourceLocation = #_sourceLocation
    ) throws {
        let words = visible(html)
        let folder = URL(fileURLWithPath: file).deletingLastPathComponent().appending(path: "Snapshots")
        let place = folder.appending(path: "\(name).\(language.rawValue).txt")
        if ProcessInfo.processInfo.environment["LINLIAN_RECORD"] != nil {
            try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
            try Data(words.utf8).write(to: place)
            return
        }
        let known = String(decoding: try Data(contentsOf: place), as: UTF8.self)
        #expect(words == known, "\(place.lastPathComponent)", sourceLocation: location)
    }

    /// What every page must be: whole, every place filled, one heading, every id once, nothing left untranslated.
    package static func expectWhole(
        _ html: String, _ name: String, bytes: Int = 60_000, _ location: SourceLocation = #_sourceLocation
    ) {
        #expect(html.hasPrefix("<!doctype html>"), "\(name)", sourceLocation: location)
        #expect(!html.contains("{{"), "\(name)", sourceLocation: location)
        // Names of parameters stand in code and look like keys.
        let words = visible(html.replacing(/<code[^>]*>[^<]*<\/code>/, with: ""))
        #expect(words.firstMatch(of: /\{[a-zA-Z]+\}/) == nil, "\(name): a place is open", sourceLocation: location)
        let key = words.firstMatch(
            of: /(?:page|assembly|budgeting|registry|constitution|notices|supervision)\.[a-z]+\.[a-zA-Z]+/)
        #expect(key == nil, "\(name): the key \(key?.0 ?? "") instead of words", sourceLocation: location)
        #expect(html.matches(of: /<h1/).count == 1, "\(name)", sourceLocation: location)
        #expect(html.utf8.count <= bytes, "\(name): \(html.utf8.count) bytes", sourceLocation: location)
        let ids = html.matches(of: /\sid="([^"]*)"/).map { String($0.1) }
        #expect(ids.count == Set(ids).count, "\(name): an id twice", sourceLocation: location)
    }

    /// Keys of the texts that a refusal needs and that a language lacks.
    package static func missingReasons(_ codes: [String], in sources: [MessageSource]) throws -> [String] {
        let catalog = try MessageCatalog(sources)
        let lacking = Set(Language.allCases.flatMap { catalog.missing(in: $0) })
        return codes.flatMap { code in
            let dot = code.firstIndex(of: ".") ?? code.endIndex
            return ["message", "help"].map { "\(code[..<dot]).reason\(code[dot...]).\($0)" }
        }.filter { lacking.contains($0) || !catalog.contains($0) }
    }
}
