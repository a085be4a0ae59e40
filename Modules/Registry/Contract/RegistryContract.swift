package import ContractKit

/// The rules of the owner roll: buildings, units with their exclusive area, owners, and residents' accounts.
package enum RegistryContract: Contract {
    package static let name = "registry"
    package static let commands: [any Command.Type] = [
        ImportUnits.self, IssueCodes.self, Enrol.self, OpenAccounts.self, CloseResidentKey.self,
    ]
    package static let reasons = RegistryReason.all
    package static let parameters = RegistryParameters.all
}

/// The registry's rule values.
package enum RegistryParameters {
    /// How far ahead an enrolment code may expire.
    package static let codeMaximumDays = ParameterDefinition(
        "registry.code.maximumDays", default: 90, in: 1...366, unit: "days",
        source: "design: a code is a key to a vote and must not lie about for long")

    /// All of them.
    package static let all = [codeMaximumDays]
}

/// Roles that the registry asks for and gives.
package enum RegistryRoles {
    /// Keeps the owner roll and the residents' accounts.
    package static let registrar = "registrar"
    /// A resident's account.
    package static let resident = "resident"
}

/// Technical limits that keep every row and transaction small; they are not rule values.
package enum RegistryLimits {
    /// Most rows of one import; with ids of ordinary length body and events fit one leaf.
    package static let rows = 200
    /// Most codes of one transaction.
    package static let codes = 200
    /// Most accounts of one transaction; each brings an event with its public key.
    package static let accounts = 120
    /// Most units of one owner. Whatever has more is a developer's stock, which needs no list.
    package static let unitsPerOwner = 1_000
    /// Most units of a ledger; with the largest area their sum stays below 2^53.
    package static let units: Int64 = 1_000_000
    /// Allowed areas of one unit in 0.01 m²: up to 10 km².
    package static let area: ClosedRange<Int64> = 1...1_000_000_000
}
