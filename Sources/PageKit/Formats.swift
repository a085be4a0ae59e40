/// Numbers as people read them. Integers in, text out; the same in both languages unless a language is asked for.
package enum Formats {
    /// 1234567 → "1,234,567".
    package static func count(_ number: Int64) -> String {
        let digits = Array(String(number.magnitude).utf8)
        var grouped: [UInt8] = number < 0 ? [UInt8(ascii: "-")] : []
        for (index, digit) in digits.enumerated() {
            if index > 0, (digits.count - index).isMultiple(of: 3) { grouped.append(UInt8(ascii: ",")) }
            grouped.append(digit)
        }
        return String(decoding: grouped, as: UTF8.self)
    }

    /// Hundredths with two decimals: 123456 → "1,234.56".
    package static func hundredths(_ number: Int64) -> String {
        let (whole, rest) = number.magnitude.quotientAndRemainder(dividingBy: 100)
        let sign = number < 0 ? "-" : ""
        return "\(sign)\(count(Int64(whole))).\(rest < 10 ? "0" : "")\(rest)"
    }

    /// Money from fen (分): 123456 → "¥1,234.56".
    package static func money(fen: Int64) -> String {
        fen < 0 ? "-¥\(hundredths(fen).dropFirst())" : "¥\(hundredths(fen))"
    }

    /// What the partial "component-money" shows under "amount": 123456 → "¥1,234" large and ".56" small.
    ///
    /// - Parameters:
    ///   - signed: Whether what is above nothing has a plus, as in a list of what came in and went out.
    ///   - big: Whether it is the figure of its page.
    package static func amount(fen: Int64, signed: Bool = false, big: Bool = false) -> [String: Any] {
        let parts = hundredths(fen).split(separator: ".")
        var values: [String: Any] = [
            "yuan": String(parts.first?.drop { $0 == "-" } ?? ""), "fen": String(parts.last ?? ""),
        ]
        if fen < 0 { values["sign"] = "-" } else if signed, fen > 0 { values["sign"] = "+" }
        if big { values["big"] = true }
        return values
    }

    /// A floor area from 0.01 m²: 12345 → "123.45 m²".
    package static func area(hundredths number: Int64) -> String { "\(hundredths(number)) m²" }

    /// `part` of `whole` in percent with two decimals, rounded half up by integers: (3936, 5726) → "68.74%".
    ///
    /// Rounding never claims more than is true: less than all is at most 99.99 %, more than nothing at least 0.01 %.
    /// "–" if there is no whole.
    package static func percentage(_ part: Int64, of whole: Int64) -> String {
        guard whole > 0, part >= 0 else { return "–" }
        let (high, low) = UInt64(part).multipliedFullWidth(by: 20_000)
        let divisor = UInt64(whole).multipliedReportingOverflow(by: 2).partialValue
        let (sum, carry) = low.addingReportingOverflow(UInt64(whole))
        let top = high + (carry ? 1 : 0)
        guard top < divisor else { return "–" }
        var quotient = divisor.dividingFullWidth((top, sum)).quotient
        if part < whole, quotient >= 10_000 { quotient = 9_999 }
        if part > 0, quotient == 0 { quotient = 1 }
        return quotient > UInt64(Int64.max) ? "–" : "\(hundredths(Int64(quotient)))%"
    }

    /// The beginning of a long hexadecimal name, enough to tell two apart at a glance: "3f2a9c01…".
    package static func short(_ digest: String) -> String {
        digest.utf8.count > 12 ? "\(digest.prefix(8))…" : digest
    }
}
