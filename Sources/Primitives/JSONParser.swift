/// The strict scanner behind `JSONDocument`.
struct JSONParser {
    let buffer: UnsafeBufferPointer<UInt8>
    let limits: JSONLimits
    private(set) var nodes: [JSONDocument.Node] = []
    var at = 0

    /// Above this many members an object's keys are compared through a set instead of pairwise.
    private static let pairwiseKeys = 24
    /// Largest integer that every JSON implementation holds exactly (RFC 8259 §6).
    private static let largestInteger: Int64 = 9_007_199_254_740_992

    init(buffer: UnsafeBufferPointer<UInt8>, limits: JSONLimits) {
        self.buffer = buffer
        self.limits = limits
        nodes.reserveCapacity(min(buffer.count / 8 + 4, 4_096))
    }

    mutating func parseText() throws(JSONError) {
        try skipSpace()
        try parseValue(depth: 0)
        try skipSpace()
        guard at == buffer.count else { throw JSONError(.syntax, at: at) }
    }

    private mutating func skipSpace() throws(JSONError) {
        while at < buffer.count {
            switch buffer[at] {
            case 0x20, 0x09: at += 1
            case 0x0A, 0x0D:
                guard limits.allowsNewlines else { throw JSONError(.newline, at: at) }
                at += 1
            default: return
            }
        }
    }

    private mutating func parseValue(depth: Int) throws(JSONError) {
        guard at < buffer.count else { throw JSONError(.syntax, at: at) }
        switch buffer[at] {
        case UInt8(ascii: "{"): try parseObject(depth: depth + 1)
        case UInt8(ascii: "["): try parseArray(depth: depth + 1)
        case UInt8(ascii: "\""): try parseString()
        case UInt8(ascii: "t"): try parseWord("true", .yes)
        case UInt8(ascii: "f"): try parseWord("false", .no)
        case UInt8(ascii: "n"): try parseWord("null", .null)
        default: try parseInteger()
        }
    }

    private mutating func open(_ kind: JSONDocument.Kind, depth: Int) throws(JSONError) -> Int {
        guard depth <= limits.depth else { throw JSONError(.depth, at: at) }
        nodes.append(.init(kind: kind, escaped: false, start: UInt32(at), end: 0, next: 0, count: 0))
        at += 1
        return nodes.count - 1
    }

    private mutating func close(_ opened: Int, count: Int) {
        at += 1
        nodes[opened].end = UInt32(at)
        nodes[opened].next = UInt32(nodes.count)
        nodes[opened].count = UInt32(count)
    }

    private mutating func parseObject(depth: Int) throws(JSONError) {
        let opened = try open(.object, depth: depth)
        var count = 0
        try skipSpace()
        if at < buffer.count, buffer[at] == UInt8(ascii: "}") {
            close(opened, count: 0)
            return
        }
        while true {
            try skipSpace()
            guard at < buffer.count, buffer[at] == UInt8(ascii: "\"") else { throw JSONError(.syntax, at: at) }
            let keyStart = at
            let key = nodes.count
            try parseString()
            if count < JSONParser.pairwiseKeys {
                try refuseRepeatedKey(key, in: opened, members: count, at: keyStart)
            }
            try skipSpace()
            guard at < buffer.count, buffer[at] == UInt8(ascii: ":") else { throw JSONError(.syntax, at: at) }
            at += 1
            try skipSpace()
            try parseValue(depth: depth)
            count += 1
            try skipSpace()
            guard at < buffer.count else { throw JSONError(.syntax, at: at) }
            if buffer[at] == UInt8(ascii: "}") { break }
            guard buffer[at] == UInt8(ascii: ",") else { throw JSONError(.syntax, at: at) }
            at += 1
        }
        if count > JSONParser.pairwiseKeys { try refuseRepeatedKeys(in: opened, members: count) }
        close(opened, count: count)
    }

    private func refuseRepeatedKey(_ key: Int, in opened: Int, members: Int, at offset: Int) throws(JSONError) {
        var other = opened + 1
        for _ in 0..<members {
            if JSONValue.sameKey(nodes[other], nodes[key], buffer) { throw JSONError(.duplicateKey, at: offset) }
            other = Int(nodes[other + 1].next)
        }
    }

