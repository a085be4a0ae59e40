import ConstitutionContract
import ContractKit
import LedgerTesting
import Primitives
import RegistryContract

/// An empty roll and a registrar.
struct Roll {
    let bench = RuleBench([ConstitutionContract.self, RegistryContract.self])
    static let registrar = RuleBench.staff(party: "p1", roles: ["registrar"])

    static func row(
        _ unit: String, _ building: String = "b1", area: Int64 = 10_000, owner: String?, source: AreaSource = .registry
    ) -> ImportedUnit {
        ImportedUnit(
            unit: unit,
            entry: UnitEntry(area: Area(hundredths: area), areaSource: source, building: building, owner: owner))
    }

    @discardableResult
    func bring(_ rows: [ImportedUnit]) throws(Reason) -> [JSONValue] {
        try bench.run(ImportUnits(rows: rows), as: Roll.registrar)
    }

    static func code(_ index: Int) throws -> EnrolmentCode {
        let bytes = Array(PortableSHA256.hash(utf8: "code \(index)").bytes.prefix(10))
        guard let code = EnrolmentCode(random: bytes) else { throw Reason.fieldRange }
        return code
    }

    @discardableResult
    func issue(_ index: Int, to owner: String, days: Int64 = 30) throws -> [JSONValue] {
        let expires = bench.time.advanced(byDays: days)
        let issued = IssuedCode(codeHash: try Roll.code(index).hash, expires: expires, owner: owner)
        return try bench.run(IssueCodes(codes: [issued]), as: Roll.registrar)
    }

    func heads(_ scope: RollScope = .estate) throws -> Int64 { try OwnerRoll.totals(scope, in: bench.state).heads }

    /// Everything that the roll keeps step by step, computed anew from the units.
    func recomputed() throws -> (totals: [String: RollTotals], holdings: [String: [String: Set<String>]]) {
        var totals: [String: RollTotals] = [:]
        var holdings: [String: [String: Set<String>]] = [:]
        var seen: [String: Set<String>] = [:]
        for (unit, row) in try bench.state.rows(of: RegistryTables.units) {
            for scope in [RollScope.estate.id, RollScope.building(row.entry.building).id] {
                var sum = totals[scope] ?? RollTotals()
                sum.units += 1
                sum.area = Area(hundredths: sum.area.hundredths + row.entry.area.hundredths)
                if let owner = row.entry.owner {
                    if seen[scope, default: []].insert(owner).inserted { sum.owners += 1 }
                } else {
                    sum.developerUnits += 1
                }
                totals[scope] = sum
            }
            if let owner = row.entry.owner {
                holdings[owner, default: [:]][row.entry.building, default: []].insert(unit)
            }
        }
        return (totals, holdings)
    }
}
