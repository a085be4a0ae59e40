import BudgetingContract
import ContractKit
import LedgerCore

/// Counts of closed votes, each worked out once: a closed vote never changes, and 131,778 ballots are not counted anew
/// for every reader.
actor TraceCache {
    /// Most votes that are kept; the one asked for longest ago goes first.
    static let limit = 8

    private let state: StateStore
    private var counts: [String: Task<VoteCount, any Error>] = [:]
    private var order: [String] = []
    /// How many counts were begun.
    private(set) var countings = 0

    /// A cache over the committed state.
    init(_ state: StateStore) { self.state = state }

    /// The count of the vote `id`, which is closed. Whoever asks while it is being worked out waits for the same count.
    func count(of id: String) async throws -> VoteCount {
        order.removeAll { $0 == id }
        order.append(id)
        if let known = counts[id] { return try await known.value }
        if order.count > TraceCache.limit { counts[order.removeFirst()] = nil }
        let state = state
        let work = Task.detached { try BudgetCount.run(vote: id, in: state) }
        counts[id] = work
        countings += 1
        do {
            return try await work.value
        } catch {
            counts[id] = nil
            throw error
        }
    }
}
