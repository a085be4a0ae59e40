import Dispatch
import LedgerCore
import Logging
import MerkleLog
import Primitives
import Storage
import Synchronization

/// Moves old leaves of the running node into the archive, where `archive.json` says `keepDays`: at once, and then every hour.
///
/// On a thread of its own and in small steps. Where the archive is not reached nothing is deleted, and the node goes on.
final class ArchiveDesk: Sendable {
    /// How it stands with the archive.
    struct Record: Sendable {
        /// When a run ended well last, by this node's clock; nil before it has.
        var lastSuccess: Instant?
        /// How many runs have failed since the node started.
        var failures: UInt64 = 0
        /// Why the last run failed, as a code; nil if it did not.
        var failure: String?
    }

    /// Between two runs.
    private static let interval = Duration.seconds(3_600)
    /// After a run that has failed; longer each time.
    private static let shortestRetry = Duration.seconds(60)
    /// Between two copies of the log's end and the state, in ms.
    private static let copyInterval = Instant.day
    /// How long a step waits, in ms, for the sake of whoever else needs the disk.
    private static let breath = 5

    private let file: ArchiveFile?
    private let directory: NodeDirectory
    private let store: LedgerStore
    private let writer: SnapshotWriter
    private let hub: BlockHub
    private let policy: @Sendable () throws -> [UInt8]
    private let clock: @Sendable () -> Instant
    private let logger: Logger
    private let archive: (any ArchiveStore)?
    private let record = Mutex(Record())
    private let isStopping = Mutex(false)
    private let queue = DispatchQueue(label: "linlian.archive", qos: .utility)

    init(
        directory: NodeDirectory, store: LedgerStore, writer: SnapshotWriter, hub: BlockHub,
        policy: @escaping @Sendable () throws -> [UInt8], clock: @escaping @Sendable () -> Instant, logger: Logger
    ) throws {
        file = try directory.archive()
        archive = try file.map { try directory.open($0, for: .moving) }
        self.directory = directory
        self.store = store
        self.writer = writer
        self.hub = hub
        self.policy = policy
        self.clock = clock
        self.logger = logger
    }

    /// How it stands; nil without an archive.
    var report: Record? { file == nil ? nil : record.withLock { $0 } }

    /// Moves leaves until the task is cancelled; returns when the last step is done.
    @concurrent
    func run() async {
        guard let archive, let days = file?.keepDays else { return }
        await withTaskCancellationHandler {
            var retry = ArchiveDesk.shortestRetry
            while !Task.isCancelled {
                let isDone = await withCheckedContinuation { waiting in
                    queue.async { waiting.resume(returning: self.runOnce(archive, days)) }
                }
                try? await Task.sleep(for: isDone ? ArchiveDesk.interval : retry)
                retry = isDone ? ArchiveDesk.shortestRetry : min(retry * 2, ArchiveDesk.interval)
            }
        } onCancel: {
            isStopping.withLock { $0 = true }
            archive.interrupt()
        }
    }

    private func runOnce(_ archive: any ArchiveStore, _ days: Int) -> Bool {
        do {
            try work(archive, days)
            let wasFailing = record.withLock { record in
                defer { (record.lastSuccess, record.failure) = (clock(), nil) }
                return record.failure != nil
            }
            if wasFailing { logger.notice("the archive works again", metadata: ["archive": "\(archive.name)"]) }
            return true
        } catch is ArchiveInterrupted {
            return true
        } catch {
            let code = (error as? NodeError)?.code ?? (error as? StorageError)?.code ?? "archive.failed"
            let isNew = record.withLock { record in
                defer {
                    record.failures += 1
                    record.failure = code
                }
                return record.failure != code
            }
            // Told once, until it is another failure or none.
            if isNew {
                logger.warning(
                    "old leaves could not be archived; they stay here, and it is tried again",
                    metadata: ["archive": "\(archive.name)", "code": "\(code)", "error": "\(error)"])
            }
            return false
        }
    }

    private func work(_ archive: any ArchiveStore, _ days: Int) throws {
        let snapshots = try SnapshotStore(path: directory.stateFile)
        defer { try? snapshots.close() }
        let breath = DispatchSemaphore(value: 0)
        let archiver = Archiver(store: store, snapshots: snapshots, archive: archive) {
            if self.isStopping.withLock({ $0 }) { throw ArchiveInterrupted() }
            _ = breath.wait(timeout: .now() + .milliseconds(ArchiveDesk.breath))
        }
        let limit = Archiver.Limit.before(clock().advanced(byDays: -Int64(days)))
        if let boundary = try archiver.move(limit) {
            logger.notice(
                "old leaves are in the archive",
                metadata: [
                    "archive": "\(archive.name)", "leaves": "\(boundary.size)", "upToBlock": "\(boundary.seal.height)",
                ])
        }
        // A node that changes little writes its snapshot rarely, and what comes after it may not go.
        if try archiver.newest(limit).needsSnapshot { writer.writeSoon() }
        if try isCopyDue(), let latest = hub.latest,
            let block = try store.blocks(upTo: latest.height, count: 1).first, block.height == latest.height,
            block.isSigned
        {
            try archiver.copy(upTo: block, policy: try policy(), at: clock())
        }
    }

    private func isCopyDue() throws -> Bool {
        guard let last = try store.copied()?.time else { return true }
        let now = clock()
        return last > now || last.advanced(byMilliseconds: ArchiveDesk.copyInterval) <= now
    }
}
