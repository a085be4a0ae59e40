package import ContractKit

/// The rules of the constitution: who the parties are, what their staff may do, and every rule value with its source.
package enum ConstitutionContract: Contract {
    package static let name = "constitution"
    package static let commands: [any Command.Type] = [
        FoundConstitution.self, ProposeChanges.self, VoteOnProposal.self, WithdrawProposal.self,
    ]
    package static let reasons = ConstitutionReason.all
    package static let parameters = ConstitutionParameters.all
}

/// The constitution's own rule values.
package enum ConstitutionParameters {
    /// Yes votes of parties must be strictly more than numerator/denominator of the parties that can vote.
    package static let thresholdNumerator = ParameterDefinition(
        "constitution.threshold.numerator", default: 1, in: 1...999, unit: "parts", source: "design: more than half")
    /// See `thresholdNumerator`.
    package static let thresholdDenominator = ParameterDefinition(
        "constitution.threshold.denominator", default: 2, in: 2...1_000, unit: "parts", source: "design: more than half"
    )
    /// Cosignatures on a checkpoint must be strictly more than numerator/denominator of the cosigning parties.
    package static let quorumNumerator = ParameterDefinition(
        "constitution.quorum.numerator", default: 1, in: 1...999, unit: "parts", source: "design: more than half")
    /// The telephone number that care mode offers on every page: the desk's own, or a public line.
    package static let helpPhone = ParameterDefinition(
        "constitution.help.phone", text: "12345", bytes: 3...24, source: "12345: the government's service line")
    /// See `quorumNumerator`.
    package static let quorumDenominator = ParameterDefinition(
        "constitution.quorum.denominator", default: 2, in: 2...1_000, unit: "parts", source: "design: more than half")

    /// All of them.
    package static let all = [
        thresholdNumerator, thresholdDenominator, quorumNumerator, quorumDenominator, helpPhone,
    ]
}
