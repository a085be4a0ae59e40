package import Primitives
import Synchronization

/// Where each transaction's leaf is, by id. It is also the replay window: an id that is known is not executed again.
///
/// An id whose `notAfter` has passed could be forgotten (`ledger.md`, Transaction), but the same table answers "where is
/// my receipt" for ever, so it keeps them all: open addressing over two flat arrays, 48 bytes per transaction.
package final class TransactionIndex: Sendable {
    private struct Storage {
        var ids: ContiguousArray<Digest> = []
        var leaves: ContiguousArray<UInt32> = []
        /// Ordinal of an id plus one; 0 where the slot is free. The size is a power of two.
        var slots: ContiguousArray<UInt32> = ContiguousArray(repeating: 0, count: 1_024)
    }

    private let storage = Mutex(Storage())

    /// An empty index.
    package init() {}

    /// Number of transactions.
    package var count: Int { storage.withLock { $0.ids.count } }

    /// Index of the leaf of transaction `id`, or nil.
    package func leaf(of id: Digest) -> UInt64? {
        storage.withLock { storage in
            let slot = TransactionIndex.slot(of: id, in: storage)
            let entry = storage.slots[slot]
            return entry == 0 ? nil : UInt64(storage.leaves[Int(entry) - 1])
        }
    }

    /// The newest `count` transactions before `ordinal`, newest first, with their leaf indexes.
    package func page(before ordinal: Int, count: Int) -> [(ordinal: Int, id: Digest, leaf: UInt64)] {
        storage.withLock { storage in
            let end = max(0, min(ordinal, storage.ids.count))
            return (max(0, end - count)..<end).reversed().map { ($0, storage.ids[$0], UInt64(storage.leaves[$0])) }
        }
    }

    /// Records the transactions of a block.
    func insert(_ entries: [(id: Digest, leaf: UInt64)]) {
        storage.withLock { storage in
            for entry in entries {
                if (storage.ids.count + 1) * 4 > storage.slots.count * 3 { TransactionIndex.grow(&storage) }
                let slot = TransactionIndex.slot(of: entry.id, in: storage)
                guard storage.slots[slot] == 0 else { continue }
                storage.ids.append(entry.id)
                storage.leaves.append(UInt32(truncatingIfNeeded: entry.leaf))
                storage.slots[slot] = UInt32(truncatingIfNeeded: storage.ids.count)
            }
        }
    }

    /// Forgets the newest `count` transactions: their blocks were rolled back.
    func removeNewest(_ count: Int) {
        storage.withLock { storage in
            storage.ids.removeLast(min(count, storage.ids.count))
            storage.leaves.removeLast(min(count, storage.leaves.count))
            TransactionIndex.rebuild(&storage, size: storage.slots.count)
        }
    }

    /// The slot that holds `id`, or the free slot where it belongs.
    private static func slot(of id: Digest, in storage: Storage) -> Int {
        let mask = storage.slots.count - 1
        var slot = Int(truncatingIfNeeded: id.word0) & mask
        while true {
            let entry = storage.slots[slot]
            if entry == 0 || storage.ids[Int(entry) - 1] == id { return slot }
            slot = (slot + 1) & mask
        }
    }

    private static func grow(_ storage: inout Storage) {
        rebuild(&storage, size: storage.slots.count * 2)
    }

    private static func rebuild(_ storage: inout Storage, size: Int) {
        storage.slots = ContiguousArray(repeating: 0, count: size)
        for (ordinal, id) in storage.ids.enumerated() {
            var slot = Int(truncatingIfNeeded: id.word0) & (size - 1)
            while storage.slots[slot] != 0 { slot = (slot + 1) & (size - 1) }
            storage.slots[slot] = UInt32(truncatingIfNeeded: ordinal + 1)
        }
    }
}
