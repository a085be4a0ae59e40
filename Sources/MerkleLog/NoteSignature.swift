import Primitives

/// One signature line of a note.
public struct NoteSignature: Hashable, Sendable {
    /// The name of the key.
    public let name: SignerName
    /// The id of the key.
    public let keyID: UInt32
    /// What follows the key id, at least one byte: for type 0x01 an Ed25519 signature, for 0x04 a ``Cosignature``.
    public let bytes: [UInt8]

    /// A signature line from its parts.
    public init(name: SignerName, keyID: UInt32, bytes: [UInt8]) {
        self.name = name
        self.keyID = keyID
        self.bytes = bytes
    }

    /// Signs `text` in the way of the key's type.
    /// - Parameters:
    ///   - text: the note's text, with its final newline.
    ///   - time: seconds since 1970 UTC; part of a cosignature, not used for type 0x01.
    ///   - sign: gives the 64 bytes of the Ed25519 signature over the message it is handed.
    public init<Failure: Error>(
        text: [UInt8], key: VerifierKey, time: UInt64, signing sign: ([UInt8]) throws(Failure) -> [UInt8]
    ) throws(Failure) {
        switch key.type {
        case .ed25519:
            self.init(name: key.name, keyID: key.keyID, bytes: try sign(text))
        case .cosignature:
            let signature = try sign(Cosignature.message(time: time, text: text))
            self.init(name: key.name, keyID: key.keyID, bytes: Cosignature(time: time, signature: signature).bytes)
        }
    }

    /// Reads a line without its newline; nil unless it is an em dash, a space, a name, a space and base64.
    init?(line: ArraySlice<UInt8>) {
        guard let content = line.dropping(prefix: "— "), let space = content.lastIndex(of: 0x20),
            let name = SignerName(bytes: Array(content[..<space])),
            let decoded = Base64.standard.decode(content[(space + 1)...]), decoded.count > 4
        else { return nil }
        self.name = name
        keyID = decoded.prefix(4).reduce(UInt32(0)) { $0 << 8 | UInt32($1) }
        bytes = Array(decoded.dropFirst(4))
    }

    /// The line with its newline.
    public var line: [UInt8] {
        var line: [UInt8] = []
        line.append("— ")
        line.append(contentsOf: name.bytes)
        line.append(0x20)
        line.append(contentsOf: Base64.standard.encodeBytes(keyID.bigEndianBytes + bytes))
        line.append(0x0A)
        return line
    }
}

/// A timestamped Ed25519 cosignature (C2SP tlog-cosignature, `timestamped_signature`).
public struct Cosignature: Hashable, Sendable {
    /// When it was made, in seconds since 1970 UTC, at most 2⁶³ − 1.
    public let time: UInt64
    /// The Ed25519 signature over ``message(time:text:)``.
    public let signature: [UInt8]

    /// A cosignature from its parts.
    public init(time: UInt64, signature: [UInt8]) {
        self.time = time
        self.signature = signature
    }

    /// Reads time and signature, 72 bytes; nil for another length or a time over 2⁶³ − 1.
    public init?(bytes: [UInt8]) {
        guard bytes.count == 72 else { return nil }
        let time = bytes.prefix(8).reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
        guard time <= UInt64(Int64.max) else { return nil }
        self.init(time: time, signature: Array(bytes.dropFirst(8)))
    }

    /// Time (big-endian) and signature.
    public var bytes: [UInt8] {
        UInt32(truncatingIfNeeded: time >> 32).bigEndianBytes + UInt32(truncatingIfNeeded: time).bigEndianBytes
            + signature
    }

    /// The message that is signed: a header line, a time line, and the checkpoint's text with its final newline.
    public static func message(time: UInt64, text: [UInt8]) -> [UInt8] {
        var message: [UInt8] = []
        message.reserveCapacity(text.count + 48)
        message.append("cosignature/v1\ntime ")
        ASCIIDecimal.append(time, to: &message)
        message.append(0x0A)
        message.append(contentsOf: text)
        return message
    }
}
