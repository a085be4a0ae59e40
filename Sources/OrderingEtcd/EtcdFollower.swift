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
    let handle: @Sendable (OrderingEvent) async throws -> Void

    /// The handler's own failure, which ends the following; all others are tried again.
    private struct HandlerFailure: Error {
        let cause: any Error
    }

    /// etcd has cut the history off before the revision that was asked for.
    private struct Compacted: Error {}

    /// Until the engine is shut down or the handler throws. After `missing` it returns.
    func run(after position: UInt64, acceptingGap: Bool) async throws {
        var revision = Int64(clamping: position)
        var readsAll = acceptingGap
        var pause = Pause(longest: engine.options.longestPause)
        var isFirst = true
        var turn = 0
        while !engine.isShutDown, !Task.isCancelled {
            let connection = try EtcdConnection(engine.options, turn: turn)
            turn += 1
            defer { connection.close() }
            do {
                let current = try await readStatements(connection)
                // An etcd that was set up anew, or put back from an old copy, has nothing to say about this ledger.
                guard current >= revision else {
                    try await give(
                        .misbehaviour(Misbehaviour(.rewound, party: "", position: UInt64(clamping: current))))
                    throw RPCError(code: .failedPrecondition, message: "revision \(current) is before \(revision)")
                }
                if readsAll {
                    revision = try await readBatches(connection, after: revision, upTo: current)
                    readsAll = false
                }
                try await give(.reached(true))
                isFirst = false
                pause.reset()
                try await watch(connection, from: &revision)
            } catch let failure as HandlerFailure {
                throw failure.cause
            } catch is Compacted {
                try await handle(.missing)
                return
            } catch {
                try Task.checkCancellation()
                engine.failed(isFirst ? "not reached" : "the watch ended", error)
                try await handle(.reached(false))
            }
            try await pause.wait()
        }
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
        engine.reached(true)
        for value in answer.kvs { try await give(value) }
        return answer.header.revision
    }

    /// Gives the batches that are still there after a cut in the history, in order; returns the revision read up to.
    private func readBatches(
        _ connection: EtcdConnection, after revision: Int64, upTo current: Int64
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
            for value in answer.kvs { try await give(value) }
            guard let last = answer.kvs.last else { break }
            next = last.modRevision + 1
        }
        return current
    }

    private func watch(_ connection: EtcdConnection, from revision: inout Int64) async throws {
        let start = revision
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
        defer { revision = seen.revision }
        try await withThrowingTaskGroup { group in
            group.addTask { try await read(connection, create, into: seen) }
            group.addTask { try await listen(connection) }
            defer { group.cancelAll() }
            try await group.next()
        }
    }

    private func read(
        _ connection: EtcdConnection, _ create: Etcdserverpb_WatchRequest, into seen: Seen
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
                        try await give(event)
                        seen.advance(to: event.kv.modRevision)
                    }
                }
            })
        throw RPCError(code: .unavailable, message: "the watch's stream ended")
    }

    /// A watch at a member that was cut off says nothing, like one where nothing happens. So the member is asked every second
    /// for something that it can only know together with the others; fails when it does not answer.
    private func listen(_ connection: EtcdConnection) async throws {
        let request = Etcdserverpb_RangeRequest.with {
            $0.key = Data(engine.keys.root)
            $0.countOnly = true
        }
        while true {
            try await Task.sleep(for: .seconds(1))
            _ = try await connection.kv.range(
                request, metadata: EtcdCall.metadata, options: EtcdCall.options(engine.options))
        }
    }

    // MARK: What a key and its value are

    private func give(_ event: Etcdserverpb_Event) async throws {
        guard event.type == .delete else { return try await give(event.kv) }
        if case .batch(let party, let digest) = engine.keys.place(of: [UInt8](event.kv.key)) {
            try await give(
                .misbehaviour(
                    Misbehaviour(
                        .deleted, party: party, position: UInt64(clamping: event.kv.modRevision),
                        evidence: Array(digest.utf8))))
        }
    }

    private func give(_ value: Etcdserverpb_KeyValue) async throws {
        let key = [UInt8](value.key)
        let text = [UInt8](value.value)
        let position = UInt64(clamping: value.modRevision)
        switch engine.keys.place(of: key) {
        case .other: return
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
