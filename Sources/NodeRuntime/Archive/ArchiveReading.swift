import HTTPTypes
import Logging
import PageKit
import Storage
import Synchronization

/// Reads old records for answers on threads of its own: an archive that is slow or away holds up only those who ask for old
/// records, and those not without end.
final class ArchiveReading: Sendable {
    /// A thread that waits for the archive.
    private actor Reader {
        private let executor = QueueExecutor(label: "linlian.archive-reading")
        nonisolated var unownedExecutor: UnownedSerialExecutor { executor.asUnownedSerialExecutor() }

        func run<Result>(_ body: @Sendable () throws -> sending Result) throws -> sending Result { try body() }
    }

    private struct Progress {
        var waiting = 0
        var next = 0
        var isFailing = false
    }

    /// Most answers that wait for the archive; beyond it people are told to come again.
    private static let mostWaiting = 64

    private let readers = [Reader(), Reader(), Reader(), Reader()]
    private let progress = Mutex(Progress())
    private let logger: Logger

    init(logger: Logger) { self.logger = logger }

    /// What `body` reads. Throws `Problem` `archive.away` where the archive cannot be read.
    func run<Result>(_ body: @Sendable () throws -> sending Result) async throws -> sending Result {
        let place = progress.withLock { progress -> Int? in
            guard progress.waiting < ArchiveReading.mostWaiting else { return nil }
            progress.waiting += 1
            progress.next = (progress.next + 1) % readers.count
            return progress.next
        }
        guard let place else { throw Problem(.serviceUnavailable, code: "archive.away") }
        defer { progress.withLock { $0.waiting -= 1 } }
        do {
            let result = try await readers[place].run(body)
            progress.withLock { $0.isFailing = false }
            return result
        } catch let error as StorageError where error.code == "storage.archive" {
            let isNew = progress.withLock { progress in
                defer { progress.isFailing = true }
                return !progress.isFailing
            }
            if isNew { logger.warning("old records cannot be read", metadata: ["error": "\(error)"]) }
            throw Problem(.serviceUnavailable, code: "archive.away")
        }
    }
}

extension Node {
    /// Reads leaves from `first` on for an answer: what may be in the archive not on a thread that others wait for.
    func reading<Result>(
        from first: UInt64 = 0, _ body: @Sendable () throws -> sending Result
    ) async throws -> sending Result {
        guard first < store.archivedLeafCount else { return try body() }
        return try await archiveReading.run(body)
    }
}
