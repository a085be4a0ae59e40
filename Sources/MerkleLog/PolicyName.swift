/// The name of a witness or a group inside a policy file: opaque bytes, compared byte by byte (C2SP tlog-policy).
public struct PolicyName: Hashable, Sendable {
    /// The name's bytes.
    public let bytes: [UInt8]

    /// A name; nil when empty, longer than 255 bytes, or with a space or control character.
    public init?(bytes: [UInt8]) {
        guard !bytes.isEmpty, bytes.count <= 255, bytes.allSatisfy({ $0 > 0x20 && $0 != 0x7F }) else { return nil }
        self.bytes = bytes
    }

    /// A name; nil when the text may not be one.
    public init?(_ string: String) {
        self.init(bytes: [UInt8](string.utf8))
    }

    /// Whether this is the predefined name of the quorum that needs nobody.
    var isNone: Bool { bytes == [0x6E, 0x6F, 0x6E, 0x65] }
}

extension PolicyName: CustomStringConvertible {
    /// The name as text; bytes that are not UTF-8 show as replacement characters.
    public var description: String { String(decoding: bytes, as: UTF8.self) }
}
