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

    /// An exact amount, cut off after four decimals and marked so where it does not end there.
    func decimal(_ amount: ExactFraction) -> String {
        let unit = step == 100 ? ExactFraction(amount.numerator, amount.denominator * 100) : amount
        let ends = (unit.numerator * 10_000) % unit.denominator == 0
        var text = unit.decimal(places: 4)
        if ends {
            while text.hasSuffix("0") { text.removeLast() }
            if text.hasSuffix(".") { text.removeLast() }
        }
        return ends ? text : text + "…"
    }
}

extension VoteMoney {
    /// A payment per unit of utility: whole, or cut off after eight decimals.
    static func ratio(_ rho: ExactFraction) -> String {
        rho.denominator == 1 ? rho.description : rho.decimal(places: 8) + "…"
    }
}
