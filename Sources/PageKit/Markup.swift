/// Text on its way into HTML.
package enum Markup {
    /// `text` with the five characters that mean something to HTML replaced, byte by byte.
    package static func escaped(_ text: String) -> String {
        guard text.utf8.contains(where: isSpecial) else { return text }
        var bytes: [UInt8] = []
        bytes.reserveCapacity(text.utf8.count + 16)
        for byte in text.utf8 {
            switch byte {
            case UInt8(ascii: "<"): bytes += "&lt;".utf8
            case UInt8(ascii: ">"): bytes += "&gt;".utf8
            case UInt8(ascii: "&"): bytes += "&amp;".utf8
            case UInt8(ascii: "\""): bytes += "&quot;".utf8
            case UInt8(ascii: "'"): bytes += "&#39;".utf8
            default: bytes.append(byte)
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    /// `text` such that the template engine's escaping sees every special character.
    ///
    /// The engine escapes by grapheme: a `<` or `"` joined by a combining mark, or following a prepended mark, is
    /// another `Character` to it and would go through as it is. A zero-width space breaks such a joint.
    package static func separated(_ text: String) -> String {
        guard text.utf8.contains(where: isSpecial), text.utf8.contains(where: { $0 >= 0x80 }) else { return text }
        guard text.contains(where: hidesSpecial) else { return text }
        var result = String.UnicodeScalarView()
        for character in text {
            guard hidesSpecial(character) else {
                result.append(contentsOf: character.unicodeScalars)
                continue
            }
            for scalar in character.unicodeScalars {
                let special = scalar.isASCII && isSpecial(UInt8(truncatingIfNeeded: scalar.value))
                if special { result.append("\u{200B}") }
                result.append(scalar)
                if special { result.append("\u{200B}") }
            }
        }
        return String(result)
    }

    /// The same for every text inside a page's context: dictionaries and arrays to any depth.
    package static func separated(_ value: Any) -> Any {
        switch value {
        case let text as String: separated(text)
        case let table as [String: Any]: table.mapValues { separated($0) }
        case let list as [[String: Any]]: list.map { $0.mapValues { separated($0) } }
        case let list as [Any]: list.map { separated($0) }
        default: value
        }
    }

    private static func isSpecial(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "<"), UInt8(ascii: ">"), UInt8(ascii: "&"), UInt8(ascii: "\""), UInt8(ascii: "'"): true
        default: false
        }
    }

    private static func hidesSpecial(_ character: Character) -> Bool {
        let scalars = character.unicodeScalars
        guard scalars.count > 1 else { return false }
        return scalars.contains { $0.isASCII && isSpecial(UInt8(truncatingIfNeeded: $0.value)) }
    }
}
