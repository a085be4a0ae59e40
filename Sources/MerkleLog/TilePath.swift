import Primitives

/// The path of a resource of the public read interface, below the log's prefix (C2SP tlog-tiles).
public enum TilePath: Hashable, Sendable {
    /// `tile/<L>/<N>` or `tile/<L>/<N>.p/<W>`: hashes; a width of 256 is a full tile.
    case tile(level: Int, index: UInt64, width: Int)
    /// `tile/entries/<N>` or `tile/entries/<N>.p/<W>`: entries; a width of 256 is a full bundle.
    case entries(index: UInt64, width: Int)

    /// The longest path handled, in bytes.
    private static let maximumLength = 64

    /// Reads a path, without a leading slash; nil unless it is the one spelling of a resource (level 0…63, no extra
    /// zeros, three digits an element, width 1…255 after `.p/`).
    public init?(_ text: String) {
        let bytes = [UInt8](text.utf8)
        guard bytes.count <= Self.maximumLength else { return nil }
        var parts = bytes.split(separator: 0x2F, omittingEmptySubsequences: false)[...]
        guard parts.count >= 3, parts.removeFirst().elementsEqual("tile".utf8) else { return nil }
        let kind = parts.removeFirst()
        var width = Tiles.width
        if parts.count >= 2, parts[parts.endIndex - 2].suffix(2).elementsEqual(".p".utf8) {
            guard let text = parts.popLast(), let value = ASCIIDecimal.parse(text, maximum: 255), value > 0,
                let last = parts.popLast()
            else { return nil }
            width = Int(value)
            parts.append(last.dropLast(2))
        }
        guard let index = Self.parseIndex(parts) else { return nil }
        if kind.elementsEqual("entries".utf8) {
            self = .entries(index: index, width: width)
        } else if let level = ASCIIDecimal.parse(kind, maximum: 63) {
            self = .tile(level: Int(level), index: index, width: width)
        } else {
            return nil
        }
    }

    /// The path, without a leading slash.
    public var text: String {
        var bytes: [UInt8] = []
        let index: UInt64
        let width: Int
        switch self {
        case .tile(let level, let number, let hashes):
            bytes.append(contentsOf: "tile/".utf8)
            ASCIIDecimal.append(UInt64(max(0, level)), to: &bytes)
            (index, width) = (number, hashes)
        case .entries(let number, let count):
            bytes.append(contentsOf: "tile/entries".utf8)
            (index, width) = (number, count)
        }
        bytes.append(0x2F)
        Self.append(index, to: &bytes)
        if width < Tiles.width {
            bytes.append(contentsOf: ".p/".utf8)
            ASCIIDecimal.append(UInt64(max(0, width)), to: &bytes)
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    /// Elements of three digits, all but the last beginning with `x`; the first may not be `x000`.
    private static func parseIndex(_ parts: ArraySlice<ArraySlice<UInt8>>) -> UInt64? {
        guard !parts.isEmpty, parts.count <= 7 else { return nil }
        var value: UInt64 = 0
        for (place, part) in parts.enumerated() {
            let isLast = place == parts.count - 1
            let digits = isLast ? part : part.dropFirst()
            guard isLast || part.first == 0x78, digits.count == 3 else { return nil }
            var element: UInt64 = 0
            for digit in digits {
                guard digit >= 0x30, digit <= 0x39 else { return nil }
                element = element * 10 + UInt64(digit - 0x30)
            }
            if place == 0, !isLast, element == 0 { return nil }
            guard value < UInt64.max / 1000 else { return nil }
            value = value * 1000 + element
        }
        return value
    }

    private static func append(_ index: UInt64, to bytes: inout [UInt8]) {
        var divisor: UInt64 = 1
        while index / divisor >= 1000 { divisor *= 1000 }
        while divisor > 0 {
            let element = index / divisor % 1000
            if divisor > 1 { bytes.append(0x78) }
            bytes.append(0x30 + UInt8(element / 100))
            bytes.append(0x30 + UInt8(element / 10 % 10))
            bytes.append(0x30 + UInt8(element % 10))
            if divisor > 1 { bytes.append(0x2F) }
            divisor /= 1000
        }
    }
}
