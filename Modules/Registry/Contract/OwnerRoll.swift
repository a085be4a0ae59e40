package import ContractKit
import Primitives

/// What a total is about.
package enum RollScope: Hashable, Sendable {
    /// All units of the ledger.
    case estate
    /// The units of one building.
    case building(String)

    /// Id of the row in `registry/total`. A building's id cannot make it `estate`.
    package var id: String {
        switch self {
        case .estate: "estate"
        case .building(let building): "building:" + building
        }
    }
}

/// The owner roll 业主名册, as other modules and pages read it.
package enum OwnerRoll {
    /// A unit by its id, or nil.
    package static func unit<Source: StateReading & ~Copyable>(
        _ id: String, in state: borrowing Source
    ) throws(Reason) -> UnitRow? {
        try RegistryTables.units.find(id, in: state)
    }

    /// A unit by its running number, 1 to `unitCount`, or nil: for walks over all units.
    package static func unit<Source: StateReading & ~Copyable>(
        number: Int64, in state: borrowing Source
    ) throws(Reason) -> (id: String, row: UnitRow)? {
        guard let id = try RegistryTables.numbers.find("\(number)", in: state)?.unit else { return nil }
        return (id, try RegistryTables.units.require(id, in: state, else: .stateDamaged))
    }

    /// Number of units, which is also the highest running number.
    package static func unitCount<Source: StateReading & ~Copyable>(in state: borrowing Source) throws(Reason) -> Int64
    {
        try totals(.estate, in: state).units
    }

    /// Pseudonym of the owner that an account is bound to; nil for staff and for residents who own nothing.
    package static func owner<Source: StateReading & ~Copyable>(
        ofAccount account: String, in state: borrowing Source
    ) throws(Reason) -> String? {
        guard !account.isEmpty else { return nil }
        return try RegistryTables.accounts.find(account, in: state)?.owner
    }

    /// An owner's units, by building in the order they came; none for an unknown owner.
    package static func units<Source: StateReading & ~Copyable>(
        ofOwner owner: String, in state: borrowing Source
    ) throws(Reason) -> [String] {
        try RegistryTables.owners.find(owner, in: state)?.holdings.flatMap(\.units) ?? []
    }

    /// Units, heads and area of a scope; zeros where there is nothing.
    package static func totals<Source: StateReading & ~Copyable>(
        _ scope: RollScope, in state: borrowing Source
    ) throws(Reason) -> RollTotals {
        try RegistryTables.totals.find(scope.id, in: state) ?? RollTotals()
    }
}
