/// Reads text line by line; every line must end in a newline.
struct LineReader {
    private let bytes: [UInt8]
    private(set) var position = 0
    /// The number of the line read last, from 1.
    private(set) var line = 0

    init(_ bytes: [UInt8]) {
        self.bytes = bytes
    }

    var isAtEnd: Bool { position >= bytes.count }

    /// What has not been read.
    var rest: ArraySlice<UInt8> { bytes[position...] }

    /// The next line without its newline; nil at the end, and when the text stops within a line.
    mutating func next() -> ArraySlice<UInt8>? {
        line += 1
        guard let end = bytes[position...].firstIndex(of: 0x0A) else { return nil }
        defer { position = end + 1 }
        return bytes[position..<end]
    }
}

extension ArraySlice<UInt8> {
    /// What follows `prefix`; nil when the slice does not begin with it.
    func dropping(prefix: StaticString) -> ArraySlice<UInt8>? {
        let length = prefix.utf8CodeUnitCount
        guard count >= length else { return nil }
        for offset in 0..<length where self[startIndex + offset] != prefix.utf8Start[offset] { return nil }
        return dropFirst(length)
    }
}

extension [UInt8] {
    /// Appends the bytes of a literal.
    mutating func append(_ literal: StaticString) {
        append(contentsOf: UnsafeBufferPointer(start: literal.utf8Start, count: literal.utf8CodeUnitCount))
    }
}
