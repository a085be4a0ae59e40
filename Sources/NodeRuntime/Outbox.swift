import LedgerCore
package import Primitives
import Storage
import Synchronization

/// Transactions that this node has promised to hand on and that are not final: kept on disk, so that a restart goes on with
/// them.
package final class Outbox: Sendable {
    private let store: LedgerStore
    private let ids = Mutex<Set<Digest>>([])

    init(_ store: LedgerStore) { self.store = store }

    /// Whether transaction `id` waits here.
    package func contains(_ id: Digest) -> Bool { ids.withLock { $0.contains(id) } }

    /// Number of transactions that wait.
    package var count: Int { ids.withLock { $0.count } }

    func keep(_ transactions: [Transaction]) throws {
        try store.keepOutgoing(transactions.map { ($0.id, $0.text.bytes) })
        ids.withLock { ids in
            for transaction in transactions { ids.insert(transaction.id) }
        }
    }

    /// The texts that wait.
    func texts() throws -> [(id: Digest, text: [UInt8])] { try store.outgoing() }

    /// Forgets what another node has taken.
    func wasHandedOn(_ id: Digest) throws {
        if ids.withLock({ $0.remove(id) }) != nil { try store.removeOutgoing([id]) }
    }

    /// The texts that an earlier run left.
    func load() throws -> [[UInt8]] {
        let kept = try store.outgoing()
        ids.withLock { $0 = Set(kept.map(\.id)) }
        return kept.map(\.text)
    }

    /// Forgets what is final.
    func remove(_ executed: [ExecutedTransaction]) throws {
        guard count > 0 else { return }
        let done = ids.withLock { ids in executed.map(\.id).filter { ids.remove($0) != nil } }
        if !done.isEmpty { try store.removeOutgoing(done) }
    }
}
