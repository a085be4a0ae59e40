import GRDB
import Primitives

extension LedgerStore {
    /// A block's checkpoint has more cosignatures than before. What is final stays as it is.
    package func replaceCheckpoint(ofBlock height: UInt64, by checkpoint: [UInt8]) throws {
        try pool.write { database in
            let row = try RawStatement(database, "UPDATE block SET checkpoint = ? WHERE height = ?")
            row.bind(1, checkpoint)
            row.bind(2, Int64(clamping: height))
            try row.run()
        }
    }
}
