import Ordering
import Synchronization

/// Tells the other nodes without holding up the pipeline: whatever there is to say is said at once, of each kind only the
/// newest, so a slow engine is asked less often, not more.
final class StatementSender: Sendable {
    private struct Storage {
        var next: [Statement.Kind: Statement] = [:]
        var wake: CheckedContinuation<Void, Never>?
        var isStopped = false
    }

    private let engine: any OrderingEngine
    private let storage = Mutex(Storage())

    init(_ engine: any OrderingEngine) { self.engine = engine }

    /// Sends this as soon as the one under way has arrived.
    func send(_ statement: Statement) {
        let wake = storage.withLock { storage in
            storage.next[statement.kind] = statement
            defer { storage.wake = nil }
            return storage.wake
        }
        wake?.resume()
    }

    /// Sends until `stop`.
    func run() async {
        while let statements = await next() {
            do {
                try await engine.publish(statements)
            } catch {
                // Tried again unless there is a newer one.
                storage.withLock { storage in
                    for statement in statements where storage.next[statement.kind] == nil {
                        storage.next[statement.kind] = statement
                    }
                }
                try? await Task.sleep(for: .milliseconds(200))
            }
        }
    }

    /// Ends `run`.
    func stop() {
        let wake = storage.withLock { storage in
            storage.isStopped = true
            defer { storage.wake = nil }
            return storage.wake
        }
        wake?.resume()
    }

    private func next() async -> [Statement]? {
        while true {
            let (statements, isStopped): ([Statement], Bool) = storage.withLock { storage in
                if storage.isStopped { return ([], true) }
                defer { storage.next = [:] }
                // A cosignature makes blocks final; it goes first.
                return ([.cosigned, .seen, .status].compactMap { storage.next[$0] }, false)
            }
            if isStopped { return nil }
            if !statements.isEmpty { return statements }
            await withCheckedContinuation { wake in
                let isReady = storage.withLock { storage in
                    if storage.isStopped || !storage.next.isEmpty { return true }
                    storage.wake = wake
                    return false
                }
                if isReady { wake.resume() }
            }
        }
    }
}
