package import Ordering
import Primitives

/// What an engine in memory holds, in the order in which every node reads it; the position of an entry is its place, from 1,
/// as a revision is in etcd, or counted from where the order was begun anew.
///
/// The simulation reads it step by step, for it decides by its seed who reads when; ``MemoryEngine`` gives it out as a real
/// engine does, in tasks. What can go wrong with an order is in here, once for both.
package struct MemoryOrder: Sendable {
    /// Something that was written.
    package enum Entry: Sendable {
        /// A batch.
        case batch(ReceivedBatch)
        /// A statement.
        case statement(Statement)
        /// Somebody deleted a batch; who has read it has it.
        case deletion(party: String, name: String)
    }

    /// What a reader finds.
    package enum Reading: Sendable {
        /// The next entry, and its index in ``entries``.
        case entry(Entry, index: Int)
        /// The history was cut off before the next entry.
        case missing
        /// Nothing new.
        case end
    }

    /// Everything, in order.
    package private(set) var entries: [Entry] = []
    /// So many entries from the beginning can no longer be read, by whoever has not read them yet.
    package var cut = 0

    /// Where this order began, where it is not the ledger's first.
    package let start: OrderStart?
    /// How it is called.
    package let name: OrderName

    /// Nothing is ordered.
    package init() {
        start = nil
        name = .first
    }

    /// An order that is begun anew, with nothing in it; the `number`th.
    package init(from start: OrderStart, number: Int) {
        self.start = start
        name = OrderName("\(number)")
    }

    /// The position of the entry at `index`.
    package func position(of index: Int) -> UInt64 { (start?.position ?? 0) + UInt64(index) + 1 }

    /// How many entries are at `position` and before it.
    package func entries(upTo position: UInt64) -> Int { Int(clamping: Int64(position) - Int64(start?.position ?? 0)) }

    /// Writes one more.
    package mutating func append(_ entry: Entry) { entries.append(entry) }

    /// What comes after the first `cursor` entries. A reader to whom the engine lies sees the neighbours at index `swap` the
    /// wrong way round.
    package func read(_ cursor: Int, swap: Int? = nil) -> Reading {
        guard cursor < entries.count else { return .end }
        guard cursor >= cut else { return .missing }
        var index = cursor
        if let swap, swap + 1 < entries.count {
            if cursor == swap { index = swap + 1 } else if cursor == swap + 1 { index = swap }
        }
        return .entry(entries[index], index: index)
    }

    /// What every party says now, in an order that is always the same.
    package var statements: [Statement] {
        var latest: [String: Statement] = [:]
        for case .statement(let statement) in entries { latest["\(statement.party) \(statement.kind)"] = statement }
        return latest.sorted { $0.key < $1.key }.map(\.value)
    }
}
