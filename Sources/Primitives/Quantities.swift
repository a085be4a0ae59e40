/// An amount of money in fen (分, 0.01 yuan) or another currency's smallest unit. Never a fraction.
@frozen
public struct Amount: Hashable, Comparable, Sendable {
    /// The amount in the currency's smallest unit.
    public let fen: Int64

    /// Wraps a number of smallest units.
    @inlinable
    public init(fen: Int64) { self.fen = fen }

    /// Smaller amount first.
    @inlinable
    public static func < (left: Amount, right: Amount) -> Bool { left.fen < right.fen }
}

/// A floor area in hundredths of a square metre (0.01 m²), the unit in which property registries state exclusive area.
@frozen
public struct Area: Hashable, Comparable, Sendable {
    /// The area in 0.01 m².
    public let hundredths: Int64

    /// Wraps a number of hundredths of a square metre.
    @inlinable
    public init(hundredths: Int64) { self.hundredths = hundredths }

    /// Smaller area first.
    @inlinable
    public static func < (left: Area, right: Area) -> Bool { left.hundredths < right.hundredths }

    /// Reads "104.40", "104.4" or "104" as an area; nil for anything else, more than two decimals, or over 2^53.
    public init?(squareMetres text: String) {
        var hundredths: Int64 = 0
        var decimals = -1
        var digits = 0
        for byte in text.utf8 {
            if byte == UInt8(ascii: "."), decimals < 0, digits > 0 {
                decimals = 0
                continue
            }
            guard byte >= 0x30, byte <= 0x39, decimals < 2, digits < 14 else { return nil }
            hundredths = hundredths * 10 + Int64(byte - 0x30)
            digits += 1
            if decimals >= 0 { decimals += 1 }
        }
        guard digits > 0, decimals != 0 else { return nil }
        var missing = 2 - max(decimals, 0)
        while missing > 0 {
            hundredths *= 10
            missing -= 1
        }
        self.hundredths = hundredths
    }
}
