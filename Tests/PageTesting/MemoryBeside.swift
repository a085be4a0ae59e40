import LedgerCore
import PageKit
package import Primitives
import Synchronization

/// What a bench keeps beside its ledger: everything in memory.
package final class MemoryBeside: BesideLedger {
    private struct Kept {
        var contents: [Digest: [UInt8]] = [:]
        var attachments: [Digest: (mediaType: String, size: Int)] = [:]
        var totals: [String: Int64] = [:]
    }

    private let kept = Mutex(Kept())

    /// Nothing yet.
    package init() {}

    package func keep(_ content: [UInt8]) throws {
        let digest = CryptoSHA256.hash(content)
        kept.withLock { $0.contents[digest] = content }
    }

    package func content(_ digest: Digest) throws -> [UInt8]? { kept.withLock { $0.contents[digest] } }

    package func attachment(_ digest: Digest) throws -> (mediaType: String, size: Int)? {
        kept.withLock { $0.attachments[digest] }
    }

    /// Puts a public attachment there.
    package func attach(_ digest: Digest, mediaType: String, size: Int) {
        kept.withLock { $0.attachments[digest] = (mediaType, size) }
    }

    package func count(_ name: String) throws { kept.withLock { $0.totals[name, default: 0] += 1 } }

    package func total(_ name: String) throws -> Int64 { kept.withLock { $0.totals[name] ?? 0 } }
}
