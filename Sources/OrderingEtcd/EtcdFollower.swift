import EtcdProtocol
import FoundationEssentials
import GRPCCore
import Ordering
import Primitives
import SwiftProtobuf
import Synchronization

/// Reads one ledger's keys in revision order: what is there, then what comes.
struct EtcdFollower<Hash: SHA256Function>: Sendable {
    let engine: EtcdEngine<Hash>
    /// The order that the node goes on in.
    let order: OrderName
    let handle: @Sendable (OrderingEvent) async throws -> Void

    /// The handler's own failure, which ends the following; all others are tried again.
    private struct HandlerFailure: Error {
        let cause: any Error
    }

    /// etcd has cut the history off before the revision that was asked for.
    private struct Compacted: Error {}

    /// An alarm was raised while a watch was running: it is told where the following begins anew.
    private struct AlarmRaised: Error {
        /// Those that were raised before.
        let known: Set<String>
    }

    /// People have put a start there, or taken it away, while a watch was running.
    private struct StartChanged: Error {}

    /// People have begun the order anew.
    private struct BegunAnew: Error {
        let start: OrderStart
        let name: OrderName
    }

    /// How far the following has come.
    private struct Progress {
        /// Where in the order it began.
        let position: UInt64
        /// How far the node knows the order.
        let known: UInt64
        /// What it has read; nil before etcd was reached.
        var read: Int64?
        /// How that order lies in etcd.
        var order = EtcdOrder.first
        /// Whether what is there is read before what comes: there is a gap in the history.
        var readsAll: Bool
        /// The alarms that are told.
        var alarms: Set<String> = []

        /// etcd's revision up to which all is read.
        var revision: Int64 { read ?? order.revision(of: position) }
    }

    /// Until the engine is shut down or the handler throws. After `missing` and `begunAnew` it returns.
    func run(after position: UInt64, knowing known: UInt64, acceptingGap: Bool) async throws {
        var progress = Progress(position: position, known: max(known, position), readsAll: acceptingGap)
        var pause = Pause(longest: engine.options.longestPause)
        var turn = 0
        while !engine.isShutDown, !Task.isCancelled {
            do {
                let connection = try EtcdConnection(engine.options, turn: turn)
                defer { connection.close() }
                try await begin(connection, &progress)
                engine.worked(.follow)
                pause.reset()
                try await watch(connection, &progress)
            } catch let failure as HandlerFailure {
                throw failure.cause
            } catch let error as EtcdAddressError {
                // No time makes that right.
                throw error
            } catch let raised as AlarmRaised {
                progress.alarms = raised.known
                continue
            } catch is StartChanged {
                continue
            } catch let begun as BegunAnew {
                engine.worked(.follow)
                engine.forgetOrder()
                return try await handle(.begunAnew(begun.start, name: begun.name))
            } catch is Compacted {
                let position = progress.order.position(of: progress.revision)
                try await handle(.misbehaviour(Misbehaviour(.compacted, party: "", position: position)))
                try await handle(.missing)
                return
            } catch {
                try Task.checkCancellation()
                turn += 1
                engine.failed(.follow, error)
                try await handle(.reached(false))
            }
            try await pause.wait()
        }
    }

    /// Gives what is there; what comes is for the watch.
    private func begin(_ connection: EtcdConnection, _ progress: inout Progress) async throws {
        progress.order = try await readOrder(connection)
        let current = try await readStatements(connection)
        // An etcd that was set up anew, or put back from an old copy, has nothing to say about this ledger.
        let least = max(progress.revision, progress.order.revision(of: progress.known))
        guard current >= least else { throw try await rewound("revision \(current) is before \(least)") }
        do {
            try await engine.compare(connection)
        } catch is EtcdRewound {
            throw try await rewound("what this node has written is not there")
        }
        engine.memory {
            $0.didRead()
            $0.isDoubted = false
        }
        if progress.readsAll {
            progress.read = try await readBatches(
                connection, progress.order, after: progress.revision, upTo: current)
            progress.readsAll = false
        }
        try await tellAlarms(connection, &progress, at: current)
        try await give(.reached(true))
    }

