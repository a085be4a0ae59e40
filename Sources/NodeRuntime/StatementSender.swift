import Ordering
import Synchronization

/// Tells the other nodes without holding up the pipeline: of each kind only the newest statement is sent, so a slow engine
/// is asked less often, not more.
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
        while let statement = await next() {
            do {
                try await engine.publish(statement)
            } catch {
                // Tried again unless there is a newer one.
                storage.withLock { storage in
                    if storage.next[statement.kind] == nil { storage.next[statement.kind] = statement }
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

    private func next() async -> Statement? {
        while true {
            let (statement, isStopped): (Statement?, Bool) = storage.withLock { storage in
                if storage.isStopped { return (nil, true) }
                // A cosignature makes blocks final; it goes first.
                for kind in [Statement.Kind.cosigned, .seen, .status] {
                    if let statement = storage.next.removeValue(forKey: kind) { return (statement, false) }
                }
                return (nil, false)
            }
            if isStopped { return nil }
            if let statement { return statement }
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
