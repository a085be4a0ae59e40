import ContractKit
import Primitives

/// The state brought back from a snapshot's rows: rows, tree and due queue. A million rows cost about two seconds, so
/// the work is spread over the cores.
package struct RestoredState: Sendable {
    /// The rows.
    package let state: StateStore
    /// The tree over them, its root worked out.
    package let tree: StateTree
    let due: DueQueue

    /// The state of a ledger without blocks.
    package static func empty() -> RestoredState {
        RestoredState(state: StateStore(), tree: StateTree(), due: DueQueue())
    }

    private init(state: StateStore, tree: StateTree, due: DueQueue) {
        self.state = state
        self.tree = tree
        self.due = due
    }

    /// Rows hashed by one task.
    private static let chunk = 32_768

    /// A row with the hashes of its key and value; removed rows have no value.
    private typealias Hashed = (hash: Digest, key: [UInt8], value: [UInt8]?, valueHash: Digest)

    /// Brings back `rows`, in the order in which they were written: the last row of a key counts.
    package static func from(_ rows: [StateChange]) async -> RestoredState {
        let live = await hashed(rows)
        async let tree = treeOver(live)
        let state = StateStore()
        state.reserve(live.count)
        var due = DueQueue()
        state.apply(live.lazy.map { ($0.hash, $0.key, $0.value) })
        for row in live { due.apply(row.key, row.value) }
        return RestoredState(state: state, tree: await tree, due: due)
    }

    /// The rows that stand, hashed.
    private static func hashed(_ rows: [StateChange]) async -> [Hashed] {
        let parts = await withTaskGroup(of: (Int, [Hashed]).self) { group in
            for (number, start) in stride(from: 0, to: rows.count, by: chunk).enumerated() {
                group.addTask { (number, hash(rows[start..<min(start + chunk, rows.count)])) }
            }
            return await group.reduce(into: [:]) { $0[$1.0] = $1.1 }
        }
        var live: [Hashed] = []
        live.reserveCapacity(rows.count)
        var places: [Digest: Int] = Dictionary(minimumCapacity: rows.count)
        for number in 0..<parts.count {
            for row in parts[number] ?? [] {
                if let place = places[row.hash] {
                    live[place] = row
                } else {
                    places[row.hash] = live.count
                    live.append(row)
                }
            }
        }
        return live.filter { $0.value != nil }
    }

    private static func hash(_ rows: ArraySlice<StateChange>) -> [Hashed] {
        rows.map { row in
            (CryptoSHA256.hash(row.key), row.key, row.value, row.value.map { CryptoSHA256.hash($0) } ?? .zero)
        }
    }

    @concurrent
    private static func treeOver(_ rows: [Hashed]) async -> StateTree {
        let tree = StateTree(rows.map { (keyHash: $0.hash, valueHash: $0.valueHash) })
        _ = tree.root
        return tree
    }
}
