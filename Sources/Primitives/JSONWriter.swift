/// Writes canonical JSON (`ledger.md`, Leaves): keys sorted by UTF-8 bytes, no spaces, shortest escapes, integers only.
///
/// Callers name the fields in sorted order; a writer that was called out of order sorts when the object closes, so the
/// bytes are canonical either way.
public struct JSONWriter: Sendable {
    /// What has been written so far.
    public private(set) var bytes: [UInt8] = []
    private var lastKey: StaticString?
    private var unsorted = false
    private var objectStart = 0
    /// A field that is to be written before the first key that sorts after it.
    private var pending: (name: StaticString, value: StaticString)?

    /// An empty writer.
    public init() {}

    /// An empty writer with room for `capacity` bytes.
    public init(capacity: Int) { bytes.reserveCapacity(capacity) }

    /// Writes an object whose fields the closure names.
    public mutating func object(_ fields: (inout JSONWriter) -> Void) {
        object(inserting: nil, fields)
    }

    /// Writes an object with the fields that the closure names and, in its place among them, one literal field whose
    /// value needs no escaping: an event's name beside the event's own fields.
    public mutating func object(
        inserting name: StaticString, literal value: StaticString, _ fields: (inout JSONWriter) -> Void
    ) {
        object(inserting: (name, value), fields)
    }

    private mutating func object(
        inserting insertion: (name: StaticString, value: StaticString)?, _ fields: (inout JSONWriter) -> Void
    ) {
        let outer = (lastKey, unsorted, objectStart, pending)
        objectStart = bytes.count
        lastKey = nil
        unsorted = false
        pending = insertion
        bytes.append(UInt8(ascii: "{"))
        fields(&self)
        if let insertion = pending { insert(insertion) }
        bytes.append(UInt8(ascii: "}"))
        if unsorted { sortFields(from: objectStart) }
        (lastKey, unsorted, objectStart, pending) = outer
    }

    private mutating func insert(_ insertion: (name: StaticString, value: StaticString)) {
        pending = nil
        field(insertion.name, literal: insertion.value)
    }

    /// Writes a key; the value is to follow.
    private mutating func key(_ key: StaticString) {
        if let insertion = pending, JSONWriter.isBefore(insertion.name, key) { insert(insertion) }
        if let lastKey {
            bytes.append(UInt8(ascii: ","))
            if !JSONWriter.isBefore(lastKey, key) { unsorted = true }
        }
        lastKey = key
        bytes.append(UInt8(ascii: "\""))
        bytes.append(contentsOf: UnsafeBufferPointer(start: key.utf8Start, count: key.utf8CodeUnitCount))
        bytes.append(UInt8(ascii: "\""))
        bytes.append(UInt8(ascii: ":"))
    }

    /// Writes a string field.
    public mutating func field(_ name: StaticString, _ value: String) {
        key(name)
        string(value)
    }

    /// Writes a string field whose value is a literal without characters that need escaping.
    public mutating func field(_ name: StaticString, literal value: StaticString) {
        key(name)
        bytes.append(UInt8(ascii: "\""))
        bytes.append(contentsOf: UnsafeBufferPointer(start: value.utf8Start, count: value.utf8CodeUnitCount))
        bytes.append(UInt8(ascii: "\""))
    }

    /// Writes an integer field.
    public mutating func field(_ name: StaticString, _ value: Int64) {
        key(name)
        integer(value)
    }

    /// Writes an integer field.
    public mutating func field(_ name: StaticString, _ value: Int) { field(name, Int64(value)) }

    /// Writes a truth field.
    public mutating func field(_ name: StaticString, _ value: Bool) {
        key(name)
        bytes.append(contentsOf: value ? JSONWriter.trueWord : JSONWriter.falseWord)
    }

    /// Writes a field whose value is canonical JSON already.
    public mutating func field(_ name: StaticString, canonical value: some Sequence<UInt8>) {
        key(name)
        bytes.append(contentsOf: value)
    }

    /// Writes a field whose value is an object.
    public mutating func field(_ name: StaticString, object fields: (inout JSONWriter) -> Void) {
        key(name)
        object(fields)
    }

