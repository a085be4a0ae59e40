/// What is wrong with a JSON text, with the byte at which it was found.
public struct JSONError: Error, Hashable, Sendable {
    /// The kinds of refusal; the raw value is the stable code a caller sees.
    public enum Problem: String, Sendable {
        case syntax = "json.syntax"
        case utf8 = "json.utf8"
        case float = "json.float"
        case range = "json.range"
        case duplicateKey = "json.duplicateKey"
        case depth = "json.depth"
        case size = "json.size"
        case newline = "json.newline"
    }

    /// The kind of refusal.
    public let problem: Problem
    /// Offset in bytes from the start of the text.
    public let offset: Int

    /// Names a problem at an offset.
    public init(_ problem: Problem, at offset: Int) {
        self.problem = problem
        self.offset = offset
    }
}

/// Limits that a JSON text must keep; the defaults are those of a transaction payload (`ledger.md`).
public struct JSONLimits: Sendable {
    /// Largest nesting of arrays and objects.
    public var depth = 16
    /// Largest text in bytes.
    public var bytes = 65_535
    /// Whether a line break may stand between tokens. A payload is one line, so it may not.
    public var allowsNewlines = false

    /// The limits of a transaction payload.
    public init() {}

    /// Other limits.
    public init(depth: Int, bytes: Int, allowsNewlines: Bool) {
        self.depth = depth
        self.bytes = bytes
        self.allowsNewlines = allowsNewlines
    }
}

/// A parsed JSON text: the bytes and a flat list of its values, in order of appearance.
///
/// The profile is strict (`ledger.md`, Transaction): UTF-8, no floats, integers within ±2^53, no repeated keys, bounded
/// depth. Nothing is copied out until asked for, so checking a payload costs one pass and one allocation.
public final class JSONDocument: Sendable {
    /// The kind of a value; `yes` and `no` are JSON’s `true` and `false`.
    public enum Kind: UInt8, Sendable { case object, array, string, integer, yes, no, null }

    struct Node: Sendable {
        var kind: Kind
        var escaped: Bool
        /// First byte of the value; for a string the first byte inside its quotes.
        var start: UInt32
        /// One past the last byte of the value (of a string's content).
        var end: UInt32
        /// Index of the first node after this value and everything inside it.
        var next: UInt32
        /// Number of members of an object or elements of an array.
        var count: UInt32
    }

    /// The exact bytes that were parsed.
    public let bytes: [UInt8]
    let nodes: [Node]

    /// Parses a whole text.
    public init(_ bytes: [UInt8], limits: JSONLimits = JSONLimits()) throws(JSONError) {
        guard bytes.count <= limits.bytes, bytes.count < Int(UInt32.max) else {
            throw JSONError(.size, at: limits.bytes)
        }
        nodes = try bytes.withUnsafeBufferPointer { (buffer) throws(JSONError) in
            var parser = JSONParser(buffer: buffer, limits: limits)
            try parser.parseText()
            return parser.nodes
        }
        self.bytes = bytes
    }

    /// The outermost value.
    public var root: JSONValue { JSONValue(document: self, index: 0) }
}

/// One value of a `JSONDocument`.
public struct JSONValue: Sendable {
    let document: JSONDocument
    let index: Int

    private var node: JSONDocument.Node { document.nodes[index] }

    /// What the value is.
    public var kind: JSONDocument.Kind { node.kind }

    /// Number of members of an object or elements of an array; 0 for anything else.
    public var count: Int { Int(node.count) }

    /// The value's exact bytes as they stand in the text (a string without its quotes).
    public var rawBytes: ArraySlice<UInt8> { document.bytes[Int(node.start)..<Int(node.end)] }

    /// The value's whole text, a string with its quotes.
    public var text: ArraySlice<UInt8> {
        kind == .string ? document.bytes[Int(node.start) - 1..<Int(node.end) + 1] : rawBytes
    }

    /// The string, with escapes resolved; nil if this is not a string.
    public var string: String? {
        guard kind == .string else { return nil }
        if !node.escaped { return String(decoding: rawBytes, as: UTF8.self) }
        return String(decoding: JSONParser.unescape(rawBytes), as: UTF8.self)
    }

    /// The string as UTF-8 with escapes resolved; nil if this is not a string.
    public var stringBytes: [UInt8]? {
        guard kind == .string else { return nil }
        return node.escaped ? JSONParser.unescape(rawBytes) : [UInt8](rawBytes)
    }

    /// The integer; nil if this is not one.
    public var integer: Int64? {
        guard kind == .integer else { return nil }
        return document.bytes.withUnsafeBufferPointer { buffer in
            var at = Int(node.start)
            let negative = buffer[at] == UInt8(ascii: "-")
            if negative { at += 1 }
            var value: Int64 = 0
            while at < Int(node.end) {
                value = value * 10 + Int64(buffer[at] - 0x30)
                at += 1
            }
            return negative ? -value : value
        }
    }

    /// The truth value; nil if this is neither `true` nor `false`.
    public var bool: Bool? {
        switch kind {
        case .yes: true
        case .no: false
        default: nil
        }
    }

    /// The elements of an array; empty for anything else.
    public var elements: [JSONValue] {
        guard kind == .array else { return [] }
        var found: [JSONValue] = []
        found.reserveCapacity(count)
        var at = index + 1
        for _ in 0..<count {
            found.append(JSONValue(document: document, index: at))
            at = Int(document.nodes[at].next)
        }
        return found
    }

    /// The members of an object in order of appearance; empty for anything else.
    public var members: [(key: String, value: JSONValue)] {
        guard kind == .object else { return [] }
        var found: [(key: String, value: JSONValue)] = []
        found.reserveCapacity(count)
        var at = index + 1
        for _ in 0..<count {
            let key = JSONValue(document: document, index: at)
            found.append((key.string ?? "", JSONValue(document: document, index: at + 1)))
            at = Int(document.nodes[at + 1].next)
        }
        return found
    }

    /// The member of an object whose key is `key` (ASCII); nil if there is none.
    public func member(_ key: StaticString) -> JSONValue? {
        guard kind == .object else { return nil }
        return document.bytes.withUnsafeBufferPointer { bytes -> JSONValue? in
            let wanted = UnsafeBufferPointer(start: key.utf8Start, count: key.utf8CodeUnitCount)
            var at = index + 1
            for _ in 0..<count {
                let keyNode = document.nodes[at]
                let length = Int(keyNode.end - keyNode.start)
                if !keyNode.escaped, length == wanted.count {
                    var same = true
                    let base = Int(keyNode.start)
                    for offset in 0..<length where bytes[base + offset] != wanted[offset] {
                        same = false
                        break
                    }
                    if same { return JSONValue(document: document, index: at + 1) }
                }
                at = Int(document.nodes[at + 1].next)
            }
            return nil
        }
    }

    /// Whether two strings are the same bytes after resolving escapes.
    static func sameKey(_ left: JSONDocument.Node, _ right: JSONDocument.Node, _ bytes: UnsafeBufferPointer<UInt8>)
        -> Bool
    {
        if !left.escaped, !right.escaped {
            let length = left.end - left.start
            guard right.end - right.start == length else { return false }
            for offset in 0..<Int(length) where bytes[Int(left.start) + offset] != bytes[Int(right.start) + offset] {
                return false
            }
            return true
        }
        let leftBytes = JSONParser.unescape(bytes[Int(left.start)..<Int(left.end)])
        let rightBytes = JSONParser.unescape(bytes[Int(right.start)..<Int(right.end)])
        return leftBytes == rightBytes
    }
}
