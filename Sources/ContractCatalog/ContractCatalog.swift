import AssemblyContract
import BudgetingContract
import ConstitutionContract
package import ContractKit
import NoticesContract
import RegistryContract
import SupervisionContract

/// The contracts of this ledger software: one line per module.
package enum ContractCatalog {
    /// All contracts.
    package static let contracts: [any Contract.Type] = [
        AssemblyContract.self,
        BudgetingContract.self,
        ConstitutionContract.self,
        NoticesContract.self,
        RegistryContract.self,
        SupervisionContract.self,
    ]
}
