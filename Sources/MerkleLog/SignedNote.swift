import Primitives

/// Text signed by one or more keys (C2SP signed-note).
///
/// The text means nothing until a trusted key's signature over it has been checked.
public struct SignedNote: Hashable, Sendable {
    /// The longest note read, in bytes: room for a hundred Ed25519 signatures or sixteen post-quantum ones, which
    /// the specification asks every reader to accept.
    public static let maximumByteCount = 131_072
    /// The largest number of signatures read.
    public static let maximumSignatureCount = 100

    /// The text, with its final newline.
    public let text: [UInt8]
    /// The signature lines, in order.
    public private(set) var signatures: [NoteSignature]

    /// A note to be signed.
    /// - Throws: ``NoteError/notText`` unless the text is UTF-8 that ends in a newline and has no other control
    ///   character.
    public init(text: [UInt8]) throws(NoteError) {
        guard text.last == 0x0A, Self.isText(text) else { throw .notText }
        self.text = text
        signatures = []
    }

    /// Reads a note.
    public init(parsing bytes: [UInt8]) throws(NoteError) {
        guard bytes.count <= Self.maximumByteCount else { throw .tooLarge }
        guard bytes.last == 0x0A, Self.isText(bytes) else { throw .notText }
        // The last empty line parts the text from the signatures.
        var split = bytes.count - 2
        while split > 0, !(bytes[split] == 0x0A && bytes[split - 1] == 0x0A) { split -= 1 }
        guard split > 0, split + 1 < bytes.count else { throw .noSignature }
        text = Array(bytes[..<split])
        signatures = []
        var lines = LineReader(Array(bytes[(split + 1)...]))
        while !lines.isAtEnd {
            guard signatures.count < Self.maximumSignatureCount else { throw .tooManySignatures }
            guard let line = lines.next(), let signature = NoteSignature(line: line) else {
                throw .malformedSignature(number: lines.line)
            }
            signatures.append(signature)
        }
    }

    /// Adds a signature line.
    public mutating func add(_ signature: NoteSignature) {
        signatures.append(signature)
    }

    /// The note as it is stored and sent.
    public var bytes: [UInt8] {
        var bytes = text
        bytes.append(0x0A)
        for signature in signatures { bytes.append(contentsOf: signature.line) }
        return bytes
    }

    /// UTF-8 without ASCII control characters other than newline.
    private static func isText(_ bytes: [UInt8]) -> Bool {
        bytes.allSatisfy { $0 >= 0x20 || $0 == 0x0A } && UTF8Text.isWellFormed(bytes)
    }
}

/// Why a note or checkpoint is refused.
public enum NoteError: Error, Hashable, Sendable {
    /// More bytes than ``SignedNote/maximumByteCount``.
    case tooLarge
    /// More signatures than ``SignedNote/maximumSignatureCount``.
    case tooManySignatures
    /// Not UTF-8, a control character, or no newline at the end.
    case notText
    /// No empty line with a signature after it.
    case noSignature
    /// The signature line of this number, from 1, is not one.
    case malformedSignature(number: Int)
    /// The text is not a checkpoint: this line of it, from 1, is missing or malformed.
    case malformedCheckpoint(line: Int)

    /// A stable name for the error.
    public var code: String {
        switch self {
        case .tooLarge: "note.too-large"
        case .tooManySignatures: "note.too-many-signatures"
        case .notText: "note.text"
        case .noSignature: "note.unsigned"
        case .malformedSignature: "note.signature"
        case .malformedCheckpoint: "checkpoint.malformed"
        }
    }
}
