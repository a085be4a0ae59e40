import ContractKit
import Primitives
import Synchronization

/// One change of the state: a key and its new value, or nil where it is removed.
package typealias StateChange = (key: [UInt8], value: [UInt8]?)

/// The committed state, live in memory: the log is the truth, this is a cache of it (`architecture.md`, facts).
///
/// Written by the block pipeline only; read by anyone.
package final class StateStore: StateReading, HashedState, Sendable {
    /// Key and value of one row in one allocation.
    private struct Entry {
        var bytes: [UInt8]
        var keyLength: UInt16
    }

    private struct Storage {
        var slots: [Digest: UInt32] = [:]
        var entries: ContiguousArray<Entry> = []
        var free: [UInt32] = []
    }

    private let storage = Mutex(Storage())

    /// An empty state.
    package init() {}

    /// Number of keys.
    package var count: Int { storage.withLock { $0.slots.count } }

    /// The value at `key`, or nil.
    package func read(_ key: [UInt8]) -> [UInt8]? { read(hash: CryptoSHA256.hash(key)) }

    func read(hash: Digest) -> [UInt8]? {
        storage.withLock { storage in
            guard let slot = storage.slots[hash] else { return nil }
            let entry = storage.entries[Int(slot)]
            return Array(entry.bytes[Int(entry.keyLength)...])
        }
    }

    func holds(_ value: [UInt8], at hash: Digest) -> Bool {
        storage.withLock { storage in
            guard let slot = storage.slots[hash] else { return false }
            let entry = storage.entries[Int(slot)]
            return entry.bytes[Int(entry.keyLength)...].elementsEqual(value)
        }
    }

    /// Whether there is a value at `key`.
    package func contains(_ key: [UInt8]) -> Bool {
        let hash = CryptoSHA256.hash(key)
        return storage.withLock { $0.slots[hash] != nil }
    }

    /// Makes room before a bulk load.
    func reserve(_ count: Int) {
        storage.withLock { storage in
            storage.slots.reserveCapacity(count)
            storage.entries.reserveCapacity(count)
        }
    }

    /// Applies a block's changes at once; `hash` is SHA-256 of each key.
    func apply(_ changes: [(hash: Digest, key: [UInt8], value: [UInt8]?)]) {
        storage.withLock { storage in
            for change in changes {
                if let value = change.value {
                    set(&storage, change.hash, change.key, value)
                } else if let slot = storage.slots.removeValue(forKey: change.hash) {
                    storage.entries[Int(slot)] = Entry(bytes: [], keyLength: 0)
                    storage.free.append(slot)
                }
            }
        }
    }

    private func set(_ storage: inout Storage, _ hash: Digest, _ key: [UInt8], _ value: [UInt8]) {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(key.count + value.count)
        bytes.append(contentsOf: key)
        bytes.append(contentsOf: value)
        let entry = Entry(bytes: bytes, keyLength: UInt16(truncatingIfNeeded: key.count))
        if let slot = storage.slots[hash] {
            storage.entries[Int(slot)] = entry
        } else if let slot = storage.free.popLast() {
            storage.entries[Int(slot)] = entry
            storage.slots[hash] = slot
        } else {
            storage.slots[hash] = UInt32(truncatingIfNeeded: storage.entries.count)
            storage.entries.append(entry)
        }
    }

    /// Calls `body` with every key and value, in no particular order.
    package func forEach(_ body: (_ key: ArraySlice<UInt8>, _ value: ArraySlice<UInt8>) throws -> Void) rethrows {
        let entries = storage.withLock { $0.entries }
        for entry in entries where entry.keyLength > 0 {
            try body(entry.bytes[..<Int(entry.keyLength)], entry.bytes[Int(entry.keyLength)...])
        }
    }
}
