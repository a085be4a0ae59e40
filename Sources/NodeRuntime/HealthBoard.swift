package import Finality
import MerkleLog
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

        /// A fault.
        package init(misbehaviour: Misbehaviour, last: Instant, count: Int) {
            self.misbehaviour = misbehaviour
            self.last = last
            self.count = count
        }
    }

    /// What a party said last of its node, and when.
    package struct Word: Sendable {
        /// What.
        package let status: StatusStatement
        /// When it was heard, by this node's clock; before that if it is what the engine had kept from before the start.
        package let heard: Instant
        /// Its clock against this node's, in ms; nil as long as nobody knows how old the word is.
        package let clockOffset: Int64?
    }

    /// What a party has cosigned last.
    package struct Cosigned: Sendable {
        /// Number of leaves.
        package let size: UInt64
        /// When, by that node's clock.
        package let time: Instant

        /// A cosignature.
        package init(size: UInt64, time: Instant) {
            self.size = size
            self.time = time
        }
    }

    private struct Storage {
        var words: [String: Word] = [:]
        var cosigned: [String: Cosigned] = [:]
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
    /// What a party said last of its node.
    package func word(of party: String) -> Word? { storage.withLock { $0.words[party] } }
    /// What a party has cosigned last.
    package func cosigned(by party: String) -> Cosigned? { storage.withLock { $0.cosigned[party] } }
    /// The faults seen, newest first.
    package var faults: [Fault] { storage.withLock { $0.faults.values.sorted { $0.last > $1.last } } }
    /// How often this node had to take blocks back.
    package var divergences: Int { storage.withLock { $0.divergences } }

    /// A party says how its node is; its signature was checked.
    func heard(_ status: StatusStatement, at time: Instant) {
        storage.withLock { storage in
            guard let known = storage.words[status.party] else {
                // The engine gives what was said last, however long ago that was.
                storage.words[status.party] = Word(status: status, heard: min(status.clock, time), clockOffset: nil)
                return
            }
            // After a lost connection it is given again.
            guard known.status != status else { return }
            storage.words[status.party] = Word(
                status: status, heard: time, clockOffset: status.clock.milliseconds - time.milliseconds)
        }
    }

    /// A party has cosigned a checkpoint; its signature was checked.
    func heard(cosigned statement: Statement, origin: String) {
        guard let head = try? SignedCheckpoint(parsing: statement.text),
            let name = SignerName("\(origin)/\(statement.party)"),
            let signature = head.note.signatures.last(where: { $0.name == name }),
            let cosignature = Cosignature(bytes: Array(signature.bytes))
        else { return }
        let time = Instant(milliseconds: Int64(clamping: min(cosignature.time, 4_102_444_800)) * 1_000)
        storage.withLock { $0.cosigned[statement.party] = Cosigned(size: head.checkpoint.size, time: time) }
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
