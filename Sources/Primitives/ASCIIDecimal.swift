/// Unsigned decimal numbers with one spelling: no sign, no leading zero (except `0` itself), no white space.
///
/// The form that C2SP's checkpoints, proofs, tile paths and cosignatures use for sizes, indices and times.
public enum ASCIIDecimal {
    /// The number written as `text`; nil when the spelling is not canonical or the number exceeds `maximum`.
    public static func parse(_ text: ArraySlice<UInt8>, maximum: UInt64 = .max) -> UInt64? {
        guard let first = text.first, text.count <= 20 else { return nil }
        if first == 0x30 { return text.count == 1 ? 0 : nil }
        var value: UInt64 = 0
        for character in text {
            guard character >= 0x30, character <= 0x39 else { return nil }
            let digit = UInt64(character &- 0x30)
            // Asked before multiplying: a 128-bit product would need a runtime function that the browser build lacks.
            guard value < UInt64.max / 10 || value == UInt64.max / 10 && digit <= UInt64.max % 10 else { return nil }
            value = value &* 10 &+ digit
        }
        return value <= maximum ? value : nil
    }

    /// Appends the digits of `value` to `bytes`.
    public static func append(_ value: UInt64, to bytes: inout [UInt8]) {
        var divisor: UInt64 = 1
        while value / divisor >= 10 { divisor &*= 10 }
        while divisor > 0 {
            bytes.append(0x30 &+ UInt8(truncatingIfNeeded: value / divisor % 10))
            divisor /= 10
        }
    }
}