    /// The order that etcd has. Throws `BegunAnew` where it is another one than the node's.
    private func readOrder(_ connection: EtcdConnection) async throws -> EtcdOrder {
        let request = Etcdserverpb_RangeRequest.with { $0.key = Data(engine.keys.start) }
        let answer = try await connection.kv.range(
            request, metadata: EtcdCall.metadata, options: EtcdCall.options(engine.options))
        guard let value = answer.kvs.first else {
            guard order == .first else { throw try await rewound("the start of the order is gone") }
            return .first
        }
        let position = UInt64(clamping: value.modRevision)
        guard value.version == 1, let start = OrderStart(parsing: [UInt8](value.value), origin: engine.origin) else {
            let kind: Misbehaviour.Kind = value.version == 1 ? .malformedBatch : .overwritten
            try await give(
                .misbehaviour(Misbehaviour(kind, party: "", position: position, evidence: [UInt8](value.key))))
            throw RPCError(code: .failedPrecondition, message: "the start of the order is \(kind)")
        }
        let begun = EtcdOrder(start, at: value.modRevision)
        guard begun.name == order else { throw BegunAnew(start: start, name: begun.name) }
        return begun
    }

    private func rewound(_ message: String) async throws -> RPCError {
        try await give(.misbehaviour(Misbehaviour(.rewound, party: "", position: 0)))
        return RPCError(code: .failedPrecondition, message: message)
    }

    /// Any client may raise an alarm, for any member and without being asked who it is: it is nobody's in particular.
    private func tellAlarms(
        _ connection: EtcdConnection, _ progress: inout Progress, at revision: Int64
    ) async throws {
        guard let alarms = await alarms(connection) else { return }
        for alarm in alarms.subtracting(progress.alarms).sorted() {
            try await give(
                .misbehaviour(
                    Misbehaviour(
                        .alarm, party: "", position: progress.order.position(of: revision), evidence: Array(alarm.utf8))
                ))
        }
        progress.alarms = alarms
    }

    /// What alarms are raised, in etcd's words (`memberID:… alarm:NOSPACE`); nil where the member does not say.
    private func alarms(_ connection: EtcdConnection) async -> Set<String>? {
        let status = try? await connection.maintenance.status(
            Etcdserverpb_StatusRequest(), metadata: EtcdCall.metadata, options: EtcdCall.options(engine.options))
        // No network has so many members.
        return status.map { Set($0.errors.filter { $0.contains("alarm:") }.prefix(64)) }
    }

    private func give(_ event: OrderingEvent) async throws {
        do {
            try await handle(event)
        } catch {
            throw HandlerFailure(cause: error)
        }
    }

    /// Gives what every party says now; returns etcd's revision.
    private func readStatements(_ connection: EtcdConnection) async throws -> Int64 {
        let request = Etcdserverpb_RangeRequest.with {
            $0.key = Data(engine.keys.statements)
            $0.rangeEnd = Data(EtcdKeys.end(of: engine.keys.statements))
        }
        let answer = try await connection.kv.range(
            request, metadata: EtcdCall.metadata, options: EtcdCall.options(engine.options))
        for value in answer.kvs { try await give(value, .first) }
        return answer.header.revision
    }

    /// Gives the batches that are still there after a cut in the history, in order; returns the revision read up to.
    private func readBatches(
        _ connection: EtcdConnection, _ order: EtcdOrder, after revision: Int64, upTo current: Int64
    ) async throws -> Int64 {
        var next = revision + 1
        while next <= current {
            let from = next
            let request = Etcdserverpb_RangeRequest.with {
                $0.key = Data(engine.keys.batches)
                $0.rangeEnd = Data(EtcdKeys.end(of: engine.keys.batches))
                $0.revision = current
                $0.minModRevision = from
                $0.sortTarget = .mod
                $0.sortOrder = .ascend
                $0.limit = 4
            }
            let answer = try await connection.kv.range(
                request, metadata: EtcdCall.metadata, options: EtcdCall.options(engine.options))
            for value in answer.kvs { try await give(value, order) }
            guard let last = answer.kvs.last else { break }
            next = last.modRevision + 1
        }
        return current
    }

    private func watch(_ connection: EtcdConnection, _ progress: inout Progress) async throws {
        let start = progress.revision
        let alarms = progress.alarms
        let create = Etcdserverpb_WatchRequest.with {
            $0.createRequest = .with {
                $0.key = Data(engine.keys.root)
                $0.rangeEnd = Data(EtcdKeys.end(of: engine.keys.root))
                $0.startRevision = start + 1
                $0.fragment = true
                $0.progressNotify = true
            }
        }
        let seen = Seen(start)
        let order = progress.order
        defer { progress.read = seen.revision }
        try await withThrowingTaskGroup { group in
            group.addTask { try await read(connection, create, order, into: seen) }
            group.addTask { try await listen(connection, alarms) }
            defer { group.cancelAll() }
            try await group.next()
        }
    }

