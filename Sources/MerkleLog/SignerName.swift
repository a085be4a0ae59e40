public import Primitives

/// The name of a signing key (C2SP signed-note): 1 to 255 bytes of UTF-8 without Unicode spaces, plus signs and
/// control characters. Compared byte by byte.
public struct SignerName: Hashable, Sendable {
    /// The name as text.
    public let text: UTF8Text

    /// A name; nil when the text may not be one.
    public init?(_ text: UTF8Text) {
        guard Self.isName(text.bytes) else { return nil }
        self.text = text
    }

    /// A name; nil when the text may not be one.
    public init?(_ string: String) {
        self.init(UTF8Text(string))
    }

    /// A name; nil when the bytes may not be one.
    public init?(bytes: [UInt8]) {
        guard let text = UTF8Text(bytes: bytes) else { return nil }
        self.init(text)
    }

    /// The name's bytes.
    public var bytes: [UInt8] { text.bytes }

    private static func isName(_ bytes: [UInt8]) -> Bool {
        guard !bytes.isEmpty, bytes.count <= 255 else { return false }
        for (index, byte) in bytes.enumerated() {
            if byte <= 0x20 || byte == 0x2B || byte == 0x7F { return false }
            guard byte >= 0x80 else { continue }
            let second = index + 1 < bytes.count ? bytes[index + 1] : 0
            let third = index + 2 < bytes.count ? bytes[index + 2] : 0
            if isSpace(byte, second, third) { return false }
        }
        return true
    }

    /// Whether three bytes begin with a character of Unicode's White_Space property beyond ASCII.
    private static func isSpace(_ first: UInt8, _ second: UInt8, _ third: UInt8) -> Bool {
        switch (first, second, third) {
        case (0xC2, 0x85, _), (0xC2, 0xA0, _): true  // U+0085, U+00A0
        case (0xE1, 0x9A, 0x80): true  // U+1680
        case (0xE2, 0x80, 0x80...0x8A), (0xE2, 0x80, 0xA8...0xA9), (0xE2, 0x80, 0xAF): true  // U+2000–202F
        case (0xE2, 0x81, 0x9F): true  // U+205F
        case (0xE3, 0x80, 0x80): true  // U+3000
        default: false
        }
    }
}

extension SignerName: Comparable, CustomStringConvertible {
    /// Byte order.
    public static func < (left: SignerName, right: SignerName) -> Bool { left.text < right.text }

    /// The name itself.
    public var description: String { text.string }
}
