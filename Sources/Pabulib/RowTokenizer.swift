/// One row: its fields' bytes without quotes, one after the other, and where each stood.
struct Row {
    var bytes: [UInt8] = []
    /// Where each field ends in ``bytes``.
    var ends: [Int] = []
    /// Line and character of each field's first character inside quotes, if any.
    var places: [(line: Int, column: Int)] = []
    /// Whether any byte is beyond ASCII.
    var hasHighBytes = false

    var count: Int { ends.count }
    var line: Int { places.first?.line ?? 0 }
    var isBlank: Bool { count == 1 && bytes.isEmpty }

    func range(_ field: Int) -> Range<Int> { (field == 0 ? 0 : ends[field - 1])..<ends[field] }

    mutating func clear() {
        bytes.removeAll(keepingCapacity: true)
        ends.removeAll(keepingCapacity: true)
        places.removeAll(keepingCapacity: true)
        hasHighBytes = false
    }
}

/// Cuts bytes into rows of semicolon-separated fields with CSV quoting. Bytes may come in pieces of any size.
///
/// A field that begins with `"` runs to the closing quote; inside, `""` is a quote, and semicolons and line ends
/// belong to the field. A quote further on in a field is an ordinary character. Lines end with LF, CRLF or CR.
struct RowTokenizer {
    private enum State {
        case fieldStart, plain, quoted, quoteInQuoted
    }

    private let limits: PabulibLimits
    private var state = State.fieldStart
    private var line = 1
    private var column = 1
    private var lastWasCarriageReturn = false
    /// Where the open quoted field began.
    private var quoteStart = (line: 0, column: 0)
    private var total = 0
    private var markBytes = 0
    private(set) var row = Row()

    init(limits: PabulibLimits) { self.limits = limits }

    /// Takes one byte; `true` when it completed ``row``, which the caller then reads and clears with ``next()``.
    mutating func take(_ byte: UInt8) throws(PabulibError) -> Bool {
        total += 1
        if total <= 3, skipsByteOrderMark(byte) { return false }
        guard total <= limits.bytes else {
            throw error(.tooLarge, "the file is larger than \(limits.bytes) bytes; split it or raise the limit")
        }
        if lastWasCarriageReturn {
            lastWasCarriageReturn = false
            if byte == UInt8(ascii: "\n") {
                if state == .quoted { try append(byte) }
                return false
            }
        }
        let isLineEnd = byte == UInt8(ascii: "\n") || byte == UInt8(ascii: "\r")
        lastWasCarriageReturn = byte == UInt8(ascii: "\r")
        defer { advance(byte, isLineEnd: isLineEnd) }

        switch state {
        case .quoted:
            if byte == UInt8(ascii: "\"") { state = .quoteInQuoted } else { try append(byte) }
            return false
        case .quoteInQuoted where byte == UInt8(ascii: "\""):
            state = .quoted
            try append(byte)
            return false
        case .fieldStart:
            try begin(quoted: byte == UInt8(ascii: "\""))
            if byte == UInt8(ascii: "\"") {
                state = .quoted
                quoteStart = (line, column)
                return false
            }
            state = .plain
        case .plain, .quoteInQuoted:
            break
        }
        if byte == UInt8(ascii: ";") {
            row.ends.append(row.bytes.count)
            state = .fieldStart
        } else if isLineEnd {
            row.ends.append(row.bytes.count)
            state = .fieldStart
            return true
        } else if state == .quoteInQuoted {
            throw error(.quoting, "after a closing quote only ; or the line's end may follow; write \"\" for a quote")
        } else {
            try append(byte)
        }
        return false
    }

    /// Ends the input; `true` when a last row without a line end is complete.
    mutating func finish() throws(PabulibError) -> Bool {
        switch state {
        case .quoted:
            throw PabulibError(
                .quoting, line: quoteStart.line, column: quoteStart.column,
                "the quoted field that begins here is never closed; add the closing quote")
        case .fieldStart:
            if row.count == 0 { return false }
            try begin(quoted: false)
        case .plain, .quoteInQuoted:
            break
        }
        row.ends.append(row.bytes.count)
        state = .fieldStart
        return true
    }

    /// Makes room for the next row.
    mutating func next() { row.clear() }

    private mutating func skipsByteOrderMark(_ byte: UInt8) -> Bool {
        let mark: [UInt8] = [0xEF, 0xBB, 0xBF]
        guard markBytes == total - 1, byte == mark[total - 1] else { return false }
        markBytes = total
        return true
    }

    private mutating func begin(quoted: Bool) throws(PabulibError) {
        guard row.places.count < limits.fields else {
            throw error(.tooLarge, "the row has more than \(limits.fields) fields")
        }
        row.places.append((line, quoted ? column + 1 : column))
    }

    private mutating func append(_ byte: UInt8) throws(PabulibError) {
        guard row.bytes.count < limits.rowBytes else {
            throw error(.tooLarge, "the row is longer than \(limits.rowBytes) bytes; is a quote left open?")
        }
        if byte >= 0x80 { row.hasHighBytes = true }
        row.bytes.append(byte)
    }

    private mutating func advance(_ byte: UInt8, isLineEnd: Bool) {
        if isLineEnd {
            line += 1
            column = 1
        } else if byte & 0xC0 != 0x80 {
            column += 1
        }
    }

    private func error(_ code: PabulibError.Code, _ message: String) -> PabulibError {
        PabulibError(code, line: line, column: column, message)
    }
}
