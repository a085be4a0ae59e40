import AssemblyApp
import BudgetingApp
import ConstitutionApp
import NoticesApp
package import PageKit
import RegistryApp
import SupervisionApp

/// The pages and API routes of this ledger software: one line per module.
package enum AppCatalog {
    /// All modules.
    package static let modules: [any AppModule] = [
        AssemblyModule(),
        BudgetingModule(),
        ConstitutionModule(),
        NoticesModule(),
        RegistryModule(),
        SupervisionModule(),
    ]
}
