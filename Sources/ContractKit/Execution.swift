package import Primitives

/// What a rule sees and may do while it runs: the state (an overlay on a snapshot), the block's time, the caller, and
/// the events it emits. It cannot see a clock, randomness or anything else outside the ledger.
package struct Execution: ~Copyable, StateReading {
    /// Time of the block, the only time that rules know.
    package let time: Instant
    /// Height of the block; genesis is 0.
    package let height: UInt64
    /// The ledger's origin.
    package let ledger: String
    /// Who signed; for a due action the ledger itself.
    package let caller: Caller
    /// The rule values that the ledger's modules declare; a new value is checked against them.
    package let parameters: ParameterDefinitions
    private let state: any StateAccess
    /// The events emitted so far, as canonical JSON objects separated by commas.
    package private(set) var events: [UInt8] = []
    /// Number of events emitted so far.
    package private(set) var eventCount = 0

    /// Made by the ledger for one transaction or due action.
    package init(
        time: Instant, height: UInt64, ledger: String, caller: Caller, parameters: ParameterDefinitions = .none,
        state: any StateAccess
    ) {
        self.time = time
        self.height = height
        self.ledger = ledger
        self.caller = caller
        self.parameters = parameters
        self.state = state
    }

    /// The value at a state key, or nil. Modules use a `Table`.
    package func read(_ key: [UInt8]) -> [UInt8]? { state.read(key) }

    /// The row at a state key, or nil. Modules use a `Table`.
    package func row<Row: Record>(_ key: [UInt8], as type: Row.Type) throws(Reason) -> Row? {
        try state.row(key, as: type)
    }

    /// Sets or removes the value at a state key. Modules use a `Table`.
    package mutating func write(_ key: [UInt8], _ value: [UInt8]?) { state.write(key, value) }

    /// Records that something happened.
    package mutating func emit<E: Event>(_ event: E) {
        var writer = JSONWriter(capacity: 160)
        writer.object(inserting: "event", literal: E.name) { event.write(to: &$0) }
        if eventCount > 0 { events.append(UInt8(ascii: ",")) }
        events.append(contentsOf: writer.bytes)
        eventCount += 1
    }

    /// Asks the ledger to run the due action `action` (`module.name`) for `id` in the first block at or after `time`.
    package mutating func schedule(_ action: String, id: String, at time: Instant) {
        let entry = DueEntry(action: action, id: id, time: time)
        write(entry.key, entry.canonicalJSON)
    }

    /// Takes a scheduled due action back.
    package mutating func unschedule(_ action: String, id: String, at time: Instant) {
        write(DueEntry(action: action, id: id, time: time).key, nil)
    }

    /// Refuses unless the caller holds `role`.
    package func requireRole(_ role: String) throws(Reason) {
        guard caller.roles.contains(role) else { throw Reason.notAllowed.at("as") }
    }
}

/// An entry of the due queue: state key `ledger/due/<time, 15 digits>/<action>/<id>`, so that key order is time order.
package struct DueEntry: Record, Hashable {
    /// `module.name` of the due action.
    package let action: String
    /// What it is about.
    package let id: String
    /// When it is due.
    package let time: Instant

    /// Names a due action.
    package init(action: String, id: String, time: Instant) {
        self.action = action
        self.id = id
        self.time = time
    }

    /// Reads an entry of the queue.
    package init(_ fields: inout Fields) throws(Reason) {
        action = try fields.string("action", bytes: 1...64)
        id = try fields.string("id", bytes: 1...128)
        time = try fields.instant("time")
    }

    /// Writes an entry of the queue.
    package func write(to fields: inout JSONWriter) {
        fields.field("action", action)
        fields.field("id", id)
        fields.field("time", time.milliseconds)
    }

    /// What every key of the queue begins with.
    package static let prefix: [UInt8] = Array("ledger/due/".utf8)

    /// The entry's state key.
    package var key: [UInt8] {
        let digits = String(max(0, time.milliseconds))
        let padded = String(repeating: "0", count: max(0, 15 - digits.utf8.count)) + digits
        return DueEntry.prefix + Array("\(padded)/\(action)/\(id)".utf8)
    }
}
