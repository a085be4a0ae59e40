public import Primitives

/// The kinds of note signature handled here (C2SP signed-note, signature types). Both are Ed25519, over different
/// messages.
public enum NoteSignatureType: UInt8, Hashable, Sendable {
    /// 0x01: over the note's text.
    case ed25519 = 0x01
    /// 0x04: over the text with a time, a statement that the signer saw the log grow by appending only (C2SP
    /// tlog-cosignature).
    case cosignature = 0x04
}

/// A public key to check note signatures with, and the name it goes by (a "vkey" of C2SP signed-note).
public struct VerifierKey: Hashable, Sendable {
    /// Whose key it is.
    public let name: SignerName
    /// What its signatures cover.
    public let type: NoteSignatureType
    /// The Ed25519 public key, 32 bytes (RFC 8032).
    public let publicKey: [UInt8]
    /// The first four bytes of SHA-256(name ‖ 0x0A ‖ type ‖ public key), big-endian.
    public let keyID: UInt32

    /// A key from its parts; nil when `publicKey` is not 32 bytes.
    public init?<H: SHA256Function>(
        name: SignerName, type: NoteSignatureType, publicKey: [UInt8], using _: H.Type
    ) {
        guard publicKey.count == 32 else { return nil }
        self.name = name
        self.type = type
        self.publicKey = publicKey
        let digest = H.hash(name.bytes + [0x0A, type.rawValue] + publicKey)
        keyID = UInt32(truncatingIfNeeded: digest.word0 >> 32)
    }

    /// Reads `<name>+<key id, hex>+<base64 of type and public key>`.
    public init<H: SHA256Function>(parsing text: [UInt8], using hash: H.Type) throws(VerifierKeyError) {
        guard text.count <= 1024 else { throw .malformed }
        let parts = text.split(separator: 0x2B, maxSplits: 2, omittingEmptySubsequences: false)
        guard parts.count == 3, let name = SignerName(bytes: Array(parts[0])), parts[1].count == 8,
            let id = Hex.decode(Array(parts[1])), let material = Base64.standard.decode(parts[2]),
            let typeByte = material.first
        else { throw .malformed }
        guard let type = NoteSignatureType(rawValue: typeByte) else { throw .unsupportedType(typeByte) }
        guard let key = VerifierKey(name: name, type: type, publicKey: Array(material.dropFirst()), using: hash)
        else { throw .malformed }
        let found = id.reduce(UInt32(0)) { $0 << 8 | UInt32($1) }
        guard key.keyID == found else { throw .keyIDMismatch(expected: key.keyID, found: found) }
        self = key
    }

    /// Reads a key from a string.
    public init<H: SHA256Function>(parsing text: String, using hash: H.Type) throws(VerifierKeyError) {
        try self.init(parsing: [UInt8](text.utf8), using: hash)
    }

    /// The key as text.
    public var bytes: [UInt8] {
        var text = name.bytes
        text.append(0x2B)
        text.append(contentsOf: Hex.encodeBytes(keyID.bigEndianBytes))
        text.append(0x2B)
        text.append(contentsOf: Base64.standard.encodeBytes([type.rawValue] + publicKey))
        return text
    }

    /// The key as text.
    public var text: String { String(decoding: bytes, as: UTF8.self) }
}

/// Why a verifier key's text is refused.
public enum VerifierKeyError: Error, Hashable, Sendable {
    /// Not name, eight hex digits and base64, joined by plus signs, or a public key that is not 32 bytes.
    case malformed
    /// A signature type other than 0x01 and 0x04.
    case unsupportedType(UInt8)
    /// The key id is not the one that name, type and key give: a mistyped or altered key.
    case keyIDMismatch(expected: UInt32, found: UInt32)

    /// A stable name for the error.
    public var code: String {
        switch self {
        case .malformed: "vkey.malformed"
        case .unsupportedType: "vkey.type"
        case .keyIDMismatch: "vkey.id"
        }
    }
}

extension UInt32 {
    var bigEndianBytes: [UInt8] {
        [
            UInt8(truncatingIfNeeded: self >> 24), UInt8(truncatingIfNeeded: self >> 16),
            UInt8(truncatingIfNeeded: self >> 8), UInt8(truncatingIfNeeded: self),
        ]
    }
}
