import Primitives

/// The witness's texts, from its message files. Both languages stand side by side, because whoever asks a witness is a
/// program, and names none.
enum WitnessWords {
    /// Chinese, then English.
    private static let languages = [PackageResources.zh_Hans_json, PackageResources.en_json].map { bytes in
        let limits = JSONLimits(depth: 1, bytes: 65_535, allowsNewlines: true)
        let members = (try? JSONDocument(bytes, limits: limits))?.root.members ?? []
        return Dictionary(uniqueKeysWithValues: members.map { ($0.key, $0.value.string ?? $0.key) })
    }

    /// The text of `key` in each language, its places such as `{count}` filled once, from left to right; without a text
    /// the key itself.
    static func text(_ key: String, _ values: [String: String] = [:]) -> [String] {
        languages.map { texts in
            var filled = ""
            var rest = (texts[key] ?? key)[...]
            while let open = rest.firstIndex(of: "{"), let close = rest[open...].firstIndex(of: "}") {
                let name = String(rest[rest.index(after: open)..<close])
                filled += rest[..<open] + (values[name] ?? "{\(name)}")
                rest = rest[rest.index(after: close)...]
            }
            return filled + rest
        }
    }
}
