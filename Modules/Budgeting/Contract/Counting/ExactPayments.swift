import BigInt

/// The payments of one count so far, exact, over a denominator that grows with each payment.
///
/// A voter who still has money has paid the full payment of every taken project they approve, so what a voter has is
/// start − Σ payments: exact money need not be stored per voter, it follows from these few numbers.
struct ExactPayments {
    /// Above the line of every voter's start; below it stands the number of voters.
    private let startNumerator: BigInt
    /// Payment k is `numerators[k]` over voters · payers[0] · … · payers[k].
    private var numerators: [BigInt] = []
    /// How many voters paid payment k in full.
    private var payers: [BigInt] = []
    /// voters · payers[0] · … · payers[last]: below the line of every sum this type returns.
    private(set) var denominator: BigInt

    /// Elementary steps one ``moneyLeft(voters:paid:)`` takes: one per payment and machine word of its numbers.
    var workPerSum: Int { (numerators.count + 1) * (4 + denominator.bitWidth / 64) }

    /// How many payments there are.
    var count: Int { numerators.count }

    init(startNumerator: BigInt, voters: Int64) {
        self.startNumerator = startNumerator
        self.denominator = BigInt(voters)
    }

    mutating func append(numerator: BigInt, payers count: Int64) {
        numerators.append(numerator)
        payers.append(BigInt(count))
        denominator *= BigInt(count)
    }

    /// What voters have left together, times ``denominator``.
    ///
    /// - Parameters:
    ///   - voters: how many voters, all of whom still have their money.
    ///   - paid: for each payment, how many of them made it.
    func moneyLeft(voters: Int64, paid: [Int64]) -> BigInt {
        var sum = startNumerator * BigInt(voters)
        for step in numerators.indices {
            sum *= payers[step]
            if paid[step] != 0 { sum -= numerators[step] * BigInt(paid[step]) }
        }
        return sum
    }
}

/// The exact payment for one project.
struct ExactPayment {
    /// The payment times `payers` times the denominator of all earlier payments.
    let numerator: BigInt
    /// Supporters who pay in full; at least 1.
    let payers: Int64
    /// Groups that give all they have.
    let poorGroups: [Int]
    /// What the poor groups give, times the denominator of all earlier payments.
    let restNumerator: BigInt
}
