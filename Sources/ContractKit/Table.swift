import Primitives

/// Read and write access to the state while a block is executed; the ledger gives it to contracts.
package protocol StateAccess: AnyObject, StateReading {
    /// Sets the value at `key`; nil removes it.
    func write(_ key: [UInt8], _ value: [UInt8]?)
}

/// Where rows can be read: an `Execution`, or a snapshot of the committed state.
package protocol StateReading: ~Copyable {
    /// The value at `key`, or nil.
    func read(_ key: [UInt8]) -> [UInt8]?
    /// The row at `key`, or nil. Refuses with `state.damaged` what cannot be read as such a row.
    func row<Row: Record>(_ key: [UInt8], as type: Row.Type) throws(Reason) -> Row?
}

extension StateReading where Self: ~Copyable {
    /// Reads and decodes the row.
    package func row<Row: Record>(_ key: [UInt8], as type: Row.Type) throws(Reason) -> Row? {
        guard let bytes = read(key) else { return nil }
        return try Row(stored: bytes)
    }
}

/// A typed table of the state: keys `module/table/id`, values canonical JSON of `Row` (`ledger.md`, State).
package struct Table<Row: Record>: Sendable {
    /// `module/table/` as bytes.
    package let prefix: [UInt8]

    /// Names a table of a module.
    package init(_ module: StaticString, _ table: StaticString) {
        prefix = Array("\(module)/\(table)/".utf8)
    }

    /// The state key of a row.
    package func key(_ id: String) -> [UInt8] {
        var id = id
        return id.withUTF8 { utf8 in
            var key: [UInt8] = []
            key.reserveCapacity(prefix.count + utf8.count)
            key.append(contentsOf: prefix)
            key.append(contentsOf: utf8)
            return key
        }
    }

    /// The row with this id, or nil.
    package func find<Source: StateReading & ~Copyable>(_ id: String, in state: borrowing Source) throws(Reason) -> Row?
    {
        try state.row(key(id), as: Row.self)
    }

    /// Whether there is a row with this id.
    package func contains<Source: StateReading & ~Copyable>(_ id: String, in state: borrowing Source) -> Bool {
        state.read(key(id)) != nil
    }

    /// The row with this id, or the given refusal.
    package func require<Source: StateReading & ~Copyable>(
        _ id: String, in state: borrowing Source, else reason: Reason
    ) throws(Reason) -> Row {
        guard let row = try find(id, in: state) else { throw reason }
        return row
    }

    /// Writes a row.
    package func put(_ id: String, _ row: Row, in execution: inout Execution) {
        execution.write(key(id), row.canonicalJSON)
    }

    /// Removes a row.
    package func remove(_ id: String, in execution: inout Execution) {
        execution.write(key(id), nil)
    }
}
