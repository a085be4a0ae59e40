package import ContractKit
package import Primitives

/// Runs the rules of some contracts as the ledger would: each command as a caller at a time, all or nothing, with the
/// due actions before it; without signatures, logs or storage.
package final class RuleBench {
    /// The state.
    package let state = MemoryState()
    /// The ledger's origin.
    package let ledger: String
    /// Time of the last block.
    package private(set) var time: Instant
    /// Height of the next block; genesis is 0.
    package private(set) var height: UInt64 = 0
    /// Every event so far, in order.
    package private(set) var events: [JSONValue] = []
    /// Size of the last accepted command's body and events in bytes; with about 500 bytes for signature and payload
    /// frame it must fit a leaf of 65,535.
    package private(set) var lastSize = 0
    private let contracts: [any Contract.Type]
    private let definitions: ParameterDefinitions

    /// A bench with an empty state. The time is 2026-01-01T00:00:00Z unless told.
    package init(
        _ contracts: [any Contract.Type], ledger: String = "bench.example/ledger",
        time: Instant = Instant(milliseconds: 1_767_225_600_000)
    ) {
        self.contracts = contracts
        self.ledger = ledger
        self.time = time
        definitions = ParameterDefinitions(contracts)
    }

    /// Runs `command` in a block of its own, one millisecond after the last (or at `time`), and returns its events.
    ///
    /// The body is written, read again and checked as at the gate, and the caller must be one the type allows. When
    /// anything is refused the state is as before.
    @discardableResult
    package func run<C: Command>(_ command: C, as caller: Caller, at time: Instant? = nil) throws(Reason) -> [JSONValue]
    {
        advance(to: time ?? self.time.advanced(byMilliseconds: 1))
        let body = command.canonicalJSON
        precondition(CanonicalJSON.isCanonical(body), "body is not canonical: \(String(decoding: body, as: UTF8.self))")
        let parsed = try C(json: body)
        precondition(parsed.canonicalJSON == body, "body changes when it is read and written again")
        try parsed.check()
        try RuleBench.admit(caller, to: C.callers)
        var execution = Execution(
            time: self.time, height: height, ledger: ledger, caller: caller, parameters: definitions, state: state)
        do throws(Reason) {
            try parsed.execute(&execution)
        } catch {
            state.rollback()
            height += 1
            throw error
        }
        state.commit()
        height += 1
        lastSize = body.count + execution.events.count
        return collect(execution.events)
    }

    /// Runs a command whose body is given as JSON text.
    @discardableResult
    package func run<C: Command>(_: C.Type, json: String, as caller: Caller) throws(Reason) -> [JSONValue] {
        try run(try C(json: Array(json.utf8)), as: caller)
    }

    /// Runs a `guest` command with the key that it introduces.
    @discardableResult
    package func runAsGuest<C: Command>(_ command: C, at time: Instant? = nil) throws(Reason) -> [JSONValue] {
        let guest = Caller(keyID: command.introducedKey?.keyID, account: "", number: 0, party: nil, roles: [])
        return try run(command, as: guest, at: time)
    }

    /// Lets time pass to `time` and runs what became due, in order; a due action that throws is recorded as the event
    /// `ledger.dueFailed` and changes nothing.
    package func advance(to time: Instant) {
        if time > self.time { self.time = time }
        while let entry = firstDue() {
            var execution = Execution(
                time: self.time, height: height, ledger: ledger, caller: .ledger, parameters: definitions, state: state)
            execution.write(entry.key, nil)
            state.commit()
            if let reason = run(due: entry, &execution) {
                state.rollback()
                _ = collect(Array("{\"code\":\"\(reason.code)\",\"event\":\"ledger.dueFailed\"}".utf8))
            } else {
                state.commit()
                _ = collect(execution.events)
            }
        }
    }

    /// Why the due action failed; nil when it did not.
    private func run(due entry: DueEntry, _ execution: inout Execution) -> Reason? {
        let actions = contracts.flatMap { $0.dueActions }
        guard let action = actions.first(where: { $0.name == entry.action }) else {
            preconditionFailure("no contract has the due action \(entry.action)")
        }
        do throws(Reason) {
            try action.run(entry.id, &execution)
            return nil
        } catch {
            return error
        }
    }

    /// The caller that the ledger makes of a key it knows; nil for an unknown or closed key.
    package func caller(of key: PublicKey) -> Caller? {
        let id = Base64.url.encode(key.keyID.bytes)
        guard let row = try? LedgerTables.keys.find(id, in: state), row.active else { return nil }
        return Caller(keyID: key.keyID, account: row.account, number: row.number, party: row.party, roles: row.roles)
    }

    /// A staff caller that no constitution knows, for modules whose rules look at roles only.
    package static func staff(party: String, roles: [String]) -> Caller {
        Caller(keyID: nil, account: "staff", number: 0, party: party, roles: roles)
    }

    /// The public key number `index`: fixed bytes of the right form, which belong to no private key.
    package static func key(_ index: Int, _ algorithm: SignatureAlgorithm = .edDSA) -> PublicKey {
        let first = PortableSHA256.hash(utf8: "bench key \(index)").bytes
        let bytes = algorithm == .edDSA ? first : [4] + first + PortableSHA256.hash(first).bytes
        guard let key = try? PublicKey(algorithm, bytes) else { preconditionFailure("a bench key has a wrong form") }
        return key
    }

    private static func admit(_ caller: Caller, to callers: Callers) throws(Reason) {
        let allowed =
            switch callers {
            case .staff(let role): caller.party != nil && caller.roles.contains(role)
            case .anyStaff: caller.party != nil
            case .resident: caller.party == nil && caller.roles.contains("resident")
            case .guest: caller.account.isEmpty && caller.keyID != nil
            }
        guard allowed else { throw Reason.notAllowed.at("as") }
    }

    private func firstDue() -> DueEntry? {
        guard let key = state.keys(prefix: DueEntry.prefix).first, let bytes = state.read(key),
            let entry = try? DueEntry(json: bytes), entry.time <= time
        else { return nil }
        return entry
    }

    private func collect(_ bytes: [UInt8]) -> [JSONValue] {
        let array = Array("[".utf8) + bytes + Array("]".utf8)
        precondition(
            CanonicalJSON.isCanonical(array), "events are not canonical: \(String(decoding: bytes, as: UTF8.self))")
        let limits = JSONLimits(depth: 32, bytes: 1 << 24, allowsNewlines: false)
        guard let document = try? JSONDocument(array, limits: limits) else {
            preconditionFailure("events are not JSON")
        }
        let found = document.root.elements
        events.append(contentsOf: found)
        return found
    }
}

extension JSONValue {
    /// The event's name.
    package var eventName: String? { member("event")?.string }
}
