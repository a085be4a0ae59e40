package import ContractKit
package import Primitives

/// A unit: row `registry/unit/<id>`.
package struct UnitRow: Record, Hashable {
    /// What the roll says of it.
    package var entry: UnitEntry
    /// Running number, from 1, dense: lets rules walk over all units.
    package var number: Int64

    /// A unit row.
    package init(entry: UnitEntry, number: Int64) {
        self.entry = entry
        self.number = number
    }

    /// Reads the row.
    package init(_ fields: inout Fields) throws(Reason) {
        entry = try UnitEntry(&fields)
        number = try fields.integer("number", in: 1...RegistryLimits.units)
    }

    /// Writes the row: the entry's fields with `number` in its place between them.
    package func write(to fields: inout JSONWriter) {
        fields.field("area", entry.area.hundredths)
        fields.field("areaSource", entry.areaSource.rawValue)
        fields.field("building", entry.building)
        if entry.owner == nil { fields.field("developer", true) }
        if let label = entry.label { fields.field("label", label) }
        fields.field("number", number)
        if let owner = entry.owner { fields.field("owner", owner) }
    }
}

/// Which unit has a running number: row `registry/number/<n>`.
package struct NumberRow: Record {
    /// The unit.
    package var unit: String

    /// A number row.
    package init(unit: String) { self.unit = unit }
    /// Reads the row.
    package init(_ fields: inout Fields) throws(Reason) { unit = try fields.identifier("unit") }
    /// Writes the row.
    package func write(to fields: inout JSONWriter) { fields.field("unit", unit) }
}

/// An owner's units in one building.
package struct Holding: Record, Hashable {
    /// The building.
    package var building: String
    /// The units, in the order they came.
    package var units: [String]

    /// A holding.
    package init(building: String, units: [String]) {
        self.building = building
        self.units = units
    }

    /// Reads the holding.
    package init(_ fields: inout Fields) throws(Reason) {
        building = try fields.identifier("building")
        units = try fields.strings("units", count: 1...RegistryLimits.unitsPerOwner, bytes: 1...64)
    }

    /// Writes the holding.
    package func write(to fields: inout JSONWriter) {
        fields.field("building", building)
        fields.field("units", array: units) { $0.string($1) }
    }
}

/// An owner: row `registry/owner/<pseudonym>`. It stays when the last unit is sold, as long as there is an account.
package struct OwnerRow: Record, Hashable {
    /// The owner's account, once somebody has enrolled.
    package var account: String?
    /// Running number of that account.
    package var accountNumber: Int64?
    /// Hash of the enrolment code that is issued and unused.
    package var code: String?
    /// The units by building.
    package var holdings: [Holding]

    /// A row without units.
    package init() { holdings = [] }

    /// Number of units.
    package var unitCount: Int {
        var count = 0
        for holding in holdings { count += holding.units.count }
        return count
    }

    /// Reads the row.
    package init(_ fields: inout Fields) throws(Reason) {
        account = try fields.optionalIdentifier("account")
        accountNumber = try fields.optionalInteger("accountNumber", in: 1...Int64(1) << 53)
        code = try fields.optionalString("code", bytes: 64...64)
        holdings = try fields.list("holdings", count: 0...RegistryLimits.unitsPerOwner, Holding.init)
    }

    /// Writes the row.
    package func write(to fields: inout JSONWriter) {
        if let account { fields.field("account", account) }
        if let accountNumber { fields.field("accountNumber", accountNumber) }
        if let code { fields.field("code", code) }
        fields.field("holdings", array: holdings) { writer, holding in writer.object { holding.write(to: &$0) } }
    }
}

/// Units, heads and area of the estate or of a building: row `registry/total/estate` or `registry/total/building:<id>`.
package struct RollTotals: Record, Hashable {
    /// Sum of the exclusive areas.
    package var area: Area
    /// Units that the developer holds unsold.
    package var developerUnits: Int64
    /// Different owners.
    package var owners: Int64
    /// Units.
    package var units: Int64

    /// Nothing yet.
    package init() {
        area = Area(hundredths: 0)
        developerUnits = 0
        owners = 0
        units = 0
    }

    /// Heads 业主人数: one for each owner however many units, and one for all of the developer's unsold units together
    /// (Supreme Court interpretation on condominium ownership).
    package var heads: Int64 { developerUnits > 0 ? owners + 1 : owners }

    /// Reads the row.
    package init(_ fields: inout Fields) throws(Reason) {
        area = Area(hundredths: try fields.integer("area", in: 0...Int64(1) << 53))
        developerUnits = try fields.integer("developerUnits", in: 0...RegistryLimits.units)
        owners = try fields.integer("owners", in: 0...RegistryLimits.units)
        units = try fields.integer("units", in: 0...RegistryLimits.units)
    }

    /// Writes the row.
    package func write(to fields: inout JSONWriter) {
        fields.field("area", area.hundredths)
        fields.field("developerUnits", developerUnits)
        fields.field("owners", owners)
        fields.field("units", units)
    }
}

/// An enrolment code: row `registry/code/<hash>`; a used one stays, so that it can be told from an unknown one.
package struct CodeRow: Record, Hashable {
    /// When it stops being good.
    package var expires: Instant
    /// The owner it was issued to.
    package var owner: String
    /// Whether somebody has enrolled with it.
    package var used: Bool

    /// A code row.
    package init(expires: Instant, owner: String, used: Bool = false) {
        self.expires = expires
        self.owner = owner
        self.used = used
    }

    /// Reads the row.
    package init(_ fields: inout Fields) throws(Reason) {
        expires = try fields.instant("expires")
        owner = try fields.identifier("owner")
        used = try fields.bool("used")
    }

    /// Writes the row.
    package func write(to fields: inout JSONWriter) {
        fields.field("expires", expires.milliseconds)
        fields.field("owner", owner)
        fields.field("used", used)
    }
}

/// The owner an account is bound to: row `registry/account/<account>`. A resident without units has no such row.
package struct AccountRow: Record, Hashable {
    /// Pseudonym of the owner.
    package var owner: String

    /// An account row.
    package init(owner: String) { self.owner = owner }
    /// Reads the row.
    package init(_ fields: inout Fields) throws(Reason) { owner = try fields.identifier("owner") }
    /// Writes the row.
    package func write(to fields: inout JSONWriter) { fields.field("owner", owner) }
}

/// The tables of the registry.
package enum RegistryTables {
    /// Units by id.
    package static let units = Table<UnitRow>("registry", "unit")
    /// Units by running number.
    package static let numbers = Table<NumberRow>("registry", "number")
    /// Owners by pseudonym.
    package static let owners = Table<OwnerRow>("registry", "owner")
    /// Totals by scope.
    package static let totals = Table<RollTotals>("registry", "total")
    /// Enrolment codes by hash.
    package static let codes = Table<CodeRow>("registry", "code")
    /// Owners by account.
    package static let accounts = Table<AccountRow>("registry", "account")
}
