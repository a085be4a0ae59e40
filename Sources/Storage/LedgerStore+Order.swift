import GRDB

/// Which of the engine's orders the ledger goes on in, and what it has made of it that is not final.
extension LedgerStore {
    /// Keeps the engine's name for the order that the blocks after `position` come from.
    package func keepOrder(_ name: String, after position: UInt64) throws {
        try pool.write { try LedgerStore.setMark("order", Int64(clamping: position), Array(name.utf8), $0) }
    }

    /// What `keepOrder` kept last; no name and 0 where it is the order that the ledger began with.
    package func order() throws -> (name: String, position: UInt64) {
        try pool.read { database in
            let query = try RawStatement(database, "SELECT value, data FROM mark WHERE name = 'order'")
            var found = (name: "", position: UInt64(0))
            try query.rows { row in
                found = (String(decoding: row.bytes(1), as: UTF8.self), UInt64(clamping: row.integer(0)))
                return false
            }
            return found
        }
    }

    /// The newest final block; nil in an empty ledger.
    package func newestFinal() throws -> BlockRow? {
        guard let height = try finalHeight() else { return try lastBlock() }
        return try blocks(upTo: height, count: 1).first
    }
}
