import Synchronization

/// How long the stages behind the gate have taken since the node started: tells an engineer, and the benchmarks, where a
/// block's time goes.
package final class StageTimes: Sendable {
    /// What a block goes through, one after the other; `project` runs beside the next block.
    package enum Stage: String, CaseIterable, Sendable {
        /// Rules, leaves, state tree and seal.
        case execute
        /// The ledger's transaction on disk.
        case store
        /// Telling listeners, answering those who wait, and handing changes to the snapshot.
        case answer
        /// The read models.
        case project
    }

    private let durations = Mutex<[Stage: Duration]>([:])

    /// Nothing measured.
    init() {}

    /// Does `work` and adds its time to `stage`.
    func measure<Value>(_ stage: Stage, _ work: () throws -> Value) rethrows -> Value {
        let start = ContinuousClock.now
        defer {
            let taken = ContinuousClock.now - start
            durations.withLock { $0[stage, default: .zero] += taken }
        }
        return try work()
    }

    /// Seconds of each stage so far, in the order of the stages.
    package var seconds: [(stage: Stage, seconds: Double)] {
        let durations = durations.withLock { $0 }
        return Stage.allCases.map { stage in
            let parts = durations[stage, default: .zero].components
            return (stage, Double(parts.seconds) + Double(parts.attoseconds) / 1e18)
        }
    }
}
