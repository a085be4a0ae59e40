package import GRDB

/// A unit of the roll as pages show it.
package struct RollUnit: Sendable, Equatable {
    /// Running number, from 1.
    package let number: Int64
    /// Its id.
    package let unit: String
    /// Its building.
    package let building: String
    /// Exclusive area in 0.01 m².
    package let area: Int64
    /// Where the area is taken from: a raw value of `AreaSource`.
    package let source: String
    /// The owner's pseudonym; nil while the developer holds the unit.
    package let owner: String?
    /// How people call it; nil where the id is enough.
    package let label: String?

    /// The label, or the id.
    package var name: String { label ?? unit }

    init(_ row: Row) {
        number = row["number"]
        unit = row["unit"]
        building = row["building"]
        area = row["area"]
        source = row["source"]
        owner = row["owner"]
        label = row["label"]
    }
}

/// A building and how many units it has.
package struct RollBuilding: Sendable, Equatable {
    /// Its id.
    package let building: String
    /// Number of units.
    package let units: Int64
}

/// One thing that was recorded about a unit.
package struct UnitRecord: Sendable, Equatable {
    /// When, ms since 1970 UTC.
    package let time: Int64
    /// Id of the transaction.
    package let record: String?
    /// The area from then on, in 0.01 m².
    package let area: Int64
    /// The owner's pseudonym from then on; nil for the developer.
    package let owner: String?
    /// Whether the unit came onto the roll then.
    package let added: Bool
}

/// Questions to the registry's tables.
package enum RegistryQueries {
    /// Units in the order of their numbers, of one building or of all.
    package static func units(
        _ database: Database, building: String? = nil, limit: Int64, offset: Int64
    ) throws -> [RollUnit] {
        guard let building else {
            // Numbers are dense, so a page of the whole roll is a range and not a walk.
            return try Row.fetchAll(
                database, sql: "SELECT * FROM registry_unit WHERE number > ? ORDER BY number LIMIT ?",
                arguments: [offset, limit]
            ).map(RollUnit.init)
        }
        return try Row.fetchAll(
            database, sql: "SELECT * FROM registry_unit WHERE building = ? ORDER BY number LIMIT ? OFFSET ?",
            arguments: [building, limit, offset]
        ).map(RollUnit.init)
    }

    /// The units after number `number`.
    package static func units(_ database: Database, after number: Int64, limit: Int64) throws -> [RollUnit] {
        try units(database, limit: limit, offset: number)
    }

    /// Number of owners who have had an account opened or bound.
    package static func boundOwners(_ database: Database) throws -> Int64 {
        try Int64.fetchOne(database, sql: "SELECT count(*) FROM registry_binding") ?? 0
    }

    /// Number of units on the roll.
    package static func unitCount(_ database: Database) throws -> Int64 {
        try Int64.fetchOne(database, sql: "SELECT coalesce(max(number), 0) FROM registry_unit") ?? 0
    }

    /// Number of buildings that have units.
    package static func buildingCount(_ database: Database) throws -> Int64 {
        try Int64.fetchOne(database, sql: "SELECT count(*) FROM registry_building WHERE units > 0") ?? 0
    }

    /// Buildings that have units, in the order they came onto the roll.
    package static func buildings(_ database: Database, limit: Int64, offset: Int64) throws -> [RollBuilding] {
        try Row.fetchAll(
            database,
            sql: "SELECT building, units FROM registry_building WHERE units > 0 ORDER BY first LIMIT ? OFFSET ?",
            arguments: [limit, offset]
        ).map { RollBuilding(building: $0["building"], units: $0["units"]) }
    }

    /// One building; nil if it has no units.
    package static func building(_ database: Database, _ id: String) throws -> RollBuilding? {
        try Row.fetchOne(
            database, sql: "SELECT building, units FROM registry_building WHERE building = ? AND units > 0",
            arguments: [id]
        ).map { RollBuilding(building: $0["building"], units: $0["units"]) }
    }

    /// What was recorded about the unit with this number, the latest first.
    package static func history(_ database: Database, number: Int64, limit: Int64 = 50) throws -> [UnitRecord] {
        try Row.fetchAll(
            database, sql: "SELECT * FROM registry_history WHERE number = ? ORDER BY leaf DESC LIMIT ?",
            arguments: [number, limit]
        ).map {
            UnitRecord(
                time: $0["time"], record: $0["record"], area: $0["area"], owner: $0["owner"], added: $0["added"])
        }
    }
}
