package import BigInt

/// An exact fraction in lowest terms with a positive denominator.
package struct ExactFraction: Sendable, Hashable, Comparable, CustomStringConvertible {
    /// The number above the line.
    package let numerator: BigInt
    /// The number below the line, at least 1.
    package let denominator: BigInt

    /// The fraction in lowest terms. A denominator of zero, which no count makes, reads as one.
    package init(_ numerator: BigInt, _ denominator: BigInt = 1) {
        let divisor = denominator.isZero ? 1 : numerator.greatestCommonDivisor(with: denominator)
        let sign: BigInt = denominator < 0 ? -1 : 1
        self.numerator = sign * numerator / divisor
        self.denominator = denominator.isZero ? 1 : sign * denominator / divisor
    }

    /// `numerator/denominator`, or the whole number alone.
    package var description: String {
        denominator == 1 ? "\(numerator)" : "\(numerator)/\(denominator)"
    }

    /// The value cut off (towards zero, never rounded) after so many decimals, for display beside the fraction.
    package func decimal(places: Int) -> String {
        let places = max(0, min(places, 1_000))
        let scaled = (numerator.magnitude * BigUInt(10).power(places)) / denominator.magnitude
        var digits = String(scaled)
        if digits.utf8.count <= places {
            digits = String(repeating: "0", count: places + 1 - digits.utf8.count) + digits
        }
        let sign = numerator < 0 ? "-" : ""
        guard places > 0 else { return sign + digits }
        return sign + digits.dropLast(places) + "." + digits.suffix(places)
    }

    /// Compares by value.
    package static func < (left: ExactFraction, right: ExactFraction) -> Bool {
        left.numerator * right.denominator < right.numerator * left.denominator
    }
}
