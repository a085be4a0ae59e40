import ContractKit
import Primitives
import Synchronization

/// One change of the state: a key and its new value, or nil where it is removed.
package typealias StateChange = (key: [UInt8], value: [UInt8]?)

/// The committed state, live in memory: the log is the truth, this is a cache of it (`architecture.md`, facts).
///
/// Written by the block pipeline only; read by anyone. Rows lie in shards with a lock each, so that the gate, which
/// looks a key up for every transaction, does not wait while a block is committed.
package final class StateStore: StateReading, HashedState, Sendable {
    private let shards = (0..<StateStore.shardCount).map { _ in Shard() }
    private static let shardCount = 64

    /// An empty state.
    package init() {}

    /// A state of the given rows.
    package convenience init(_ rows: [StateChange]) {
        self.init()
        apply(rows.lazy.map { (CryptoSHA256.hash($0.key), $0.key, $0.value) })
    }

    /// Number of keys.
    package var count: Int { shards.reduce(0) { $0 + $1.count } }

    /// The value at `key`, or nil.
    package func read(_ key: [UInt8]) -> [UInt8]? { read(hash: CryptoSHA256.hash(key)) }

    func read(hash: Digest) -> [UInt8]? { shard(hash).read(hash) }

    func holds(_ value: [UInt8], at hash: Digest) -> Bool { shard(hash).holds(value, at: hash) }

    /// Whether there is a value at `key`.
    package func contains(_ key: [UInt8]) -> Bool {
        let hash = CryptoSHA256.hash(key)
        return shard(hash).contains(hash)
    }

    /// Makes room before a bulk load.
    func reserve(_ count: Int) {
        for shard in shards { shard.reserve(count / StateStore.shardCount + 1) }
    }

    /// Applies a block's changes; `hash` is SHA-256 of each key.
    func apply(_ changes: some Sequence<(hash: Digest, key: [UInt8], value: [UInt8]?)>) {
        for change in changes { shard(change.hash).set(change.hash, change.key, change.value) }
    }

    /// Calls `body` with every key and value, in no particular order.
    package func forEach(_ body: (_ key: ArraySlice<UInt8>, _ value: ArraySlice<UInt8>) throws -> Void) rethrows {
        for shard in shards {
            for row in shard.rows where row.keyLength > 0 {
                try body(row.bytes[..<Int(row.keyLength)], row.bytes[Int(row.keyLength)...])
            }
        }
    }

    private func shard(_ hash: Digest) -> Shard {
        shards[Int(truncatingIfNeeded: hash.word3) & (StateStore.shardCount - 1)]
    }
}

/// A part of the state under one lock.
private final class Shard: Sendable {
    /// Key and value of one row in one allocation.
    struct Row {
        var bytes: [UInt8]
        var keyLength: UInt16

        /// Compares eight bytes at a time: this is asked twice for every transaction.
        func holds(_ value: [UInt8]) -> Bool {
            let start = Int(keyLength)
            guard bytes.count - start == value.count else { return false }
            return bytes.withUnsafeBytes { stored in
                value.withUnsafeBytes { wanted in
                    var at = 0
                    while at + 8 <= wanted.count {
                        let left = stored.loadUnaligned(fromByteOffset: start + at, as: UInt64.self)
                        if left != wanted.loadUnaligned(fromByteOffset: at, as: UInt64.self) { return false }
                        at += 8
                    }
                    return stored[(start + at)...].elementsEqual(wanted[at...])
                }
            }
        }
    }

    private struct Storage {
        var slots: [Digest: UInt32] = [:]
        var rows: ContiguousArray<Row> = []
        var free: [UInt32] = []
    }

    private let storage = Mutex(Storage())

    var count: Int { storage.withLock { $0.slots.count } }

    /// All rows; a removed one has a key of no length.
    var rows: ContiguousArray<Row> { storage.withLock { $0.rows } }

    func read(_ hash: Digest) -> [UInt8]? {
        storage.withLock { storage in
            guard let slot = storage.slots[hash] else { return nil }
            let row = storage.rows[Int(slot)]
            return Array(row.bytes[Int(row.keyLength)...])
        }
    }

    func holds(_ value: [UInt8], at hash: Digest) -> Bool {
        storage.withLock { storage in storage.slots[hash].map { storage.rows[Int($0)].holds(value) } ?? false }
    }

    func contains(_ hash: Digest) -> Bool { storage.withLock { $0.slots[hash] != nil } }

    func reserve(_ count: Int) {
        storage.withLock { storage in
            storage.slots.reserveCapacity(count)
            storage.rows.reserveCapacity(count)
        }
    }

    func set(_ hash: Digest, _ key: [UInt8], _ value: [UInt8]?) {
        guard let value else { return remove(hash) }
        var bytes: [UInt8] = []
        bytes.reserveCapacity(key.count + value.count)
        bytes.append(contentsOf: key)
        bytes.append(contentsOf: value)
        let row = Row(bytes: bytes, keyLength: UInt16(truncatingIfNeeded: key.count))
        storage.withLock { storage in
            if let slot = storage.slots[hash] {
                storage.rows[Int(slot)] = row
            } else if let slot = storage.free.popLast() {
                storage.rows[Int(slot)] = row
                storage.slots[hash] = slot
            } else {
                storage.slots[hash] = UInt32(truncatingIfNeeded: storage.rows.count)
                storage.rows.append(row)
            }
        }
    }

    private func remove(_ hash: Digest) {
        storage.withLock { storage in
            guard let slot = storage.slots.removeValue(forKey: hash) else { return }
            storage.rows[Int(slot)] = Row(bytes: [], keyLength: 0)
            storage.free.append(slot)
        }
    }
}
