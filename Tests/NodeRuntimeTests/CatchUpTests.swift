import LedgerCore
import LedgerSamples
import MerkleLog
import NodeRuntime
import Primitives
import Storage
import Synchronization
import Testing
import Verifier

@Suite("A node that was away catches up", .serialized)
struct CatchUpTests {
    /// A ledger in which a party's key changes and a resident comes, both while the node is away.
    private static func network(_ count: Int, cosigned: Int = 8) throws -> SampleNetwork {
        var network = try SampleNetwork()
        try network.grow(20, cosigned: cosigned)
        try network.grow(count / 2, cosigned: cosigned)
        try network.rotate(["bela"])
        try network.welcome(7)
        try network.grow(count / 2, cosigned: cosigned)
        return network
    }

    private func expect(_ node: Node, has network: SampleNetwork) async throws {
        let last = try #require(network.blocks.last)
        #expect(node.hub.latest?.height == last.seal.height && node.hub.latest?.root == last.root)
        #expect(node.stateTree.root == last.seal.state)
        #expect(node.transactions.count == network.machine.transactions.count)
        #expect(try node.store.finalHeight() == last.seal.height)
        #expect(try node.store.lastBlock()?.checkpoint == network.checkpoints[last.seal.height])
        #expect(try node.store.leaves(from: 0, count: .max) == network.blocks.flatMap(\.leaves))
        let report = try await LedgerAudit(origin: node.origin, catalog: node.catalog, workers: 2)
            .run(node.store, size: last.size)
        #expect(report.stateRoot == last.seal.state && report.root == last.root)
    }

    @Test(
        "many blocks in few writes, over a change of the parties; it starts again from there", arguments: [8, 10_000])
    func manyBlocks(cosigned: Int) async throws {
        let network = try Self.network(1_200, cosigned: cosigned)
        let answers = network.answers
        let away = try AwayNode(network, holding: 21) { path, _, _ in answers[path] }
        try await away.run { try await expect($0, has: network) }
        // 1,203 blocks in runs of 512, parted by the change.
        #expect(away.commits.withLock { $0 } <= 6)
        #expect(try await away.directory.checkLedger(SampleNetwork.catalog) == network.blocks.last?.size)
        let before = away.commits.withLock { $0 }
        try await away.run { try await expect($0, has: network) }
        #expect(away.commits.withLock { $0 } == before, "it had everything")
    }

    @Test("a run is bounded by its bytes too")
    func largeBlocks() async throws {
        var network = try SampleNetwork()
        try network.grow(40, notes: 25, cosigned: 2)
        let answers = network.answers
        let away = try AwayNode(network, holding: 1, limit: RunLimit(blocks: 512, bytes: 50_000)) { path, _, _ in
            answers[path]
        }
        try await away.run { try await expect($0, has: network) }
        let bytes = network.blocks.flatMap(\.leaves).reduce(0) { $0 + $1.count }
        #expect((bytes / 100_000...bytes / 25_000).contains(away.commits.withLock { $0 }))
    }

    /// What a node that lies does to an answer.
    typealias Lie = @Sendable (_ path: String, _ answer: [UInt8]?) -> [UInt8]?

    /// One lie each, and up to which leaf a block that is left may reach.
    static let lies: [(name: String, before: UInt64, lie: Lie)] = [
        (
            "another transaction", 512,
            { $0.hasPrefix("/tile/entries/001") ? $1?.replacingLast("note", with: "nota") : $1 }
        ),
        (
            "another outcome", 512,
            { $0.hasPrefix("/tile/entries/001") ? $1?.replacingLast("accepted", with: "accepts?") : $1 }
        ),
        (
            "another seal", 512,
            { $0.hasPrefix("/tile/entries/001") ? $1?.replacingLast("\nstate ", with: "\nstata ") : $1 }
        ),
        ("a bundle is missing", 256, { $0.hasPrefix("/tile/entries/001") ? nil : $1 }),
        ("a bundle is cut off", 256, { $0.hasPrefix("/tile/entries/001") ? $1.map { Array($0.dropLast(9)) } : $1 }),
        ("no block has a cosigned checkpoint", 44, { $0.hasPrefix("/api/") ? $1.map(Self.unsigned) : $1 }),
        ("the newest checkpoint is not cosigned", 606, { $0 == "/checkpoint" ? $1.map(Self.unsigned) : $1 }),
        ("checkpoints of other blocks are missing", 44, { $0.hasPrefix("/api/") ? nil : $1 }),
    ]

    /// Without the cosignatures.
    private static func unsigned(_ note: [UInt8]) -> [UInt8] {
        let lines = String(decoding: note, as: UTF8.self).split(separator: "\n", omittingEmptySubsequences: false)
        return Array(lines.filter { !$0.hasPrefix("— \(SampleSigner.origin)/") }.joined(separator: "\n").utf8)
    }

    @Test("nothing of a run with a lie is left, and another node's blocks are taken", arguments: lies.indices)
    func refuses(_ number: Int) async throws {
        let (name, before, lie) = Self.lies[number]
        let network = try Self.network(300)
        let answers = network.answers
        let found = Mutex<(height: UInt64, isCosigned: Bool, leaves: UInt64, final: UInt64?)?>(nil)
        let away = try AwayNode(network, holding: 21, limit: RunLimit(blocks: 60)) { path, peer, away in
            guard peer == "cora" else { return lie(path, answers[path]) }
            if path.hasPrefix("/tile/"), found.withLock({ $0 == nil }) {
                // The first node was given up: what is on the disk?
                let state = try? away.directory.openLedger().lookedAt()
                found.withLock { $0 = state }
            }
            return answers[path]
        }
        try await away.run { try await expect($0, has: network) }
        let left = try #require(found.withLock { $0 }, "\(name): nobody noticed")
        #expect(left.isCosigned && left.final.map { $0 == left.height } ?? (left.height == 20), "\(name): \(left)")
        #expect(left.leaves == network.blocks[Int(left.height)].size, "\(name)")
        // What a quorum has cosigned may stay; what came after it may not.
        #expect(left.leaves <= before, "\(name): \(left)")
    }
}

extension LedgerStore {
    fileprivate func lookedAt() throws -> (UInt64, Bool, UInt64, UInt64?) {
        defer { try? close() }
        guard let last = try lastBlock() else { return (0, false, 0, nil) }
        return (last.height, last.isSigned, try leafCount(), try finalHeight())
    }
}

extension [UInt8] {
    fileprivate func replacingLast(_ old: String, with new: String) -> [UInt8] {
        let pattern = Array(old.utf8)
        guard
            let start = indices.dropLast(pattern.count - 1).last(where: {
                self[$0..<$0 + pattern.count].elementsEqual(pattern)
            })
        else { return self }
        var bytes = self
        bytes.replaceSubrange(start..<start + pattern.count, with: Array(new.utf8))
        return bytes
    }
}
