import Foundation

/// Why the pages' own material could not be put together. It is a defect of the program, found at start and by tests.
package struct PageMaterialError: Error, CustomStringConvertible {
    /// A stable code: "messages.form", "messages.duplicate", "messages.nesting", "template.form", "template.duplicate",
    /// "template.missing", "asset.duplicate", "asset.missing", "asset.cycle".
    package let code: String
    /// Which key, template or asset.
    package let subject: String

    /// Code and subject in one line.
    package var description: String { "\(code): \(subject)" }
}

/// One part's messages in one language: the bytes of a JSON object of flat keys and texts.
package struct MessageSource: Sendable {
    /// The language of its texts.
    package let language: Language
    /// The JSON file's bytes.
    package let bytes: [UInt8]

    /// Names the bytes of one message file.
    package init(_ language: Language, _ bytes: [UInt8]) {
        self.language = language
        self.bytes = bytes
    }
}

/// Every text of every page, by language and key ("assembly.motion.title").
package struct MessageCatalog: Sendable {
    private let texts: [Language: [String: MessageText]]
    private let trees: [Language: MessageTree]

    /// Merges the files of all parts. Throws `PageMaterialError` if a file is not a flat object of texts, if two files
    /// define one key, or if a key is the beginning of another ("a.b" and "a.b.c").
    package init(_ sources: [MessageSource]) throws(PageMaterialError) {
        var texts: [Language: [String: MessageText]] = [:]
        for source in sources {
            let file: [String: String]
            do {
                file = try JSONDecoder().decode([String: String].self, from: Data(source.bytes))
            } catch {
                throw PageMaterialError(code: "messages.form", subject: "\(source.language.rawValue): \(error)")
            }
            for (key, text) in file.sorted(by: { $0.key < $1.key }) {
                guard texts[source.language]?[key] == nil else {
                    throw PageMaterialError(code: "messages.duplicate", subject: key)
                }
                texts[source.language, default: [:]][key] = MessageText(text)
            }
        }
        self.texts = texts
        var trees: [Language: MessageTree] = [:]
        for language in Language.allCases {
            // English stands in for what a language lacks, so that a reader sees words and not a key.
            let all = (texts[.english] ?? [:]).merging(texts[language] ?? [:]) { $1 }
            trees[language] = try MessageTree(all)
        }
        self.trees = trees
    }

    /// The text of `key` with its places filled; in English if `language` lacks it, the key itself if both do.
    package func text(_ key: String, _ language: Language, _ values: [String: String] = [:]) -> String {
        message(key, language)?.filled(values) ?? key
    }

    /// Whether any language has `key`.
    package func contains(_ key: String) -> Bool { message(key, .english) != nil || message(key, .standard) != nil }

    /// The text of `key.one` or `key.other` by `count`, which fills the place `{count}`. Chinese has only `other`.
    package func counted(_ key: String, _ count: Int64, _ language: Language) -> String {
        let form = language == .english && count == 1 ? "one" : "other"
        return text("\(key).\(form)", language, ["count": Formats.count(count)])
    }

    /// What the templates find under `t`: the keys as nested dictionaries.
    package func templateValues(_ language: Language) -> [String: Any] {
        trees[language]?.values.mapValues { $0 as Any } ?? [:]
    }

    /// The texts under a common beginning such as "browser.", keyed by the rest, for the scripts of a page.
    package func texts(under prefix: String, _ language: Language) -> [String: String] {
        var found: [String: String] = [:]
        for key in (texts[.english] ?? [:]).keys where key.hasPrefix(prefix) {
            found[String(key.dropFirst(prefix.count))] = message(key, language)?.filled()
        }
        return found
    }

    /// Keys that one language has and `language` lacks, sorted.
    package func missing(in language: Language) -> [String] {
        let own = texts[language] ?? [:]
        let all = Set(texts.values.flatMap(\.keys))
        return all.filter { own[$0] == nil }.sorted()
    }

    /// Keys whose places differ between languages, sorted: one translation forgot or invented a value.
    package func differingPlaces() -> [String] {
        let all = Set(texts.values.flatMap(\.keys))
        return all.filter { key in
            Set(Language.allCases.compactMap { texts[$0]?[key]?.places }).count > 1
        }.sorted()
    }

    private func message(_ key: String, _ language: Language) -> MessageText? {
        texts[language]?[key] ?? texts[.english]?[key]
    }
}

/// The keys of one language as a tree, in the form the template engine walks.
private struct MessageTree: Sendable {
    /// Nested dictionaries with texts or small templates as leaves.
    let values: [String: any Sendable]

    init(_ texts: [String: MessageText]) throws(PageMaterialError) {
        let paths = texts.map { (path: $0.key.split(separator: ".")[...], key: $0.key, text: $0.value) }
        values = try MessageTree.branch(paths)
    }

    private static func branch(
        _ entries: [(path: ArraySlice<Substring>, key: String, text: MessageText)]
    ) throws(PageMaterialError) -> [String: any Sendable] {
        var values: [String: any Sendable] = [:]
        for (name, group) in Dictionary(grouping: entries, by: { $0.path.first ?? "" }) {
            guard let first = group.first, !name.isEmpty else { continue }
            if first.path.count == 1, group.count == 1 {
                do {
                    values[String(name)] = try first.text.templateValue()
                } catch {
                    throw PageMaterialError(code: "messages.form", subject: first.key)
                }
                continue
            }
            if let clash = group.first(where: { $0.path.count == 1 }) {
                throw PageMaterialError(code: "messages.nesting", subject: clash.key)
            }
            values[String(name)] = try branch(group.map { ($0.path.dropFirst(), $0.key, $0.text) })
        }
        return values
    }
}
