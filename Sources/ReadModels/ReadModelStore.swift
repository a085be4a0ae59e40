package import GRDB
package import LedgerCore

/// The read models on disk: `read.sqlite`, one cursor per projection. Losing the file costs a rebuild, nothing else.
package final class ReadModelStore: Sendable {
    private let pool: DatabasePool
    private let projections: [any Projection]
    /// Places in `projections` that want an event, by its name.
    private let wanting: [String: [Int]]

    /// Opens or creates the file at `path` and prepares the tables of `projections`.
    package init(path: String, projections: [any Projection]) throws {
        var configuration = Configuration()
        configuration.label = "read models"
        configuration.busyMode = .timeout(5)
        pool = try DatabasePool(path: path, configuration: configuration)
        self.projections = projections
        wanting = projections.enumerated().reduce(into: [:]) { wanting, entry in
            for name in entry.element.events { wanting[name, default: []].append(entry.offset) }
        }
        try pool.write { database in
            try database.execute(
                sql: """
                    CREATE TABLE IF NOT EXISTS cursor (
                        name TEXT PRIMARY KEY, version INTEGER NOT NULL, leaf INTEGER NOT NULL
                    )
                    """)
            for projection in projections { try ReadModelStore.prepare(projection, database) }
        }
    }

    private static func prepare(_ projection: any Projection, _ database: Database) throws {
        let version = try Int.fetchOne(
            database, sql: "SELECT version FROM cursor WHERE name = ?", arguments: [projection.name])
        guard version != projection.version else { return }
        for table in projection.tables { try database.execute(sql: "DROP TABLE IF EXISTS \(table)") }
        try projection.prepare(database)
        try database.execute(
            sql: "INSERT OR REPLACE INTO cursor (name, version, leaf) VALUES (?, ?, 0)",
            arguments: [projection.name, projection.version])
    }

    /// Reads from the tables.
    package func read<Value: Sendable>(_ query: @Sendable (Database) throws -> Value) throws -> Value {
        try pool.read(query)
    }

    /// The leaf up to which every projection has followed the log.
    package func position() throws -> UInt64 {
        guard !projections.isEmpty else { return .max }
        return try pool.read { try cursors($0).min() ?? 0 }
    }

    /// How far each projection has followed, in their order. The file may hold cursors of projections that this program
    /// does not have; those stay where they are until it has them again.
    private func cursors(_ database: Database) throws -> [UInt64] {
        let select = try database.cachedStatement(sql: "SELECT leaf FROM cursor WHERE name = ?")
        return try projections.map { UInt64(clamping: try Int64.fetchOne(select, arguments: [$0.name]) ?? 0) }
    }

    /// Follows the log from each projection's cursor as far as whole blocks go. One transaction per chunk of leaves.
    /// Returns the leaf reached.
    @discardableResult
    package func follow(_ source: any LeafSource, chunk: Int = 4_096) throws -> UInt64 {
        let end = try source.leafCount()
        var at = try position()
        if at > end, !projections.isEmpty {
            try reset()
            at = 0
        }
        while at < end {
            let next = try followChunk(source, from: at, chunk: chunk)
            guard next > at else { break }
            at = next
        }
        return at
    }

    private func followChunk(_ source: any LeafSource, from start: UInt64, chunk: Int) throws -> UInt64 {
        var reader = EventReader()
        var events: [RecordedEvent] = []
        var index = start
        var reached = start
        // A block is never cut: the chunk goes on until a seal was seen.
        while reached == start {
            let leaves = try source.leaves(from: index, count: chunk)
            if leaves.isEmpty { return start }
            for leaf in leaves {
                if let (_, block) = try reader.take(leaf, index: index) {
                    events.append(contentsOf: block)
                    reached = index + 1
                }
                index += 1
            }
        }
        let found = events
        let end = reached
        try pool.write { try apply(found, upTo: end, $0) }
        return reached
    }

    private func apply(_ events: [RecordedEvent], upTo end: UInt64, _ database: Database) throws {
        let cursors = try cursors(database)
        for event in events {
            for place in wanting[event.name, default: []] where event.leaf >= cursors[place] {
                try projections[place].apply(event, database)
            }
        }
        let update = try database.cachedStatement(sql: "UPDATE cursor SET leaf = ? WHERE name = ?")
        for (projection, cursor) in zip(projections, cursors) where cursor < end {
            try update.execute(arguments: [Int64(clamping: end), projection.name])
        }
    }

    /// Throws all tables away and begins anew at leaf 0.
    package func reset() throws {
        try pool.write { database in
            try database.execute(sql: "DELETE FROM cursor")
            for projection in projections { try ReadModelStore.prepare(projection, database) }
        }
    }

    /// Closes the file.
    package func close() throws { try pool.close() }
}
