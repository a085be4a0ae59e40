import Dispatch
import LedgerCore
import Logging
import Primitives
import Storage
import Synchronization

/// Writes the state's changes behind the ledger: collected block by block, appended to the snapshot in one go on a
/// thread of its own, so that a restart has little to replay.
final class SnapshotWriter: Sendable {
    private let snapshots: SnapshotStore
    private let state: StateStore
    private let logger: Logger
    private let queue = DispatchQueue(label: "linlian.snapshots", qos: .utility)
    /// In the order of the blocks; a key may come more than once, and the last counts.
    private let pending = Mutex<[StateChange]>([])
    private let isWriting = Mutex(false)
    private let isWanted = Mutex(false)
    /// Whether blocks came after the last snapshot: also those that change nothing move its height on, because leaves after
    /// it may not go into the archive.
    private let hasNews = Mutex(false)

    /// Changes after which a snapshot is written.
    private static let threshold = 50_000

    /// A writer for a ledger's live state.
    init(snapshots: SnapshotStore, state: StateStore, logger: Logger) {
        self.snapshots = snapshots
        self.state = state
        self.logger = logger
    }

    /// Takes note of a stored block's changes.
    func follow(_ block: ExecutedBlock) throws {
        let count = pending.withLock { pending in
            for change in block.changes { pending.append((change.key, change.value)) }
            return pending.count
        }
        hasNews.withLock { $0 = true }
        guard count >= SnapshotWriter.threshold || isWanted.withLock({ $0 }) else { return }
        let mayStart = isWriting.withLock { isWriting in
            if isWriting { return false }
            isWriting = true
            return true
        }
        guard mayStart else { return }
        isWanted.withLock { $0 = false }
        let taken = take()
        let height = block.seal.height
        queue.async { [self] in
            write(taken, height: height, mayRewrite: false)
            isWriting.withLock { $0 = false }
        }
    }

    /// Has a snapshot written with the next block, however little has changed: more leaves may then go into the archive.
    func writeSoon() { isWanted.withLock { $0 = true } }

    /// Writes what is pending; the state is the one after block `height`. Called when no block is under way.
    func flush(height: UInt64?) throws {
        queue.sync {}
        guard let height else { return }
        let isNew = hasNews.withLock { $0 }
        let taken = take()
        guard isNew || !taken.isEmpty else { return }
        queue.sync { write(taken, height: height, mayRewrite: true) }
    }

    private func take() -> [StateChange] {
        hasNews.withLock { $0 = false }
        return pending.withLock { pending in
            defer { pending = [] }
            return pending
        }
    }

    /// Rewriting copies the live state, which must not move meanwhile: only `flush` does it.
    private func write(_ changes: [StateChange], height: UInt64, mayRewrite: Bool) {
        do {
            try snapshots.append(
                changes, height: height, live: mayRewrite ? state.count : Int(Int32.max), all: state)
        } catch {
            // The log is the truth; without this snapshot the next start replays more. The changes wait for the next
            // one, which would have gaps without them: the last of each key, so that a disk that stays full cannot fill
            // the memory too.
            pending.withLock { pending in
                var last: [[UInt8]: [UInt8]?] = [:]
                for change in changes + pending { last.updateValue(change.value, forKey: change.key) }
                pending = last.map { ($0.key, $0.value) }
            }
            hasNews.withLock { $0 = true }
            logger.warning("a state snapshot was not written", metadata: ["error": "\(error)"])
        }
    }
}
