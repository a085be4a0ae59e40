import GRDB
package import Primitives

extension LedgerStore {
    /// Keeps signed texts that wait for a place in the order, by id.
    package func keepOutgoing(_ texts: [(id: Digest, text: [UInt8])]) throws {
        try pool.write { database in
            let insert = try RawStatement(database, "INSERT OR IGNORE INTO outgoing (id, text) VALUES (?, ?)")
            for entry in texts {
                insert.bind(1, entry.id.bytes)
                insert.bind(2, entry.text)
                try insert.run()
            }
        }
    }

    /// All texts that wait.
    package func outgoing() throws -> [(id: Digest, text: [UInt8])] {
        try pool.read { database in
            let query = try RawStatement(database, "SELECT id, text FROM outgoing")
            var found: [(Digest, [UInt8])] = []
            try query.rows { row in
                if let id = Digest(bytes: row.bytes(0)) { found.append((id, row.bytes(1))) }
                return true
            }
            return found
        }
    }

    /// Forgets texts that are on the ledger.
    package func removeOutgoing(_ ids: [Digest]) throws {
        try pool.write { database in
            let delete = try RawStatement(database, "DELETE FROM outgoing WHERE id = ?")
            for id in ids {
                delete.bind(1, id.bytes)
                try delete.run()
            }
        }
    }
}
