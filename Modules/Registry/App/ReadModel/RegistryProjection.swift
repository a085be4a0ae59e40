import ContractKit
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
    package let version = 2
    package let events: Set<String> = [
        "registry.unitAdded", "registry.unitChanged", "registry.enrolled", "registry.accountsOpened",
        "ledger.keyOpened", "ledger.keyClosed",
    ]
    package let tables = [
        "registry_unit", "registry_building", "registry_history", "registry_binding", "registry_key",
    ]

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
                CREATE INDEX registry_unit_owner ON registry_unit (owner);
                CREATE TABLE registry_binding (owner TEXT PRIMARY KEY, account TEXT NOT NULL) WITHOUT ROWID;
                CREATE TABLE registry_key (
                    key TEXT PRIMARY KEY, account TEXT NOT NULL, opened INTEGER NOT NULL, closed INTEGER
                ) WITHOUT ROWID;
                CREATE INDEX registry_key_account ON registry_key (account);
                """)
    }

    package func apply(_ event: RecordedEvent, _ database: Database) throws {
        switch event.name {
        case "registry.enrolled": try bind([event.decode(Enrolled.self).binding], database)
        case "registry.accountsOpened": try bind(event.decode(AccountsOpened.self).bound, database)
        case "ledger.keyOpened":
            let opened = try event.decode(KeyOpened.self)
            try database.cachedStatement(
                sql: "INSERT OR REPLACE INTO registry_key (key, account, opened) VALUES (?, ?, ?)"
            ).execute(arguments: [
                Base64.url.encode(opened.key.keyID.bytes), opened.account, event.time.milliseconds,
            ])
        case "ledger.keyClosed":
            try database.cachedStatement(sql: "UPDATE registry_key SET closed = ? WHERE key = ?").execute(
                arguments: [event.time.milliseconds, event.decode(KeyClosed.self).keyID])
        default: try applyUnit(event, database)
        }
    }

    private func bind(_ bindings: [AccountBinding], _ database: Database) throws {
        for binding in bindings {
            try database.cachedStatement(
                sql: "INSERT OR REPLACE INTO registry_binding (owner, account) VALUES (?, ?)"
            ).execute(arguments: [binding.owner, binding.account])
        }
    }

    private func applyUnit(_ event: RecordedEvent, _ database: Database) throws {
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