    private func refuseRepeatedKeys(in opened: Int, members: Int) throws(JSONError) {
        var seen = Set<[UInt8]>()
        var key = opened + 1
        for _ in 0..<members {
            let node = nodes[key]
            let bytes = JSONParser.unescape(buffer[Int(node.start)..<Int(node.end)])
            guard seen.insert(bytes).inserted else { throw JSONError(.duplicateKey, at: Int(node.start)) }
            key = Int(nodes[key + 1].next)
        }
    }

    private mutating func parseArray(depth: Int) throws(JSONError) {
        let opened = try open(.array, depth: depth)
        var count = 0
        try skipSpace()
        if at < buffer.count, buffer[at] == UInt8(ascii: "]") {
            close(opened, count: 0)
            return
        }
        while true {
            try skipSpace()
            try parseValue(depth: depth)
            count += 1
            try skipSpace()
            guard at < buffer.count else { throw JSONError(.syntax, at: at) }
            if buffer[at] == UInt8(ascii: "]") { break }
            guard buffer[at] == UInt8(ascii: ",") else { throw JSONError(.syntax, at: at) }
            at += 1
        }
        close(opened, count: count)
    }

    private mutating func parseWord(_ word: StaticString, _ kind: JSONDocument.Kind) throws(JSONError) {
        let length = word.utf8CodeUnitCount
        guard at + length <= buffer.count else { throw JSONError(.syntax, at: at) }
        for offset in 0..<length where buffer[at + offset] != word.utf8Start[offset] {
            throw JSONError(.syntax, at: at)
        }
        appendScalar(kind, start: at, end: at + length, escaped: false)
        at += length
    }

    private mutating func appendScalar(_ kind: JSONDocument.Kind, start: Int, end: Int, escaped: Bool) {
        nodes.append(
            .init(
                kind: kind, escaped: escaped, start: UInt32(start), end: UInt32(end), next: UInt32(nodes.count + 1),
                count: 0))
    }

    private mutating func parseInteger() throws(JSONError) {
        let start = at
        if buffer[at] == UInt8(ascii: "-") { at += 1 }
        let firstDigit = at
        var value: Int64 = 0
        while at < buffer.count, buffer[at] >= 0x30, buffer[at] <= 0x39 {
            guard at - firstDigit < 16 else { throw JSONError(.range, at: start) }
            value = value * 10 + Int64(buffer[at] - 0x30)
            at += 1
        }
        guard at > firstDigit else { throw JSONError(.syntax, at: start) }
        if at < buffer.count, buffer[at] == UInt8(ascii: ".") || buffer[at] | 0x20 == UInt8(ascii: "e") {
            throw JSONError(.float, at: start)
        }
        let leadingZero = buffer[firstDigit] == 0x30 && (at - firstDigit > 1 || firstDigit > start)
        guard !leadingZero else { throw JSONError(.syntax, at: start) }
        guard value <= JSONParser.largestInteger else { throw JSONError(.range, at: start) }
        appendScalar(.integer, start: start, end: at, escaped: false)
    }

    private mutating func parseString() throws(JSONError) {
        at += 1
        let start = at
        var escaped = false
        while true {
            guard at < buffer.count else { throw JSONError(.syntax, at: start - 1) }
            let byte = buffer[at]
            if byte == UInt8(ascii: "\"") { break }
            if byte == UInt8(ascii: "\\") {
                escaped = true
                try skipEscape()
            } else if byte < 0x20 {
                throw JSONError(.syntax, at: at)
            } else if byte < 0x80 {
                at += 1
            } else {
                try skipMultibyte(byte)
            }
        }
        appendScalar(.string, start: start, end: at, escaped: escaped)
        at += 1
    }

    private mutating func skipEscape() throws(JSONError) {
        guard at + 1 < buffer.count else { throw JSONError(.syntax, at: at) }
        switch buffer[at + 1] {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"), UInt8(ascii: "b"), UInt8(ascii: "f"),
            UInt8(ascii: "n"), UInt8(ascii: "r"), UInt8(ascii: "t"):
            at += 2
        case UInt8(ascii: "u"):
            guard let unit = JSONParser.hexUnit(buffer, at: at + 2) else { throw JSONError(.syntax, at: at) }
            if unit >= 0xDC00, unit <= 0xDFFF { throw JSONError(.utf8, at: at) }
            if unit >= 0xD800, unit <= 0xDBFF {
                guard at + 7 < buffer.count, buffer[at + 6] == UInt8(ascii: "\\"), buffer[at + 7] == UInt8(ascii: "u"),
                    let low = JSONParser.hexUnit(buffer, at: at + 8), low >= 0xDC00, low <= 0xDFFF
                else { throw JSONError(.utf8, at: at) }
                at += 12
            } else {
                at += 6
            }
        default: throw JSONError(.syntax, at: at)
        }
    }

