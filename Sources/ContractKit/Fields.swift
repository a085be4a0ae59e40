package import Primitives

/// Reads the fields of one JSON object, each with its limits, and refuses what is not asked for.
///
/// Every refusal names the field's path. Reading is by name, in any order; `finish` refuses unknown fields.
package struct Fields {
    private let value: JSONValue
    private let path: String
    private var used = 0

    /// A reader of the object `value`, whose path (for refusals) is `path`, such as `body`.
    package init(_ value: JSONValue, path: String = "") throws(Reason) {
        guard value.kind == .object else { throw Reason.fieldType.at(path) }
        self.value = value
        self.path = path
    }

    /// The full path of a field of this object.
    package func path(of key: StaticString) -> String { path.isEmpty ? "\(key)" : "\(path).\(key)" }

    /// Refuses any field that was not read.
    package func finish() throws(Reason) {
        if used == value.count { return }
        throw Reason.fieldUnknown.at(path)
    }

    private mutating func take(_ key: StaticString) throws(Reason) -> JSONValue {
        guard let found = takeOptional(key) else { throw Reason.fieldMissing.at(path(of: key)) }
        return found
    }

    private mutating func takeOptional(_ key: StaticString) -> JSONValue? {
        guard let found = value.member(key) else { return nil }
        used += 1
        return found
    }

    /// A string of `bytes` UTF-8 bytes.
    package mutating func string(_ key: StaticString, bytes: ClosedRange<Int>) throws(Reason) -> String {
        let found = try take(key)
        return try string(found, key, bytes)
    }

    /// A string of `bytes` UTF-8 bytes, or nil where the field is absent.
    package mutating func optionalString(_ key: StaticString, bytes: ClosedRange<Int>) throws(Reason) -> String? {
        guard let found = takeOptional(key) else { return nil }
        return try string(found, key, bytes)
    }

    private func string(_ found: JSONValue, _ key: StaticString, _ bytes: ClosedRange<Int>) throws(Reason) -> String {
        guard let text = found.string else { throw Reason.fieldType.at(path(of: key)) }
        guard bytes.contains(text.utf8.count) else { throw Reason.fieldRange.at(path(of: key)) }
        return text
    }

    /// A text for people on one line: like `string`, but without control and text-direction characters, which could
    /// make a page show something else than what is recorded.
    package mutating func text(_ key: StaticString, bytes: ClosedRange<Int>) throws(Reason) -> String {
        let text = try string(key, bytes: bytes)
        guard Fields.isPlainLine(text) else { throw Reason.fieldRange.at(path(of: key)) }
        return text
    }

    /// A text for people on one line, or nil where the field is absent.
    package mutating func optionalText(_ key: StaticString, bytes: ClosedRange<Int>) throws(Reason) -> String? {
        guard value.member(key) != nil else { return nil }
        return try text(key, bytes: bytes)
    }

    /// Whether `text` has neither control characters (Unicode C0, C1) nor explicit text-direction characters (UAX #9).
    package static func isPlainLine(_ text: String) -> Bool {
        text.unicodeScalars.allSatisfy { scalar in
            switch scalar.value {
            case 0...0x1F, 0x7F...0x9F, 0x200E, 0x200F, 0x2028...0x202E, 0x2066...0x2069: false
            default: true
            }
        }
    }

    /// A rule value: an integer within ±2^53, or a text of at most `ParameterValue.longestText` bytes on one line.
    package mutating func parameterValue(_ key: StaticString) throws(Reason) -> ParameterValue {
        let found = try take(key)
        if let number = found.integer { return .integer(number) }
        let text = try string(found, key, 0...ParameterValue.longestText)
        guard Fields.isPlainLine(text) else { throw Reason.fieldRange.at(path(of: key)) }
        return .text(text)
    }

    /// An identifier: 1–64 bytes of ASCII letters, digits and `. _ : -`, beginning with a letter or digit.
    package mutating func identifier(_ key: StaticString) throws(Reason) -> String {
        let text = try string(key, bytes: 1...64)
        guard Fields.isIdentifier(text) else { throw Reason.fieldRange.at(path(of: key)) }
        return text
    }

    /// An identifier, or nil where the field is absent.
    package mutating func optionalIdentifier(_ key: StaticString) throws(Reason) -> String? {
        guard value.member(key) != nil else { return nil }
        return try identifier(key)
    }

    /// Whether `text` may be used as an identifier in a state key.
    package static func isIdentifier(_ text: String) -> Bool {
        guard (1...64).contains(text.utf8.count) else { return false }
        var first = true
        for byte in text.utf8 {
            switch byte {
            case 0x30...0x39, 0x41...0x5A, 0x61...0x7A: break
            case UInt8(ascii: "."), UInt8(ascii: "_"), UInt8(ascii: ":"), UInt8(ascii: "-"):
                if first { return false }
            default: return false
            }
            first = false
        }
        return true
    }

    /// An integer within `range`.
    package mutating func integer(_ key: StaticString, in range: ClosedRange<Int64>) throws(Reason) -> Int64 {
        let found = try take(key)
        guard let number = found.integer else { throw Reason.fieldType.at(path(of: key)) }
        guard range.contains(number) else { throw Reason.fieldRange.at(path(of: key)) }
        return number
    }

    /// An integer within `range`, or nil where the field is absent.
    package mutating func optionalInteger(_ key: StaticString, in range: ClosedRange<Int64>) throws(Reason) -> Int64? {
        guard value.member(key) != nil else { return nil }
        return try integer(key, in: range)
    }

    /// A truth value.
    package mutating func bool(_ key: StaticString) throws(Reason) -> Bool {
        let found = try take(key)
        guard let truth = found.bool else { throw Reason.fieldType.at(path(of: key)) }
        return truth
    }

    /// A truth value, or nil where the field is absent.
    package mutating func optionalBool(_ key: StaticString) throws(Reason) -> Bool? {
        guard value.member(key) != nil else { return nil }
        return try bool(key)
    }

    /// A point in time, in milliseconds since 1970 UTC.
    package mutating func instant(_ key: StaticString) throws(Reason) -> Instant {
        Instant(milliseconds: try integer(key, in: 0...4_102_444_800_000))
    }

    /// A point in time, or nil where the field is absent.
    package mutating func optionalInstant(_ key: StaticString) throws(Reason) -> Instant? {
        guard value.member(key) != nil else { return nil }
        return try instant(key)
    }

    /// A SHA-256 digest as 64 lower-case hex digits.
    package mutating func digest(_ key: StaticString) throws(Reason) -> Digest {
        let text = try string(key, bytes: 64...64)
        guard let digest = Digest(hex: text), digest.hex == text else { throw Reason.fieldRange.at(path(of: key)) }
        return digest
    }

    /// One of a fixed set of words.
    package mutating func word<Word: RawRepresentable<String>>(
        _ key: StaticString, as: Word.Type = Word.self
    ) throws(Reason) -> Word {
        let text = try string(key, bytes: 1...64)
        guard let word = Word(rawValue: text) else { throw Reason.fieldRange.at(path(of: key)) }
        return word
    }

    /// A keyid: 43 characters of base64url for the 32 bytes of a digest.
    package mutating func keyID(_ key: StaticString) throws(Reason) -> String {
        let text = try string(key, bytes: 43...43)
        guard Base64.url.decode(text)?.count == 32 else { throw Reason.fieldRange.at(path(of: key)) }
        return text
    }

    /// Bytes in unpadded base64url.
    package mutating func base64URL(_ key: StaticString, bytes: ClosedRange<Int>) throws(Reason) -> [UInt8] {
        let found = try take(key)
        guard found.kind == .string else { throw Reason.fieldType.at(path(of: key)) }
        guard let decoded = Base64.url.decode(found.rawBytes), bytes.contains(decoded.count)
        else { throw Reason.fieldRange.at(path(of: key)) }
        return decoded
    }

    /// An array of objects, each read by `element`.
    package mutating func list<Element>(
        _ key: StaticString, count: ClosedRange<Int>, _ element: (inout Fields) throws(Reason) -> Element
    ) throws(Reason) -> [Element] {
        let found = try array(key, count)
        var result: [Element] = []
        result.reserveCapacity(found.count)
        var index = 0
        for item in found {
            var fields = try Fields(item, path: "\(path(of: key))[\(index)]")
            result.append(try element(&fields))
            try fields.finish()
            index += 1
        }
        return result
    }

    /// An array of objects, or nil where the field is absent.
    package mutating func optionalList<Element>(
        _ key: StaticString, count: ClosedRange<Int>, _ element: (inout Fields) throws(Reason) -> Element
    ) throws(Reason) -> [Element]? {
        guard value.member(key) != nil else { return nil }
        return try list(key, count: count, element)
    }

    /// An array of strings of `bytes` UTF-8 bytes each.
    package mutating func strings(
        _ key: StaticString, count: ClosedRange<Int>, bytes: ClosedRange<Int>
    ) throws(Reason) -> [String] {
        let found = try array(key, count)
        var result: [String] = []
        result.reserveCapacity(found.count)
        for item in found { result.append(try string(item, key, bytes)) }
        return result
    }

    /// An array of integers within `range`.
    package mutating func integers(
        _ key: StaticString, count: ClosedRange<Int>, in range: ClosedRange<Int64>
    ) throws(Reason) -> [Int64] {
        let found = try array(key, count)
        var result: [Int64] = []
        result.reserveCapacity(found.count)
        for item in found {
            guard let number = item.integer else { throw Reason.fieldType.at(path(of: key)) }
            guard range.contains(number) else { throw Reason.fieldRange.at(path(of: key)) }
            result.append(number)
        }
        return result
    }

    private mutating func array(_ key: StaticString, _ count: ClosedRange<Int>) throws(Reason) -> [JSONValue] {
        let found = try take(key)
        guard found.kind == .array else { throw Reason.fieldType.at(path(of: key)) }
        guard count.contains(found.count) else { throw Reason.fieldRange.at(path(of: key)) }
        return found.elements
    }

    /// A nested object read as a record.
    package mutating func record<R: Record>(_ key: StaticString, as: R.Type = R.self) throws(Reason) -> R {
        let found = try take(key)
        var fields = try Fields(found, path: path(of: key))
        let record = try R(&fields)
        try fields.finish()
        return record
    }

    /// A nested object read as a record, or nil where the field is absent.
    package mutating func optionalRecord<R: Record>(_ key: StaticString, as: R.Type = R.self) throws(Reason) -> R? {
        guard value.member(key) != nil else { return nil }
        return try record(key, as: R.self)
    }
}
