import GRDB
import GRDBSQLite

/// A prepared statement used a row at a time on a hot path: bytes go in and out without `Data` or boxed arguments.
struct RawStatement {
    private let statement: OpaquePointer
    private let connection: OpaquePointer?

    init(_ database: Database, _ sql: String) throws {
        statement = try database.cachedStatement(sql: sql).sqliteStatement
        connection = database.sqliteConnection
    }

    func bind(_ position: Int32, _ value: Int64) { sqlite3_bind_int64(statement, position, value) }

    func bind(_ position: Int32, _ bytes: [UInt8]) {
        // SQLITE_TRANSIENT: SQLite copies, so the array need not outlive the call.
        let transient = unsafeBitCast(-1, to: sqlite3_destructor_type.self)
        if bytes.isEmpty {
            sqlite3_bind_zeroblob(statement, position, 0)
        } else {
            _ = bytes.withUnsafeBytes { buffer in
                sqlite3_bind_blob64(statement, position, buffer.baseAddress, UInt64(buffer.count), transient)
            }
        }
    }

    func bindNull(_ position: Int32) { sqlite3_bind_null(statement, position) }

    /// Runs a statement that gives no rows.
    func run() throws {
        let result = sqlite3_step(statement)
        sqlite3_reset(statement)
        guard result == SQLITE_DONE else { throw failure(result) }
    }

    /// Runs a query and calls `row` for each row until it returns false.
    func rows(_ row: (RawRow) throws -> Bool) throws {
        defer { sqlite3_reset(statement) }
        while true {
            let result = sqlite3_step(statement)
            if result == SQLITE_DONE { return }
            guard result == SQLITE_ROW else { throw failure(result) }
            if try !row(RawRow(statement: statement)) { return }
        }
    }

    private func failure(_ code: Int32) -> DatabaseError {
        DatabaseError(
            resultCode: ResultCode(rawValue: code), message: connection.map { String(cString: sqlite3_errmsg($0)) })
    }
}

/// The current row of a running query; valid only until the next step.
struct RawRow {
    let statement: OpaquePointer

    func integer(_ column: Int32) -> Int64 { sqlite3_column_int64(statement, column) }

    func isNull(_ column: Int32) -> Bool { sqlite3_column_type(statement, column) == SQLITE_NULL }

    func bytes(_ column: Int32) -> [UInt8] {
        let count = Int(sqlite3_column_bytes(statement, column))
        guard count > 0, let base = sqlite3_column_blob(statement, column) else { return [] }
        return Array(UnsafeRawBufferPointer(start: base, count: count))
    }
}
