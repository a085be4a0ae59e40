/// A non-negative number with decimal places, exact: `digits` · 10⁻ᵖˡᵃᶜᵉˢ. Trailing zeros after the point are gone.
struct DecimalNumber: Equatable {
    let digits: Int64
    let places: Int

    /// Reads digits with at most one decimal point or comma. No sign, no grouping of thousands, no exponent.
    init?(_ bytes: some Collection<UInt8>) {
        var digits: Int64 = 0
        var places = 0
        var zeros = 0
        var sawPoint = false
        var sawDigit = false
        for byte in bytes {
            if byte == UInt8(ascii: ".") || byte == UInt8(ascii: ",") {
                guard !sawPoint, sawDigit else { return nil }
                sawPoint = true
                continue
            }
            guard byte >= 0x30, byte <= 0x39 else { return nil }
            sawDigit = true
            if sawPoint, byte == 0x30 {
                // A zero counts only when another digit follows it.
                zeros += 1
                continue
            }
            guard zeros < 20 else { return nil }
            for digit in [Int64](repeating: 0, count: zeros) + [Int64(byte - 0x30)] {
                let (ten, first) = digits.multipliedReportingOverflow(by: 10)
                let (sum, second) = ten.addingReportingOverflow(digit)
                guard !first, !second else { return nil }
                digits = sum
                if sawPoint { places += 1 }
            }
            zeros = 0
        }
        guard sawDigit else { return nil }
        self.digits = digits
        self.places = places
    }

    /// The number times 10ᵏ, or `nil` when that is no whole number of 64 bits.
    func scaled(to decimals: Int) -> Int64? {
        guard decimals >= places else { return nil }
        var value = digits
        for _ in places..<decimals {
            let (next, overflow) = value.multipliedReportingOverflow(by: 10)
            if overflow { return nil }
            value = next
        }
        return value
    }
}

extension DecimalNumber {
    /// Nought.
    static let zero = DecimalNumber(digits: 0, places: 0)

    private init(digits: Int64, places: Int) {
        self.digits = digits
        self.places = places
    }
}
