public import Primitives

/// A tree head: which log, how many leaves, which root (C2SP tlog-checkpoint, the note's text).
public struct Checkpoint: Hashable, Sendable {
    /// The log's identity, not empty.
    public let origin: UTF8Text
    /// The number of leaves.
    public let size: UInt64
    /// The root hash of the tree of that size.
    public let root: Digest
    /// Further lines, none of them empty; not auditable and best left out.
    public let extensions: [UTF8Text]

    /// A tree head; nil when the origin or an extension is empty or has a control character, or the size is beyond
    /// ``Tiles/maximumTreeSize``.
    public init?(origin: UTF8Text, size: UInt64, root: Digest, extensions: [UTF8Text] = []) {
        guard size <= Tiles.maximumTreeSize, ([origin] + extensions).allSatisfy({ Self.isLine($0.bytes) }) else {
            return nil
        }
        self.origin = origin
        self.size = size
        self.root = root
        self.extensions = extensions
    }

    /// Reads a note's text.
    public init(parsing text: [UInt8]) throws(NoteError) {
        var lines = LineReader(text)
        guard let origin = Self.line(&lines) else { throw .malformedCheckpoint(line: 1) }
        guard let sizeLine = lines.next(),
            let size = ASCIIDecimal.parse(sizeLine, maximum: Tiles.maximumTreeSize)
        else { throw .malformedCheckpoint(line: 2) }
        guard let rootLine = lines.next(), let bytes = Base64.standard.decode(rootLine),
            let root = Digest(bytes: bytes)
        else { throw .malformedCheckpoint(line: 3) }
        var extensions: [UTF8Text] = []
        while !lines.isAtEnd {
            guard let line = Self.line(&lines) else { throw .malformedCheckpoint(line: lines.line) }
            extensions.append(line)
        }
        self.origin = origin
        self.size = size
        self.root = root
        self.extensions = extensions
    }

    /// The note's text, with its final newline: what is signed.
    public var text: [UInt8] {
        var text = origin.bytes
        text.append(0x0A)
        ASCIIDecimal.append(size, to: &text)
        text.append(0x0A)
        text.append(contentsOf: Base64.standard.encodeBytes(root.bytes))
        text.append(0x0A)
        for line in extensions {
            text.append(contentsOf: line.bytes)
            text.append(0x0A)
        }
        return text
    }

    private static func isLine(_ bytes: [UInt8]) -> Bool {
        !bytes.isEmpty && bytes.allSatisfy { $0 >= 0x20 }
    }

    private static func line(_ lines: inout LineReader) -> UTF8Text? {
        guard let line = lines.next(), isLine(Array(line)) else { return nil }
        return UTF8Text(bytes: Array(line))
    }
}

/// A note whose text is a checkpoint.
public struct SignedCheckpoint: Hashable, Sendable {
    /// The note, its signatures not yet checked.
    public private(set) var note: SignedNote
    /// What its text says.
    public let checkpoint: Checkpoint

    /// A checkpoint to be signed.
    public init(_ checkpoint: Checkpoint) throws(NoteError) {
        note = try SignedNote(text: checkpoint.text)
        self.checkpoint = checkpoint
    }

    /// Reads a signed checkpoint.
    public init(parsing bytes: [UInt8]) throws(NoteError) {
        note = try SignedNote(parsing: bytes)
        checkpoint = try Checkpoint(parsing: note.text)
    }

    /// Adds a signature line.
    public mutating func add(_ signature: NoteSignature) { note.add(signature) }

    /// The signed checkpoint as it is stored and sent.
    public var bytes: [UInt8] { note.bytes }
}
