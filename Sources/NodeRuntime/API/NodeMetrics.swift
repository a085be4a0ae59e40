import LedgerCore
import Synchronization

/// What the node counts about itself since it started. No personal data: no address, no account, no path of a request.
package final class NodeMetrics: Sendable {
    /// The kinds of requests that are told apart.
    enum Group: String, CaseIterable, Sendable { case submit, api, tiles, assets, pages }

    /// Upper limits of the duration classes, in microseconds.
    static let limits: [Int64] = [500, 1_000, 2_500, 5_000, 10_000, 25_000, 50_000, 100_000, 500_000, 2_500_000]

    struct Durations: Sendable {
        var counts = [UInt64](repeating: 0, count: NodeMetrics.limits.count + 1)
        var microseconds: Int64 = 0
        /// By the first digit of the status.
        var statuses = [UInt64](repeating: 0, count: 6)
    }

    struct Storage: Sendable {
        var accepted: UInt64 = 0
        var rejected: [String: UInt64] = [:]
        var refused: [String: UInt64] = [:]
        var requests: [Group: Durations] = [:]
    }

    private let storage = Mutex(Storage())

    /// Most different codes that are counted one by one.
    private static let mostCodes = 500

    /// Counters at zero.
    package init() {}

    /// What was counted so far.
    var snapshot: Storage { storage.withLock { $0 } }

    /// A transaction was executed.
    func executed(_ outcome: Outcome) {
        storage.withLock { storage in
            switch outcome {
            case .accepted: storage.accepted += 1
            case .rejected(let code): NodeMetrics.count(code, in: &storage.rejected)
            }
        }
    }

    /// A transaction was refused before it was ordered.
    func refused(_ code: String) { storage.withLock { NodeMetrics.count(code, in: &$0.refused) } }

    /// A request was answered.
    func answered(_ group: Group, status: Int, after duration: Duration) {
        let parts = duration.components
        let microseconds = parts.seconds * 1_000_000 + parts.attoseconds / 1_000_000_000_000
        let place = NodeMetrics.limits.firstIndex { microseconds <= $0 } ?? NodeMetrics.limits.count
        storage.withLock { storage in
            storage.requests[group, default: Durations()].counts[place] += 1
            storage.requests[group, default: Durations()].microseconds += microseconds
            storage.requests[group, default: Durations()].statuses[min(max(status / 100, 0), 5)] += 1
        }
    }

    private static func count(_ code: String, in counts: inout [String: UInt64]) {
        counts[counts[code] != nil || counts.count < mostCodes ? code : "other", default: 0] += 1
    }
}
