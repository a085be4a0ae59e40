package import ContractKit
import Primitives

/// The state in memory, with one level of undo: what a rule wrote is kept or taken back as a whole.
package final class MemoryState: StateAccess {
    private var values: [[UInt8]: [UInt8]] = [:]
    private var undo: [(key: [UInt8], old: [UInt8]?)] = []
    /// Number of reads so far; tests of scale look at it.
    package private(set) var reads = 0
    /// Number of writes so far.
    package private(set) var writes = 0

    /// An empty state.
    package init() {}

    /// The value at `key`, or nil.
    package func read(_ key: [UInt8]) -> [UInt8]? {
        reads += 1
        return values[key]
    }

    /// Sets the value at `key`; nil removes it. Stops the test when the value is not canonical JSON.
    package func write(_ key: [UInt8], _ value: [UInt8]?) {
        writes += 1
        undo.append((key, values[key]))
        if let value {
            precondition(
                CanonicalJSON.isCanonical(value),
                "row \(String(decoding: key, as: UTF8.self)) is not canonical: \(String(decoding: value, as: UTF8.self))"
            )
            precondition(key.count <= 512, "state key too long: \(String(decoding: key, as: UTF8.self))")
        }
        values[key] = value
    }

    /// Keeps what was written since the last `commit` or `rollback`.
    package func commit() { undo.removeAll(keepingCapacity: true) }

    /// Takes back what was written since the last `commit` or `rollback`.
    package func rollback() {
        for entry in undo.reversed() { values[entry.key] = entry.old }
        commit()
    }

    /// A copy of everything: to compare before and after.
    package var snapshot: [[UInt8]: [UInt8]] { values }

    /// Keys that begin with `prefix`, in byte order.
    package func keys(prefix: [UInt8]) -> [[UInt8]] {
        values.keys.filter { $0.starts(with: prefix) }.sorted { $0.lexicographicallyPrecedes($1) }
    }

    /// The rows of a table in the order of their ids; each is read and written again, which must give the same bytes.
    package func rows<Row>(of table: Table<Row>) throws -> [(id: String, row: Row)] {
        try keys(prefix: table.prefix).map { key in
            let id = String(decoding: key.dropFirst(table.prefix.count), as: UTF8.self)
            let row = try table.require(id, in: self, else: .stateDamaged)
            precondition(row.canonicalJSON == values[key], "row \(id) changes when it is read and written again")
            return (id, row)
        }
    }
}
