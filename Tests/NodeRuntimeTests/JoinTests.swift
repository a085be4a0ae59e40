import Foundation
import HTTPTypes
import HummingbirdTesting
import LedgerCore
import LedgerTesting
import MerkleLog
import NodeRuntime
import Primitives
import Storage
import Testing

@Suite("Joining a ledger by its log and a snapshot")
struct JoinTests {
    /// What a node that lies does to an answer.
    typealias Lie = @Sendable (_ path: String, _ answer: [UInt8]?) -> [UInt8]?

    private static let honest: Lie = { $1 }
    private static let catalog = CommandCatalog([NotesContract.self])

    /// A node with some blocks, and a snapshot of the state after all but the last of them.
    private func node(_ body: (TestNode) async throws -> Void) async throws {
        try await TestNode.with { test in
            try await test.write(600, block: 97)
            let height = try #require(test.node.hub.latest?.height)
            var rows: [StateChange] = [(Array("gone".utf8), Array("1".utf8)), (Array("gone".utf8), nil)]
            test.node.state.forEach { rows.append((Array($0), Array($1))) }
            try test.node.snapshots.append(rows, height: height, live: 10_000, all: test.node.state)
            try await test.write(3, prefix: "later")
            try await body(test)
        }
    }

    /// Joins a new folder, as a node with the same keys would; gives the folder to `body`, and removes it.
    private func join(
        _ test: TestNode, _ lie: @escaping Lie, _ body: (NodeDirectory) async throws -> Void = { _ in }
    ) async throws {
        let directory = NodeDirectory(NSTemporaryDirectory() + "linlian-join-" + UUID().uuidString)
        defer { try? FileManager.default.removeItem(atPath: directory.path) }
        try directory.create(try test.node.directory.identity())
        for name in try test.node.directory.keyNames() {
            if let key = try test.node.directory.signingKey(name) { try directory.write(key, as: name) }
        }
        let policy = try WitnessPolicy(parsing: try test.node.policy(), using: CryptoSHA256.self)
        let responder = try test.server().application()
        try await responder.test(.router) { client in
            _ = try await LedgerJoin(fetch: { path, _ in
                let answer = try await client.get("/" + path)
                return lie(path, answer.status == .notFound ? nil : answer.bytes)
            }).run(into: directory, policy: policy)
        }
        try await body(directory)
    }

    @Test("The copy has the same log and state, and starts")
    func copies() async throws {
        try await node { test in
            try await join(test, Self.honest) { directory in
                let size = try await directory.checkLedger(Self.catalog)
                #expect(size == test.node.hub.latest?.size)
                let node = try await Node.open(
                    directory, catalog: Self.catalog, projections: [], logger: test.logger, clock: { test.now })
                #expect(node.stateTree.root == test.node.stateTree.root)
                #expect(node.transactions.count == test.node.transactions.count)
                // A ledger that one party keeps has no mark of what is final: blocks to come would be taken back.
                #expect(try node.store.finalHeight() == nil)
                #expect(try node.store.leaves(from: 0, count: 10_000) == test.node.store.leaves(from: 0, count: 10_000))
                try node.close()
            }
        }
    }

    @Test("A node without a snapshot gives its log, and the copy works the state out")
    func withoutSnapshot() async throws {
        try await node { test in
            try await join(test, { path, answer in path.hasPrefix("api/v1/snapshot") ? nil : answer }) {
                let size = try await $0.checkLedger(Self.catalog)
                #expect(size == test.node.hub.latest?.size)
            }
        }
    }

