import ContractKit

/// The changes of the block being executed, over the committed state; a transaction that fails takes its own back.
final class BlockOverlay: StateAccess, StateReading {
    private let base: StateStore
    private(set) var changes: [[UInt8]: [UInt8]?] = [:]
    private var undo: [(key: [UInt8], previous: [UInt8]??)] = []

    init(base: StateStore) { self.base = base }

    func read(_ key: [UInt8]) -> [UInt8]? {
        if let changed = changes[key] { return changed }
        return base.read(key)
    }

    func write(_ key: [UInt8], _ value: [UInt8]?) {
        undo.append((key, changes.updateValue(value, forKey: key)))
    }

    /// Keeps what the current transaction wrote.
    func keep() { undo.removeAll(keepingCapacity: true) }

    /// Takes back what the current transaction wrote.
    func takeBack() {
        while let (key, previous) = undo.popLast() {
            if let previous { changes.updateValue(previous, forKey: key) } else { changes.removeValue(forKey: key) }
        }
    }
}
