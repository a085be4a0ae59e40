import Finality
package import Ordering
package import Primitives
import Synchronization

/// What a node knows of itself and the others, for the supervision committee: who is there, how far, what was wrong.
package final class HealthBoard: Sendable {
    /// Something that should not have been, with how often it was seen.
    package struct Fault: Sendable {
        /// What.
        package let misbehaviour: Misbehaviour
        /// When it was seen last, by this node's clock.
        package var last: Instant
        /// How often.
        package var count: Int
    }

    private struct Storage {
        var heard: [String: Instant] = [:]
        var faults: [String: Fault] = [:]
        var isReached = true
        var lastFinal: Instant?
        var divergences = 0
        var openNames: [String: UInt64] = [:]
        /// Positions of final blocks with the time at which they became final, oldest first.
        var finalPositions: [(position: UInt64, at: Instant)] = []
    }

    private let storage = Mutex(Storage())
    /// Most different faults that are remembered.
    static let mostFaults = 1_000
    /// Batches are kept in the engine for so many ms after they are final, for nodes that are behind.
    static let retention: Int64 = 600_000

    init() {}

    /// Whether the ordering engine is reached.
    package var isEngineReached: Bool { storage.withLock { $0.isReached } }
    /// When a block became final last; nil before the first.
    package var lastFinal: Instant? { storage.withLock { $0.lastFinal } }
    /// When a party was heard last.
    package func lastHeard(_ party: String) -> Instant? { storage.withLock { $0.heard[party] } }
    /// The faults seen, newest first.
    package var faults: [Fault] { storage.withLock { $0.faults.values.sorted { $0.last > $1.last } } }
    /// How often this node had to take blocks back.
    package var divergences: Int { storage.withLock { $0.divergences } }

    func heard(_ statement: Statement, at time: Instant) {
        storage.withLock { $0.heard[statement.party] = time }
    }

    func reached(_ isReached: Bool) { storage.withLock { $0.isReached = isReached } }

    func final(at time: Instant) { storage.withLock { $0.lastFinal = time } }

    func diverged(at point: Point) { storage.withLock { $0.divergences += 1 } }

    func note(_ misbehaviour: Misbehaviour, at time: Instant) {
        storage.withLock { storage in
            let name = "\(misbehaviour.kind.rawValue) \(misbehaviour.party)"
            guard storage.faults[name] != nil || storage.faults.count < HealthBoard.mostFaults else { return }
            storage.faults[name, default: Fault(misbehaviour: misbehaviour, last: time, count: 0)].count += 1
            storage.faults[name]?.last = time
        }
    }

    /// A batch was executed; until its block is final nobody may delete it.
    func executed(_ name: String, position: UInt64) {
        storage.withLock { $0.openNames[name] = position }
    }

    /// Whether a deleted batch is one that its owner clears away: it is final here.
    func isForgotten(_ misbehaviour: Misbehaviour) -> Bool {
        let name = String(decoding: misbehaviour.evidence, as: UTF8.self)
        return storage.withLock { $0.openNames[name] == nil }
    }

    /// Up to which position this node's batches may be forgotten now; nil if none may.
    func forgettable(now: Instant) -> UInt64? {
        storage.withLock { storage in
            let old = storage.finalPositions.prefix { $0.at < now.advanced(byMilliseconds: -HealthBoard.retention) }
            guard let last = old.last else { return nil }
            storage.finalPositions.removeFirst(old.count)
            return last.position
        }
    }

    /// The block of the batch at `position` is final.
    func final(position: UInt64, at time: Instant) {
        storage.withLock { storage in
            if !storage.openNames.isEmpty { storage.openNames = storage.openNames.filter { $0.value > position } }
            if let last = storage.finalPositions.last, last.at.advanced(byMilliseconds: 1_000) > time {
                storage.finalPositions[storage.finalPositions.count - 1].position = position
            } else {
                storage.finalPositions.append((position, time))
            }
        }
    }
}