    /// One lie each, and what becomes of it: refused while copying.
    static let lies: [(name: String, code: String, lie: Lie)] = [
        ("another leaf", "join.root", { $0.hasPrefix("tile/entries/") ? $1?.replacing("hello", with: "hallo") : $1 }),
        (
            "a leaf of another form", "join.leaf",
            { $0.hasPrefix("tile/entries/") ? $1?.replacing("accepted", with: "accapted") : $1 }
        ),
        ("a bundle is missing", "join.bundle", { $0.hasPrefix("tile/entries/001") ? nil : $1 }),
        (
            "a bundle is cut off", "join.bundle",
            { $0.hasPrefix("tile/entries/000") ? $1.map { Array($0.dropLast(3)) } : $1 }
        ),
        ("no checkpoint", "join.checkpoint", { $0 == "checkpoint" ? nil : $1 }),
        (
            "a checkpoint without its signatures", "signature.quorum-missing",
            { $0 == "checkpoint" ? $1.map(Self.unsigned) : $1 }
        ),
        ("fewer rows than announced", "join.snapshot", { $0.hasPrefix("api/v1/snapshot/rows") ? [] : $1 }),
        (
            "rows that are none", "join.snapshot",
            { $0.hasPrefix("api/v1/snapshot/rows") ? Array("3 1\nab".utf8) : $1 }
        ),
        ("a snapshot of a block to come", "join.snapshot", { $0 == "api/v1/snapshot" ? $1.map(Self.ahead) : $1 }),
        ("endless rows", "join.snapshot", { $0 == "api/v1/snapshot" ? Array("1 9223372036854775807\n".utf8) : $1 }),
    ]

    private static func unsigned(_ note: [UInt8]) -> [UInt8] {
        let text = String(decoding: note, as: UTF8.self)
        let keys = text.split(separator: "\n", omittingEmptySubsequences: false)
        return Array(keys.filter { !$0.hasPrefix("— example.org/notes/committee") }.joined(separator: "\n").utf8)
    }

    private static func ahead(_ extent: [UInt8]) -> [UInt8] {
        Array("999 \(String(decoding: extent, as: UTF8.self).split(separator: " ")[1])".utf8)
    }

    @Test("A node that lies is refused", arguments: lies.indices)
    func refuses(_ number: Int) async throws {
        try await node { test in
            let (name, code, lie) = Self.lies[number]
            await #expect("\(name)") {
                try await join(test, lie)
            } throws: { error in
                "\(error)".contains(code) || (error as? PolicyError)?.code == code
            }
        }
    }

    @Test("A snapshot with another value is refused by the state root in the seal")
    func otherState() async throws {
        try await node { test in
            let lie: Lie = { path, answer in
                path.hasPrefix("api/v1/snapshot/rows") ? answer?.replacing("hello", with: "hallo") : answer
            }
            try await join(test, lie) { directory in
                await #expect { try await directory.checkLedger(Self.catalog) } throws: {
                    ($0 as? NodeError)?.code == "ledger.damaged"
                }
            }
        }
    }

    @Test("The rows come part by part, and nothing is there beyond them")
    func routes() async throws {
        try await node { test in
            try await test.api { client in
                let extent = try await client.get("/api/v1/snapshot").string.split(separator: " ")
                let count = try #require(UInt64(extent[1].dropLast()))
                #expect(count > 600)
                let half = count / 2
                let first = try await client.get("/api/v1/snapshot/rows?upTo=\(half)").bytes
                let second = try await client.get("/api/v1/snapshot/rows?after=\(half)&upTo=\(count)").bytes
                #expect(try SnapshotRows.decode(first).count == Int(half))
                #expect(try SnapshotRows.decode(first + second).count == Int(count))
                for path in ["?after=\(count)", "?after=5&upTo=5", "?after=9223372036854775807"] {
                    let answer = try await client.get("/api/v1/snapshot/rows" + path)
                    #expect(answer.status == .notFound && answer.code == "snapshot.none", "\(path)")
                }
                #expect(try await client.get("/api/v1/snapshot/rows?after=x").status == .badRequest)
            }
        }
        try await TestNode.with { test in
            try await test.api { client in
                for path in ["/api/v1/snapshot", "/api/v1/snapshot/rows"] {
                    let answer = try await client.get(path)
                    #expect(answer.code == "snapshot.none", "\(path)")
                }
            }
        }
    }
}

extension [UInt8] {
    fileprivate func replacing(_ old: String, with new: String) -> [UInt8] {
        var bytes = self
        if let place = bytes.firstRange(of: Array(old.utf8)) { bytes.replaceSubrange(place, with: Array(new.utf8)) }
        return bytes
    }
}
