import GRDB
package import Primitives

extension LedgerStore {
    /// A block's checkpoint has more cosignatures than before. What is final stays as it is.
    package func replaceCheckpoint(ofBlock height: UInt64, by checkpoint: [UInt8]) throws {
        try replaceCheckpoints([(height, checkpoint)])
    }

    /// The same for several blocks in one write.
    package func replaceCheckpoints(_ checkpoints: [(height: UInt64, checkpoint: [UInt8])]) throws {
        try pool.write { database in
            let row = try RawStatement(database, "UPDATE block SET checkpoint = ? WHERE height = ?")
            for (height, checkpoint) in checkpoints {
                row.bind(1, checkpoint)
                row.bind(2, Int64(clamping: height))
                try row.run()
            }
        }
    }

    /// Records durably what this party signs.
    package func recordSigned(size: UInt64, root: Digest) throws {
        try pool.write { try LedgerStore.setMark("signed", Int64(clamping: size), root.bytes, $0) }
    }

    /// What this party has signed last: size and root; nil before it has.
    package func signed() throws -> (size: UInt64, root: Digest)? {
        try pool.read { database in
            let query = try RawStatement(database, "SELECT value, data FROM mark WHERE name = 'signed'")
            var found: (UInt64, Digest)?
            try query.rows { row in
                found = Digest(bytes: row.bytes(1)).map { (UInt64(clamping: row.integer(0)), $0) }
                return false
            }
            return found
        }
    }

    /// Keeps which cosigner keys parties had before, as text.
    package func keepFormerKeys(_ text: [UInt8]) throws {
        try pool.write { try LedgerStore.setMark("formerKeys", 0, text, $0) }
    }

    /// What `keepFormerKeys` kept last; empty before.
    package func formerKeys() throws -> [UInt8] {
        try pool.read { database in
            let query = try RawStatement(database, "SELECT data FROM mark WHERE name = 'formerKeys'")
            var found: [UInt8] = []
            try query.rows { row in
                found = row.bytes(0)
                return false
            }
            return found
        }
    }
}
