package import Ordering
import Primitives
import Synchronization

/// One order that several nodes share, with the faults that a test wants.
package final class MemoryCluster: Sendable {
    private struct Storage: Sendable {
        var order = MemoryOrder()
        /// Names of the batches that are there.
        var names: Set<String> = []
        /// How often the order was begun anew.
        var orders = 0
        /// Goes up whenever all connections break.
        var connection = 0
        var isAway = false
        var wakes: [Int: AsyncStream<Void>.Continuation] = [:]
        var nextReader = 0
    }

    /// What a reader whose connection is `connection` finds.
    enum Step {
        case lost
        case connected(connection: Int, order: MemoryOrder)
        case reading(MemoryOrder.Reading)
    }

    private let storage = Mutex(Storage())
    /// After a lost connection a reader gets so many entries again.
    let repeats: Int

    /// An order without anything in it.
    package init(repeats: Int = 3) { self.repeats = repeats }

    // MARK: Faults

    /// Breaks all connections; they can be made again at once.
    package func breakConnections() { change { $0.connection += 1 } }

    /// Nothing is answered until `restore`; what is asked for may be done all the same.
    package func interrupt() {
        change { storage in
            storage.isAway = true
            storage.connection += 1
        }
    }

    /// Everything is answered again.
    package func restore() { change { $0.isAway = false } }

    /// Deletes all batches, and cuts the history off before what comes.
    package func cutHistory() {
        change { storage in
            storage.names = []
            storage.order.cut = storage.order.entries.count
        }
    }

    /// All is lost, and people begin the order anew.
    package func beginAnew(_ start: OrderStart) {
        change { storage in
            storage.orders += 1
            storage.names = []
            storage.order = MemoryOrder(from: start, number: storage.orders)
            storage.connection += 1
        }
    }

    // MARK: Used by engines

    /// Writes a batch, only if it is not there; false where the answer is lost, whatever became of it.
    func put(_ batch: ReceivedBatch, named name: String) -> Bool {
        change { storage in
            if storage.names.insert(name).inserted { storage.order.append(.batch(batch)) }
            return !storage.isAway
        }
    }

    /// Writes each statement over the one before; false where nobody answers.
    func put(_ statements: [Statement]) -> Bool {
        change { storage in
            guard !storage.isAway else { return false }
            for statement in statements { storage.order.append(.statement(statement)) }
            return true
        }
    }

    func delete(_ name: String, of party: String) {
        change { storage in
            guard !storage.isAway, storage.names.remove(name) != nil else { return }
            storage.order.append(.deletion(party: party, name: name))
        }
    }

    func step(_ cursor: Int, connection: Int?) -> Step {
        storage.withLock { storage in
            if storage.isAway { return .lost }
            guard connection == storage.connection else {
                return .connected(connection: storage.connection, order: storage.order)
            }
            return .reading(storage.order.read(cursor))
        }
    }

    func listen(_ wake: AsyncStream<Void>.Continuation) -> Int {
        storage.withLock { storage in
            storage.nextReader += 1
            storage.wakes[storage.nextReader] = wake
            return storage.nextReader
        }
    }

    func leave(_ reader: Int) {
        let wake = storage.withLock { $0.wakes.removeValue(forKey: reader) }
        wake?.finish()
    }

    private func change<Result: Sendable>(_ body: (inout Storage) -> Result) -> Result {
        let (result, wakes) = storage.withLock { storage in (body(&storage), Array(storage.wakes.values)) }
        for wake in wakes { wake.yield() }
        return result
    }
}
