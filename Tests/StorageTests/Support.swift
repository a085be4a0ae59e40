import Foundation
import LedgerCore
import LedgerSamples
import Storage

/// A folder of a test's own, removed when the test ends.
func withFolder<Result>(_ body: (String) throws -> Result) throws -> Result {
    let folder = NSTemporaryDirectory() + "linlian-storage-" + UUID().uuidString
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(atPath: folder) }
    return try body(folder)
}

/// A checkpoint's stand-in: the store does not look into it.
func checkpoint(_ block: ExecutedBlock) -> [UInt8] { Array("checkpoint \(block.size)\n".utf8) }

extension LedgerStore {
    /// Stores every block of a ledger from `first`.
    func append(_ ledger: SampleLedger, from first: Int = 0) throws {
        for block in ledger.blocks[first...] { try append(block, checkpoint: checkpoint(block)) }
    }
}
