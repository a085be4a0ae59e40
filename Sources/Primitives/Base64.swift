/// The two alphabets of base 64 in use here, both strict: one spelling for each sequence of bytes.
///
/// Strict means: no white space, padding exactly where the form asks for it, and the unused bits of the last digit
/// are zero (RFC 4648 §3.5). A lenient decoder would let one signature or key have several texts.
public enum Base64: Sendable {
    /// RFC 4648 §4 with padding: signed notes, checkpoints, proofs.
    case standard
    /// RFC 4648 §5 without padding: key ids and signatures inside leaves, WebAuthn.
    case url

    /// The text of `bytes` as ASCII bytes.
    public func encodeBytes(_ bytes: UnsafeRawBufferPointer) -> [UInt8] {
        let length = encodedCount(bytes.count)
        return [UInt8](unsafeUninitializedCapacity: length) { output, count in
            write(bytes, to: output)
            count = length
        }
    }

    /// The text of `bytes` as ASCII bytes.
    public func encodeBytes(_ bytes: [UInt8]) -> [UInt8] {
        bytes.withUnsafeBytes { encodeBytes($0) }
    }

    /// The text of `bytes`.
    public func encode(_ bytes: UnsafeRawBufferPointer) -> String {
        let length = encodedCount(bytes.count)
        return String(unsafeUninitializedCapacity: length) { output in
            write(bytes, to: output)
            return length
        }
    }

    /// The text of `bytes`.
    public func encode(_ bytes: [UInt8]) -> String {
        bytes.withUnsafeBytes { encode($0) }
    }

    /// The bytes written as `text`; nil unless `text` is exactly what ``encodeBytes(_:)-([UInt8])`` gives for them.
    public func decode(_ text: UnsafeRawBufferPointer) -> [UInt8]? {
        guard let digits = digitCount(text) else { return nil }
        let rest = digits & 3
        let length = (digits &>> 2) &* 3 &+ (rest == 0 ? 0 : rest &- 1)
        let table = self == .standard ? Self.standardValues : Self.urlValues
        var bad: UInt8 = 0
        let bytes = [UInt8](unsafeUninitializedCapacity: length) { output, count in
            count = length
            bad = table.withUnsafeBufferPointer { Self.read(text, digits: digits, $0, into: output) }
        }
        return bad < 64 ? bytes : nil
    }

    /// The bytes written as `text`; nil unless it is the one spelling of them.
    public func decode(_ text: [UInt8]) -> [UInt8]? {
        text.withUnsafeBytes { decode($0) }
    }

    /// The bytes written as `text`; nil unless it is the one spelling of them.
    public func decode(_ text: ArraySlice<UInt8>) -> [UInt8]? {
        text.withUnsafeBytes { decode($0) }
    }

    /// The bytes written as `text`; nil unless it is the one spelling of them.
    public func decode(_ text: String) -> [UInt8]? {
        var copy = text
        return copy.withUTF8 { decode(UnsafeRawBufferPointer($0)) }
    }

    /// How many characters `count` bytes take.
    public func encodedCount(_ count: Int) -> Int {
        let rest = count % 3
        let whole = count / 3 &* 4
        if rest == 0 { return whole }
        return whole &+ (self == .standard ? 4 : rest &+ 1)
    }

    /// The number of digits before padding; nil when the padding or the length is wrong.
    private func digitCount(_ text: UnsafeRawBufferPointer) -> Int? {
        var digits = text.count
        if self == .standard {
            guard digits & 3 == 0 else { return nil }
            if digits > 0, text[digits &- 1] == 0x3D { digits &-= 1 }
            if digits & 3 == 3, text[digits &- 1] == 0x3D { digits &-= 1 }
        }
        return digits & 3 == 1 ? nil : digits
    }

    private func write(_ bytes: UnsafeRawBufferPointer, to output: UnsafeMutableBufferPointer<UInt8>) {
        let alphabet = self == .standard ? Self.standardAlphabet : Self.urlAlphabet
        alphabet.withUnsafeBufferPointer { digits in
            var source = 0
            var target = 0
            while source &+ 3 <= bytes.count {
                let group =
                    Int(bytes[source]) &<< 16 | Int(bytes[source &+ 1]) &<< 8 | Int(bytes[source &+ 2])
                output[target] = digits[group &>> 18]
                output[target &+ 1] = digits[group &>> 12 & 63]
                output[target &+ 2] = digits[group &>> 6 & 63]
                output[target &+ 3] = digits[group & 63]
                source &+= 3
                target &+= 4
            }
            let rest = bytes.count &- source
            guard rest > 0 else { return }
            let second = rest == 2 ? Int(bytes[source &+ 1]) : 0
            let group = Int(bytes[source]) &<< 16 | second &<< 8
            output[target] = digits[group &>> 18]
            output[target &+ 1] = digits[group &>> 12 & 63]
            if rest == 2 { output[target &+ 2] = digits[group &>> 6 & 63] }
            guard self == .standard else { return }
            if rest == 1 { output[target &+ 2] = 0x3D }
            output[target &+ 3] = 0x3D
        }
    }

    /// Fills `output` and returns the union of all digit values: 64 or more when a byte was no digit or a bit that
    /// must be zero was not.
    @inline(__always)
    private static func read(
        _ text: UnsafeRawBufferPointer, digits: Int, _ table: UnsafeBufferPointer<UInt8>,
        into output: UnsafeMutableBufferPointer<UInt8>
    ) -> UInt8 {
        var bad: UInt8 = 0
        var source = 0
        var target = 0
        while source &+ 4 <= digits {
            let first = table[Int(text[source])]
            let second = table[Int(text[source &+ 1])]
            let third = table[Int(text[source &+ 2])]
            let fourth = table[Int(text[source &+ 3])]
            bad |= first | second | third | fourth
            output[target] = first &<< 2 | second &>> 4
            output[target &+ 1] = second &<< 4 | third &>> 2
            output[target &+ 2] = third &<< 6 | fourth
            source &+= 4
            target &+= 3
        }
        guard source < digits else { return bad }
        let first = table[Int(text[source])]
        let second = table[Int(text[source &+ 1])]
        bad |= first | second
        output[target] = first &<< 2 | second &>> 4
        if digits &- source == 2 { return second & 15 == 0 ? bad : 0xFF }
        let third = table[Int(text[source &+ 2])]
        bad |= third
        output[target &+ 1] = second &<< 4 | third &>> 2
        return third & 3 == 0 ? bad : 0xFF
    }

    private static let standardAlphabet = alphabet(0x2B, 0x2F)
    private static let urlAlphabet = alphabet(0x2D, 0x5F)
    private static let standardValues = values(of: standardAlphabet)
    private static let urlValues = values(of: urlAlphabet)

    /// A–Z, a–z, 0–9 and the two characters in which the alphabets differ.
    private static func alphabet(_ character62: UInt8, _ character63: UInt8) -> [UInt8] {
        [UInt8](0x41...0x5A) + [UInt8](0x61...0x7A) + [UInt8](0x30...0x39) + [character62, character63]
    }

    private static func values(of alphabet: [UInt8]) -> [UInt8] {
        var table = [UInt8](repeating: 0xFF, count: 256)
        for (value, character) in alphabet.enumerated() { table[Int(character)] = UInt8(value) }
        return table
    }
}
