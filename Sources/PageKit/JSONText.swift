/// JSON written by hand where a dictionary's order must not vary and no coder is needed (RFC 8259).
package enum JSONText {
    /// An object of texts, keys sorted.
    package static func object(_ texts: [String: String]) -> String {
        let members = texts.sorted { $0.key < $1.key }.map { "\(string($0.key)):\(string($0.value))" }
        return "{\(members.joined(separator: ","))}"
    }

    /// A string literal; control characters escaped.
    package static func string(_ text: String) -> String {
        var bytes: [UInt8] = [UInt8(ascii: "\"")]
        for byte in text.utf8 {
            switch byte {
            case UInt8(ascii: "\""), UInt8(ascii: "\\"): bytes += [UInt8(ascii: "\\"), byte]
            case 0x0A: bytes += "\\n".utf8
            case 0..<0x20:
                bytes += "\\u00\(byte < 16 ? "0" : "")\(String(byte, radix: 16))".utf8
            default: bytes.append(byte)
            }
        }
        bytes.append(UInt8(ascii: "\""))
        return String(decoding: bytes, as: UTF8.self)
    }
}
