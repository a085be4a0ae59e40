package import ContractKit

/// Why a rule of the notes refuses; the codes are on the ledger and never change their meaning.
package enum __Name__Reason {
    /// A note with this id was recorded before.
    package static let known = Reason("__name__.known")

    /// All of them.
    package static let all = [known]
}
