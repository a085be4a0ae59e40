package import ContractKit

/// Why a registry rule refuses; the codes are on the ledger and never change their meaning.
package enum RegistryReason {
    /// A row names both an owner and the developer, or neither.
    package static let holder = Reason("registry.holder")
    /// The same unit stands twice in one import.
    package static let unitRepeated = Reason("registry.unitRepeated")
    /// The owner would hold more units than one owner row may list.
    package static let ownerFull = Reason("registry.ownerFull")
    /// The roll has as many units as the ledger allows.
    package static let rollFull = Reason("registry.rollFull")
    /// No owner on the roll has this pseudonym.
    package static let ownerUnknown = Reason("registry.ownerUnknown")
    /// A code's expiry has passed already, or lies further ahead than the parameter allows.
    package static let codeExpiry = Reason("registry.codeExpiry")
    /// The code was issued to another owner.
    package static let codeKnown = Reason("registry.codeKnown")
    /// No such code was issued, or a newer one replaced it.
    package static let codeUnknown = Reason("registry.codeUnknown")
    /// The code was used.
    package static let codeUsed = Reason("registry.codeUsed")
    /// The code has expired.
    package static let codeExpired = Reason("registry.codeExpired")
    /// No account has this key.
    package static let keyUnknown = Reason("registry.keyUnknown")
    /// The key belongs to no resident's account; staff keys are closed by the constitution's procedure.
    package static let keyNotResident = Reason("registry.keyNotResident")
    /// The key is closed already.
    package static let keyClosed = Reason("registry.keyClosed")

    /// All of them.
    package static let all = [
        holder, unitRepeated, ownerFull, rollFull, ownerUnknown, codeExpiry, codeKnown, codeUnknown, codeUsed,
        codeExpired, keyUnknown, keyNotResident, keyClosed,
    ]
}
