import EtcdProtocol
import FoundationEssentials
import GRPCCore
import SwiftProtobuf

/// What this node was told that it has written, and when. An etcd that does not have it was put back from an old copy, or is
/// another one, whatever its revision says: others may have written to it since.
struct EtcdMemory: Sendable {
    /// The keys that only this node writes, with the revision at which etcd has them at the least.
    private(set) var written: [[UInt8]: Int64] = [:]
    /// Whether calls have failed since: it may be another etcd now.
    var isDoubted = false
    /// Whether nothing may be written yet: this node follows an order, and has not seen that etcd has it.
    var isWaiting = false
    private var hasRead = false

    /// Statements were written.
    mutating func wrote(_ keys: [[UInt8]], at revision: Int64) {
        for key in keys { written[key] = revision }
    }

    /// An order is about to be read.
    mutating func willRead() { isWaiting = !hasRead }

    /// etcd has the order that is read, as far as this node knows it.
    mutating func didRead() {
        hasRead = true
        isWaiting = false
    }

    /// Whether an etcd with these keys, at these revisions, is the one that was written to.
    func isKept(by found: [[UInt8]: Int64]) -> Bool { written.allSatisfy { found[$0.key] ?? 0 >= $0.value } }
}

/// etcd does not have what it has confirmed.
package struct EtcdRewound: Error {}

/// Nobody knows yet whether etcd has the order that is followed.
package struct EtcdNotRead: Error {}

extension EtcdEngine {
    /// Waits until the order is read, at most as long as a call may take, and asks etcd after a failure whether it is still the
    /// one that this node knows. Nothing may be written before: it would hide that etcd was put back.
    func makeSure(_ connection: () throws -> EtcdConnection) async throws {
        var waited: Int64 = 0
        while memory({ $0.isWaiting }) {
            guard waited < options.deadline, !isShutDown else { throw EtcdNotRead() }
            try await Task.sleep(for: .milliseconds(10))
            waited += 10
        }
        guard memory({ $0.isDoubted }) else { return }
        try await compare(try connection())
        memory { $0.isDoubted = false }
    }

    /// Throws `EtcdRewound` where etcd does not have what this node has written.
    func compare(_ connection: EtcdConnection) async throws {
        let known = memory { $0.written }
        guard !known.isEmpty else { return }
        var request = Etcdserverpb_TxnRequest()
        request.success = known.keys.map { key in
            .with {
                $0.requestRange = .with {
                    $0.key = Data(key)
                    $0.keysOnly = true
                }
            }
        }
        let answer = try await connection.kv.txn(
            request, metadata: EtcdCall.metadata, options: EtcdCall.options(options))
        var found: [[UInt8]: Int64] = [:]
        for value in answer.responses.flatMap(\.responseRange.kvs) { found[[UInt8](value.key)] = value.modRevision }
        guard memory({ $0.isKept(by: found) }) else { throw EtcdRewound() }
    }
}
