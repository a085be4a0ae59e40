import ContractKit
import Primitives

/// State that is asked by the SHA-256 of a key, for those who have hashed it already.
protocol HashedState {
    /// The value at the key with this hash, or nil.
    func read(hash: Digest) -> [UInt8]?
    /// Whether that value is `value`.
    func holds(_ value: [UInt8], at hash: Digest) -> Bool
}

/// The changes of the block being executed, over the committed state; a transaction that fails takes its own back.
final class BlockOverlay: StateAccess, HashedState {
    private let base: StateStore
    /// The changes in the order in which their keys were first written.
    private(set) var changes: [(hash: Digest, key: [UInt8], value: [UInt8]?)] = []
    private var places: [Digest: Int] = [:]
    /// What the current transaction wrote over; `none` where the key was not changed in this block before.
    private var undo: [(place: Int, previous: [UInt8]??)] = []

    /// Rows as they were last read, until they are written: a block's transactions read the same motion, the same vote
    /// and the same parameters over and over.
    private var rows: [Digest: any Record] = [:]

    /// An overlay that makes room for `transactions` beforehand.
    init(base: StateStore, transactions: Int = 0) {
        self.base = base
        changes.reserveCapacity(transactions)
        places.reserveCapacity(transactions)
    }

    func row<Row: Record>(_ key: [UInt8], as type: Row.Type) throws(Reason) -> Row? {
        let hash = CryptoSHA256.hash(key)
        if let row = rows[hash] as? Row { return row }
        guard let bytes = read(hash: hash) else { return nil }
        let row = try Row(stored: bytes)
        rows[hash] = row
        return row
    }

    func read(_ key: [UInt8]) -> [UInt8]? { read(hash: CryptoSHA256.hash(key)) }

    func read(hash: Digest) -> [UInt8]? {
        if let place = places[hash] { return changes[place].value }
        return base.read(hash: hash)
    }

    func holds(_ value: [UInt8], at hash: Digest) -> Bool {
        if let place = places[hash] { return changes[place].value == value }
        return base.holds(value, at: hash)
    }

    func write(_ key: [UInt8], _ value: [UInt8]?) {
        let hash = CryptoSHA256.hash(key)
        rows[hash] = nil
        if let place = places[hash] {
            undo.append((place, .some(changes[place].value)))
            changes[place].value = value
        } else {
            undo.append((changes.count, .none))
            places[hash] = changes.count
            changes.append((hash, key, value))
        }
    }

    /// Keeps what the current transaction wrote.
    func keep() { undo.removeAll(keepingCapacity: true) }

    /// Takes back what the current transaction wrote.
    func takeBack() {
        while let (place, previous) = undo.popLast() {
            rows[changes[place].hash] = nil
            if let previous {
                changes[place].value = previous
            } else {
                // Written for the first time by this transaction, so it is the last: undoing goes backwards.
                places[changes[place].hash] = nil
                changes.removeLast()
            }
        }
    }
}