    /// Writes a field whose value is an array, one element per item.
    public mutating func field<Item>(
        _ name: StaticString, array items: some Sequence<Item>, _ element: (inout JSONWriter, Item) -> Void
    ) {
        key(name)
        array(items, element)
    }

    /// Writes an array, one element per item.
    public mutating func array<Item>(_ items: some Sequence<Item>, _ element: (inout JSONWriter, Item) -> Void) {
        bytes.append(UInt8(ascii: "["))
        var first = true
        for item in items {
            if !first { bytes.append(UInt8(ascii: ",")) }
            first = false
            element(&self, item)
        }
        bytes.append(UInt8(ascii: "]"))
    }

    /// Writes a string value with the shortest escapes (RFC 8259 §7: only `"`, `\` and control characters).
    public mutating func string(_ value: String) {
        var value = value
        value.withUTF8 { utf8 in
            string(utf8: utf8)
        }
    }

    /// Writes a string value given as valid UTF-8.
    public mutating func string(utf8: UnsafeBufferPointer<UInt8>) {
        bytes.append(UInt8(ascii: "\""))
        var clean = 0
        for (at, byte) in utf8.enumerated() where byte < 0x20 || byte == 0x22 || byte == 0x5C {
            bytes.append(contentsOf: utf8[clean..<at])
            escape(byte)
            clean = at + 1
        }
        bytes.append(contentsOf: utf8[clean...])
        bytes.append(UInt8(ascii: "\""))
    }

    /// Writes an integer value.
    public mutating func integer(_ value: Int64) {
        if value < 0 { bytes.append(UInt8(ascii: "-")) }
        var magnitude = value.magnitude
        if magnitude < 10 {
            bytes.append(0x30 + UInt8(magnitude))
            return
        }
        let start = bytes.count
        while magnitude > 0 {
            bytes.append(0x30 + UInt8(magnitude % 10))
            magnitude /= 10
        }
        bytes[start...].reverse()
    }

    private mutating func escape(_ byte: UInt8) {
        bytes.append(UInt8(ascii: "\\"))
        switch byte {
        case 0x22, 0x5C: bytes.append(byte)
        case 0x08: bytes.append(UInt8(ascii: "b"))
        case 0x09: bytes.append(UInt8(ascii: "t"))
        case 0x0A: bytes.append(UInt8(ascii: "n"))
        case 0x0C: bytes.append(UInt8(ascii: "f"))
        case 0x0D: bytes.append(UInt8(ascii: "r"))
        default:
            let digits: StaticString = "0123456789abcdef"
            bytes.append(UInt8(ascii: "u"))
            bytes.append(0x30)
            bytes.append(0x30)
            bytes.append(digits.utf8Start[Int(byte >> 4)])
            bytes.append(digits.utf8Start[Int(byte & 15)])
        }
    }

    private static let trueWord: [UInt8] = [0x74, 0x72, 0x75, 0x65]
    private static let falseWord: [UInt8] = [0x66, 0x61, 0x6C, 0x73, 0x65]

    private static func isBefore(_ left: StaticString, _ right: StaticString) -> Bool {
        let shared = min(left.utf8CodeUnitCount, right.utf8CodeUnitCount)
        for at in 0..<shared where left.utf8Start[at] != right.utf8Start[at] {
            return left.utf8Start[at] < right.utf8Start[at]
        }
        return left.utf8CodeUnitCount < right.utf8CodeUnitCount
    }

    private mutating func sortFields(from start: Int) {
        let limits = JSONLimits(depth: 64, bytes: 1 << 30, allowsNewlines: false)
        guard let document = try? JSONDocument([UInt8](bytes[start...]), limits: limits) else { return }
        let members = document.root.members.sorted { Array($0.key.utf8).lexicographicallyPrecedes(Array($1.key.utf8)) }
        bytes.removeSubrange(start...)
        bytes.append(UInt8(ascii: "{"))
        for (at, member) in members.enumerated() {
            if at > 0 { bytes.append(UInt8(ascii: ",")) }
            string(member.key)
            bytes.append(UInt8(ascii: ":"))
            bytes.append(contentsOf: member.value.text)
        }
        bytes.append(UInt8(ascii: "}"))
    }
}
