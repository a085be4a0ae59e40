import PageKit
package import Primitives
package import Storage
import Synchronization

/// What the modules keep beside the ledger, in the node's file of contents.
///
/// Totals are written at most once a second: anybody may have something counted, and a durable write for each would let one
/// reader keep the disk busy. What was counted since the last write is lost if the process dies.
package final class NodeBesideLedger: BesideLedger {
    /// Counts that are not written yet, and when they last were.
    private struct Waiting {
        var counts: [String: Int64] = [:]
        var written: ContinuousClock.Instant?
    }

    private static let pause = Duration.seconds(1)

    private let store: AttachmentStore
    private let waiting = Mutex(Waiting())

    /// Beside the ledger whose contents are in `store`.
    package init(store: AttachmentStore) { self.store = store }

    package func keep(_ content: [UInt8]) throws {
        _ = try store.put(content, mediaType: "text/plain", isPublic: false)
    }

    package func content(_ digest: Digest) throws -> [UInt8]? { try store.find(digest)?.bytes }

    package func attachment(_ digest: Digest) throws -> (mediaType: String, size: Int)? {
        guard let found = try store.find(digest), found.isPublic else { return nil }
        return (found.mediaType, found.bytes.count)
    }

    package func count(_ name: String) throws {
        let now = ContinuousClock.now
        try waiting.withLock { waiting in
            waiting.counts[name, default: 0] += 1
            if let written = waiting.written, now - written < Self.pause { return }
            try store.count(waiting.counts)
            waiting = Waiting(written: now)
        }
    }

    package func total(_ name: String) throws -> Int64 {
        try waiting.withLock { try store.total(name) + ($0.counts[name] ?? 0) }
    }
}