    private func read(
        _ connection: EtcdConnection, _ create: Etcdserverpb_WatchRequest, _ order: EtcdOrder, into seen: Seen
    ) async throws {
        let start = seen.revision
        try await connection.watch.watch(
            metadata: EtcdCall.metadata, options: EtcdCall.watchOptions(),
            requestProducer: { writer in
                try await writer.write(create)
                // The stream stays open until the answers end.
                while !Task.isCancelled { try await Task.sleep(for: .seconds(3_600)) }
            },
            onResponse: { response in
                for try await message in response.messages {
                    if message.compactRevision > 0 { throw Compacted() }
                    if message.canceled {
                        throw RPCError(code: .unavailable, message: "watch cancelled: \(message.cancelReason)")
                    }
                    for event in message.events where event.kv.modRevision > start {
                        try await give(event, order)
                        seen.advance(to: event.kv.modRevision)
                    }
                }
            })
        throw RPCError(code: .unavailable, message: "the watch's stream ended")
    }

    /// A watch at a member that was cut off says nothing, like one where nothing happens. So the member is asked every second
    /// for something that it can only know together with the others; fails when it does not answer, or tells of an alarm
    /// that was not raised when the watch began.
    private func listen(_ connection: EtcdConnection, _ known: Set<String>) async throws {
        var known = known
        let request = Etcdserverpb_RangeRequest.with {
            $0.key = Data(engine.keys.root)
            $0.countOnly = true
        }
        while true {
            try await Task.sleep(for: .seconds(1))
            _ = try await connection.kv.range(
                request, metadata: EtcdCall.metadata, options: EtcdCall.options(engine.options))
            guard let alarms = await alarms(connection) else { continue }
            guard alarms.isSubset(of: known) else { throw AlarmRaised(known: known) }
            // One that was disarmed is told again when it is raised again.
            known = alarms
        }
    }

    // MARK: What a key and its value are

    private func give(_ event: Etcdserverpb_Event, _ order: EtcdOrder) async throws {
        let place = engine.keys.place(of: [UInt8](event.kv.key))
        if place == .start { throw StartChanged() }
        guard event.type == .delete else { return try await give(event.kv, order) }
        if case .batch(let party, let digest) = place {
            try await give(
                .misbehaviour(
                    Misbehaviour(
                        .deleted, party: party, position: order.position(of: event.kv.modRevision),
                        evidence: Array(digest.utf8))))
        }
    }

    private func give(_ value: Etcdserverpb_KeyValue, _ order: EtcdOrder) async throws {
        let key = [UInt8](value.key)
        let text = [UInt8](value.value)
        let position = order.position(of: value.modRevision)
        switch engine.keys.place(of: key) {
        case .other, .start: return
        case .statement(let party, let kind):
            guard text.count <= Statement.largestText else { return }
            try await give(.statement(Statement(kind: kind, party: party, text: text)))
        case .batch(let party, let named):
            guard value.version == 1 else {
                return try await give(
                    .misbehaviour(Misbehaviour(.overwritten, party: party, position: position, evidence: key)))
            }
            let digest = Hash.hash(text)
            let token = engine.token(of: digest, key: key, position: position)
            guard digest.hex == named,
                let received = ReceivedBatch(
                    parsing: text, origin: engine.origin, localToken: token, using: Hash.self),
                received.batch.proposer == party
            else {
                return try await give(
                    .misbehaviour(Misbehaviour(.malformedBatch, party: party, position: position, evidence: key)))
            }
            try await give(
                .batch(OrderedBatch(position: position, batch: received.batch, received: received, name: named)))
        }
    }
}

/// How far a watch has come: its closure may not change variables around it.
private final class Seen: Sendable {
    private let newest: Mutex<Int64>

    init(_ revision: Int64) { newest = Mutex(revision) }

    var revision: Int64 { newest.withLock { $0 } }

    func advance(to revision: Int64) { newest.withLock { $0 = max($0, revision) } }
}
