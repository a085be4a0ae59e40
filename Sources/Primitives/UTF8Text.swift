/// Well-formed UTF-8 text that is compared byte by byte.
///
/// Swift's `String` treats a composed and a decomposed "é" as equal although their bytes differ; whatever is signed
/// or hashed must not. Names and origins are therefore of this type.
public struct UTF8Text: Hashable, Sendable {
    /// The text's bytes, always well-formed UTF-8.
    public let bytes: [UInt8]

    /// Text from bytes; nil when they are not well-formed UTF-8 (Unicode 3.9: no overlong form, no surrogate).
    public init?(bytes: [UInt8]) {
        guard Self.isWellFormed(bytes) else { return nil }
        self.bytes = bytes
    }

    /// Text from a string, which is always well formed.
    public init(_ string: String) {
        bytes = [UInt8](string.utf8)
    }

    /// The text as a string, for showing.
    public var string: String { String(decoding: bytes, as: UTF8.self) }

    /// Whether `bytes` are well-formed UTF-8 (Unicode table 3-7).
    public static func isWellFormed(_ bytes: [UInt8]) -> Bool {
        bytes.withUnsafeBufferPointer { buffer in
            var index = 0
            while index < buffer.count {
                let lead = buffer[index]
                index &+= 1
                if lead < 0x80 { continue }
                var lower: UInt8 = 0x80
                var upper: UInt8 = 0xBF
                let following: Int
                switch lead {
                case 0xC2...0xDF: following = 1
                case 0xE0...0xEF:
                    following = 2
                    if lead == 0xE0 { lower = 0xA0 }
                    if lead == 0xED { upper = 0x9F }
                case 0xF0...0xF4:
                    following = 3
                    if lead == 0xF0 { lower = 0x90 }
                    if lead == 0xF4 { upper = 0x8F }
                default: return false
                }
                guard following <= buffer.count &- index else { return false }
                for _ in 0..<following {
                    let byte = buffer[index]
                    guard byte >= lower, byte <= upper else { return false }
                    lower = 0x80
                    upper = 0xBF
                    index &+= 1
                }
            }
            return true
        }
    }
}

extension UTF8Text: Comparable {
    /// Byte order, which for UTF-8 is code point order.
    public static func < (left: UTF8Text, right: UTF8Text) -> Bool {
        left.bytes.lexicographicallyPrecedes(right.bytes)
    }
}

extension UTF8Text: ExpressibleByStringLiteral, CustomStringConvertible {
    /// Text from a literal.
    public init(stringLiteral value: String) { self.init(value) }

    /// The text itself.
    public var description: String { string }
}
