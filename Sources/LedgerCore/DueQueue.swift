import ContractKit
import Primitives

/// The due entries of the committed state in key order, which is time order: an index of what `ledger/due/` holds.
struct DueQueue: Sendable {
    private(set) var entries: [(key: [UInt8], entry: DueEntry)] = []

    /// The time of the first entry, or nil.
    var next: Instant? { entries.first?.entry.time }

    /// Follows a change of the state; keys outside the queue are ignored.
    mutating func apply(_ key: [UInt8], _ value: [UInt8]?) {
        guard key.starts(with: DueEntry.prefix) else { return }
        var low = 0
        var high = entries.count
        while low < high {
            let middle = (low + high) / 2
            if entries[middle].key.lexicographicallyPrecedes(key) { low = middle + 1 } else { high = middle }
        }
        let found = low < entries.count && entries[low].key == key
        if let value, let entry = try? DueEntry(json: value) {
            if found { entries[low].entry = entry } else { entries.insert((key, entry), at: low) }
        } else if found {
            entries.remove(at: low)
        }
    }

    /// The entries due at `time`, at most `limit`.
    func due(at time: Instant, limit: Int) -> [(key: [UInt8], entry: DueEntry)] {
        Array(entries.prefix(limit).prefix { $0.entry.time <= time })
    }
}