    /// Checks one multi-byte UTF-8 sequence (RFC 3629: no overlong forms, no surrogates, at most U+10FFFF).
    private mutating func skipMultibyte(_ first: UInt8) throws(JSONError) {
        let length = first >= 0xF0 ? 4 : first >= 0xE0 ? 3 : 2
        guard first >= 0xC2, first <= 0xF4, at + length <= buffer.count else { throw JSONError(.utf8, at: at) }
        for offset in 1..<length where buffer[at + offset] & 0xC0 != 0x80 { throw JSONError(.utf8, at: at) }
        let second = buffer[at + 1]
        let wrong =
            (first == 0xE0 && second < 0xA0) || (first == 0xED && second > 0x9F) || (first == 0xF0 && second < 0x90)
            || (first == 0xF4 && second > 0x8F)
        guard !wrong else { throw JSONError(.utf8, at: at) }
        at += length
    }

    static func hexUnit(_ bytes: UnsafeBufferPointer<UInt8>, at start: Int) -> UInt32? {
        guard start + 4 <= bytes.count else { return nil }
        var unit: UInt32 = 0
        for offset in 0..<4 {
            guard let digit = hexDigit(bytes[start + offset]) else { return nil }
            unit = unit << 4 | UInt32(digit)
        }
        return unit
    }

    static func hexDigit(_ byte: UInt8) -> UInt8? {
        switch byte {
        case 0x30...0x39: byte - 0x30
        case 0x41...0x46: byte - 0x41 + 10
        case 0x61...0x66: byte - 0x61 + 10
        default: nil
        }
    }

    /// Resolves the escapes of a string's content that was checked before.
    static func unescape(_ content: some Collection<UInt8>) -> [UInt8] {
        var out: [UInt8] = []
        out.reserveCapacity(content.count)
        var iterator = content.makeIterator()
        var high: UInt32 = 0
        while let byte = iterator.next() {
            guard byte == UInt8(ascii: "\\") else {
                out.append(byte)
                continue
            }
            guard let kind = iterator.next() else { break }
            switch kind {
            case UInt8(ascii: "b"): out.append(0x08)
            case UInt8(ascii: "f"): out.append(0x0C)
            case UInt8(ascii: "n"): out.append(0x0A)
            case UInt8(ascii: "r"): out.append(0x0D)
            case UInt8(ascii: "t"): out.append(0x09)
            case UInt8(ascii: "u"):
                var unit: UInt32 = 0
                for _ in 0..<4 { unit = unit << 4 | UInt32(iterator.next().flatMap(hexDigit) ?? 0) }
                if unit >= 0xD800, unit <= 0xDBFF {
                    high = unit
                } else {
                    let scalar =
                        unit >= 0xDC00 && unit <= 0xDFFF ? 0x10000 + (high - 0xD800) << 10 + (unit - 0xDC00) : unit
                    appendUTF8(scalar, to: &out)
                }
            default: out.append(kind)
            }
        }
        return out
    }

    private static func appendUTF8(_ scalar: UInt32, to out: inout [UInt8]) {
        if scalar < 0x80 {
            out.append(UInt8(scalar))
        } else if scalar < 0x800 {
            out.append(UInt8(0xC0 | scalar >> 6))
            out.append(UInt8(0x80 | scalar & 0x3F))
        } else if scalar < 0x10000 {
            out.append(UInt8(0xE0 | scalar >> 12))
            out.append(UInt8(0x80 | scalar >> 6 & 0x3F))
            out.append(UInt8(0x80 | scalar & 0x3F))
        } else {
            out.append(UInt8(0xF0 | scalar >> 18 & 0x07))
            out.append(UInt8(0x80 | scalar >> 12 & 0x3F))
            out.append(UInt8(0x80 | scalar >> 6 & 0x3F))
            out.append(UInt8(0x80 | scalar & 0x3F))
        }
    }
}
