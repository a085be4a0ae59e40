import Mustache

/// One template file: its name without ending, and its bytes.
package struct TemplateSource: Sendable {
    /// The name, unique over all parts: "motion-list".
    package let name: String
    /// The Mustache text.
    package let bytes: [UInt8]

    /// Names the bytes of one template.
    package init(_ name: String, _ bytes: [UInt8]) {
        self.name = name
        self.bytes = bytes
    }
}

/// The templates of all parts, each of which may use every other as a partial.
package struct TemplateLibrary: Sendable {
    private let library: MustacheLibrary
    /// All names, sorted.
    package let names: [String]

    /// Parses all templates. Throws `PageMaterialError` for a duplicate name, a syntax error, or a partial that exists
    /// nowhere (the engine itself would silently draw nothing).
    package init(_ sources: [TemplateSource]) throws(PageMaterialError) {
        var library = MustacheLibrary()
        var names: Set<String> = []
        for source in sources {
            guard names.insert(source.name).inserted else {
                throw PageMaterialError(code: "template.duplicate", subject: source.name)
            }
            do {
                try library.register(String(decoding: source.bytes, as: UTF8.self), named: source.name)
            } catch {
                throw PageMaterialError(code: "template.form", subject: "\(source.name): \(error)")
            }
        }
        for source in sources {
            for partial in Self.partials(in: source.bytes) where !names.contains(partial) {
                throw PageMaterialError(code: "template.missing", subject: "\(partial) in \(source.name)")
            }
        }
        self.library = library
        self.names = names.sorted()
    }

    /// Fills a template; nil if none has that name.
    package func render(_ name: String, _ context: [String: Any]) -> String? {
        library.render(context, withTemplate: name)
    }

    /// The names in `{{>name}}` and `{{<name}}`.
    private static func partials(in bytes: [UInt8]) -> [String] {
        let pieces = String(decoding: bytes, as: UTF8.self).split(separator: "{{", omittingEmptySubsequences: false)
        return pieces.dropFirst().compactMap { piece in
            guard let sign = piece.first, sign == ">" || sign == "<", let end = piece.firstRange(of: "}}") else {
                return nil
            }
            let name = piece[..<end.lowerBound].dropFirst().filter { $0 != " " }
            return name.hasPrefix("*") ? nil : name
        }
    }
}
