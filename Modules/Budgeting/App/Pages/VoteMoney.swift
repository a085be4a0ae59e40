import BigInt
import BudgetingContract
import PageKit

/// Amounts of one vote as people read them.
struct VoteMoney: Sendable {
    /// What stands before an amount: "¥", or the currency's code and a space.
    let sign: String
    /// Smallest units in one currency unit.
    let step: Int64

    init(currency: String, step: Int64) {
        sign = currency == "CNY" ? "¥" : "\(currency) "
        self.step = step
    }

    /// An amount: with two decimals where a currency unit has a hundred parts.
    func text(_ amount: Int64) -> String {
        sign + (step == 100 ? Formats.hundredths(amount) : Formats.count(amount))
    }

    /// An amount without the sign, for formulas.
    func number(_ amount: Int64) -> String { step == 100 ? Formats.hundredths(amount) : Formats.count(amount) }

    /// An amount in hundredths of what is shown, for the running total of a ballot; stays at the limit.
    func hundredths(_ amount: Int64) -> Int64 {
        guard step != 100 else { return amount }
        let (product, overflow) = amount.multipliedReportingOverflow(by: 100)
        return overflow ? .max : product
    }

    /// The same with the sign.
    func exact(_ amount: ExactFraction) -> String { sign + decimal(amount) }

    /// An exact amount, cut off after four decimals and marked so where it does not end there.
    func decimal(_ amount: ExactFraction) -> String {
        let unit = step == 100 ? ExactFraction(amount.numerator, amount.denominator * 100) : amount
        return VoteMoney.cut(unit, places: 4)
    }
}

extension VoteMoney {
    /// A payment per unit of utility, cut off after eight decimals.
    static func ratio(_ rho: ExactFraction) -> String { cut(rho, places: 8) }

    /// A number cut off after so many decimals and marked so; without needless zeros where it ends there.
    private static func cut(_ number: ExactFraction, places: Int) -> String {
        var text = number.decimal(places: places)
        guard (number.numerator * BigInt(10).power(places)) % number.denominator == 0 else { return text + "…" }
        while text.hasSuffix("0") { text.removeLast() }
        if text.hasSuffix(".") { text.removeLast() }
        return text
    }
}
