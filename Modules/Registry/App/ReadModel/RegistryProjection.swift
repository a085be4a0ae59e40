package import GRDB
package import LedgerCore
import Primitives
import ReadModels
import RegistryContract

/// The roll in the order of its numbers, by building, and what was recorded about each unit.
///
/// Totals and owners are read from the state, where the rules keep them.
package struct RegistryProjection: Projection {
    package let name = "registry"
    package let version = 1
    package let events: Set<String> = ["registry.unitAdded", "registry.unitChanged"]
    package let tables = ["registry_unit", "registry_building", "registry_history"]

    /// The projection.
    package init() {}

    package func prepare(_ database: Database) throws {
        // `first` is the number of the building's first unit and orders the buildings as they came.
        try database.execute(
            sql: """
                CREATE TABLE registry_unit (
                    number INTEGER PRIMARY KEY, unit TEXT NOT NULL, building TEXT NOT NULL, area INTEGER NOT NULL,
                    source TEXT NOT NULL, owner TEXT, label TEXT
                );
                CREATE INDEX registry_unit_building ON registry_unit (building, number);
                CREATE TABLE registry_building (
                    building TEXT PRIMARY KEY, first INTEGER NOT NULL, units INTEGER NOT NULL
                );
                CREATE TABLE registry_history (
                    number INTEGER NOT NULL, leaf INTEGER NOT NULL, time INTEGER NOT NULL, record TEXT,
                    area INTEGER NOT NULL, owner TEXT, added INTEGER NOT NULL,
                    PRIMARY KEY (number, leaf)
                ) WITHOUT ROWID;
                """)
    }

    package func apply(_ event: RecordedEvent, _ database: Database) throws {
        if event.name == "registry.unitAdded" {
            let added = try event.decode(UnitAdded.self)
            try write(added.unit, added.row, database)
            try count(added.row.entry.building, first: added.row.number, database)
            try remember(added.row, added: true, event, database)
        } else {
            let changed = try event.decode(UnitChanged.self)
            let before = try String.fetchOne(
                database.cachedStatement(sql: "SELECT building FROM registry_unit WHERE number = ?"),
                arguments: [changed.row.number])
            try write(changed.unit, changed.row, database)
            if let before, before != changed.row.entry.building {
                try count(changed.row.entry.building, first: changed.row.number, database)
                try database.cachedStatement(
                    sql: "UPDATE registry_building SET units = units - 1 WHERE building = ?"
                ).execute(arguments: [before])
            }
            try remember(changed.row, added: false, event, database)
        }
    }

    private func write(_ unit: String, _ row: UnitRow, _ database: Database) throws {
        try database.cachedStatement(
            sql: """
                INSERT OR REPLACE INTO registry_unit (number, unit, building, area, source, owner, label)
                VALUES (?, ?, ?, ?, ?, ?, ?)
                """
        ).execute(arguments: [
            row.number, unit, row.entry.building, row.entry.area.hundredths, row.entry.areaSource.rawValue,
            row.entry.owner, row.entry.label,
        ])
    }

    private func count(_ building: String, first: Int64, _ database: Database) throws {
        try database.cachedStatement(
            sql: """
                INSERT INTO registry_building (building, first, units) VALUES (?, ?, 1)
                ON CONFLICT (building) DO UPDATE SET units = units + 1
                """
        ).execute(arguments: [building, first])
    }

    private func remember(_ row: UnitRow, added: Bool, _ event: RecordedEvent, _ database: Database) throws {
        // An import names each unit once, so a leaf holds one event of a unit.
        try database.cachedStatement(
            sql: """
                INSERT OR REPLACE INTO registry_history (number, leaf, time, record, area, owner, added)
                VALUES (?, ?, ?, ?, ?, ?, ?)
                """
        ).execute(arguments: [
            row.number, Int64(clamping: event.leaf), event.time.milliseconds, event.transaction?.hex,
            row.entry.area.hundredths, row.entry.owner, added,
        ])
    }
}
