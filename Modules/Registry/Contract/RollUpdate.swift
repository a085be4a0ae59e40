import ContractKit
import Primitives

/// Changes of the roll within one transaction: owners and totals are read once, changed in memory and written once,
/// so a transaction costs in proportion to its rows.
struct RollUpdate {
    private var owners: [String: OwnerRow] = [:]
    private var ownerOrder: [String] = []
    private var totals: [RollScope: RollTotals] = [:]
    private var scopeOrder: [RollScope] = []

    /// Number of units on the roll with those added so far.
    private(set) var unitCount: Int64

    init(_ execution: borrowing Execution) throws(Reason) {
        unitCount = try OwnerRoll.unitCount(in: execution)
    }

    /// The number for one more unit.
    mutating func nextNumber() throws(Reason) -> Int64 {
        guard unitCount < RegistryLimits.units else { throw RegistryReason.rollFull }
        unitCount += 1
        return unitCount
    }

    /// Counts a unit in.
    mutating func add(_ unit: String, _ entry: UnitEntry, _ execution: borrowing Execution) throws(Reason) {
        try count(entry, by: 1, execution)
        guard let owner = entry.owner else { return }
        try load(owner, execution)
        var row = owners.removeValue(forKey: owner) ?? OwnerRow()
        defer { owners[owner] = row }
        guard row.unitCount < RegistryLimits.unitsPerOwner else { throw RegistryReason.ownerFull }
        if row.holdings.isEmpty { try countOwner(.estate, by: 1) }
        if let at = row.holdings.firstIndex(where: { $0.building == entry.building }) {
            row.holdings[at].units.append(unit)
        } else {
            row.holdings.append(Holding(building: entry.building, units: [unit]))
            try countOwner(.building(entry.building), by: 1)
        }
    }

    /// Counts a unit out.
    mutating func remove(_ unit: String, _ entry: UnitEntry, _ execution: borrowing Execution) throws(Reason) {
        try count(entry, by: -1, execution)
        guard let owner = entry.owner else { return }
        try load(owner, execution)
        var row = owners.removeValue(forKey: owner) ?? OwnerRow()
        defer { owners[owner] = row }
        guard let at = row.holdings.firstIndex(where: { $0.building == entry.building }),
            let place = row.holdings[at].units.firstIndex(of: unit)
        else { throw Reason.stateDamaged }
        row.holdings[at].units.remove(at: place)
        guard row.holdings[at].units.isEmpty else { return }
        row.holdings.remove(at: at)
        try countOwner(.building(entry.building), by: -1)
        if row.holdings.isEmpty { try countOwner(.estate, by: -1) }
    }

    /// Writes what changed.
    func write(to execution: inout Execution) {
        for owner in ownerOrder {
            guard let row = owners[owner] else { continue }
            if row == OwnerRow() {
                RegistryTables.owners.remove(owner, in: &execution)
            } else {
                RegistryTables.owners.put(owner, row, in: &execution)
            }
        }
        for scope in scopeOrder {
            guard let row = totals[scope] else { continue }
            if row.units == 0 {
                RegistryTables.totals.remove(scope.id, in: &execution)
            } else {
                RegistryTables.totals.put(scope.id, row, in: &execution)
            }
        }
    }

    private mutating func load(_ owner: String, _ execution: borrowing Execution) throws(Reason) {
        guard owners[owner] == nil else { return }
        owners[owner] = try RegistryTables.owners.find(owner, in: execution) ?? OwnerRow()
        ownerOrder.append(owner)
    }

    /// Counts a unit and its area in both scopes.
    private mutating func count(
        _ entry: UnitEntry, by sign: Int64, _ execution: borrowing Execution
    ) throws(Reason) {
        for scope in [RollScope.estate, .building(entry.building)] {
            if totals[scope] == nil {
                totals[scope] = try OwnerRoll.totals(scope, in: execution)
                scopeOrder.append(scope)
            }
            var row = totals[scope] ?? RollTotals()
            row.units = try row.units.adding(sign)
            let area = try entry.area.hundredths.multiplied(by: sign)
            row.area = Area(hundredths: try row.area.hundredths.adding(area))
            if entry.owner == nil { row.developerUnits = try row.developerUnits.adding(sign) }
            guard row.units >= 0, row.area.hundredths >= 0, row.developerUnits >= 0 else { throw Reason.stateDamaged }
            totals[scope] = row
        }
    }

    private mutating func countOwner(_ scope: RollScope, by sign: Int64) throws(Reason) {
        guard var row = totals[scope] else { throw Reason.stateDamaged }
        row.owners = try row.owners.adding(sign)
        guard row.owners >= 0 else { throw Reason.stateDamaged }
        totals[scope] = row
    }
}
