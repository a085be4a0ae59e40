import Primitives

/// A second, simple writer of canonical JSON, to check what the product wrote.
package enum CanonicalJSON {
    /// Whether `bytes` are canonical: keys sorted by UTF-8 bytes, no spaces, shortest escapes.
    package static func isCanonical(_ bytes: [UInt8]) -> Bool {
        let limits = JSONLimits(depth: 32, bytes: 1 << 24, allowsNewlines: true)
        guard let document = try? JSONDocument(bytes, limits: limits) else { return false }
        return Array(text(document.root).utf8) == bytes
    }

    private static func text(_ value: JSONValue) -> String {
        switch value.kind {
        case .object:
            let members = value.members.sorted { Array($0.key.utf8).lexicographicallyPrecedes(Array($1.key.utf8)) }
            return "{" + members.map { quoted($0.key) + ":" + text($0.value) }.joined(separator: ",") + "}"
        case .array: return "[" + value.elements.map(text).joined(separator: ",") + "]"
        case .string: return quoted(value.string ?? "")
        case .integer: return String(value.integer ?? 0)
        case .yes: return "true"
        case .no: return "false"
        case .null: return "null"
        }
    }

    private static func quoted(_ string: String) -> String {
        var result = "\""
        for scalar in string.unicodeScalars {
            switch scalar {
            case "\"": result += "\\\""
            case "\\": result += "\\\\"
            case "\u{08}": result += "\\b"
            case "\t": result += "\\t"
            case "\n": result += "\\n"
            case "\u{0C}": result += "\\f"
            case "\r": result += "\\r"
            default:
                if scalar.value < 0x20 {
                    let hex = String(scalar.value, radix: 16)
                    result += "\\u" + String(repeating: "0", count: 4 - hex.count) + hex
                } else {
                    result.unicodeScalars.append(scalar)
                }
            }
        }
        return result + "\""
    }
}
