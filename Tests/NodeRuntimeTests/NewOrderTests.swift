import Finality
import LedgerCore
import LedgerSamples
import MerkleLog
import NodeRuntime
import Ordering
import OrderingTesting
import Primitives
import Storage
import Testing

@Suite("A node keeps what is not final over a restart, and goes on in an order that was begun anew", .serialized)
struct NewOrderTests {
    /// 23 blocks, of which 21 are final.
    private let network: SampleNetwork
    private let last: ExecutedBlock
    private let cluster = MemoryCluster()

    init() throws {
        var network = try SampleNetwork()
        try network.grow(20, cosigned: 20)
        try network.grow(2, cosigned: 2)
        self.network = network
        last = try #require(network.blocks.last)
    }

    private var engine: MemoryEngine<CryptoSHA256> {
        MemoryEngine(origin: SampleSigner.origin, cluster: cluster, using: CryptoSHA256.self)
    }

    private func start(root: Digest? = nil, position: UInt64? = nil) -> OrderStart {
        OrderStart(
            position: position ?? last.seal.position, size: last.size, root: root ?? last.root, time: SampleSigner.start
        )
    }

    /// The others say in the new order that they have the last block, and cosign it.
    private func othersCosign() async throws {
        for party in ["anna", "bela", "cora"] {
            let signer = try SampleNetwork.signer(party)
            var head = try signer.logCheckpoint(size: last.size, root: last.root)
            head.add(try signer.cosign(head, at: last.seal.time))
            try await engine.publish([Statement(kind: .cosigned, party: party, text: head.bytes)])
        }
    }

    /// Runs a node whose disk has the first `final` blocks, and those up to `open` as not final.
    private func run(
        final: Int = 21, open: Int, peers: [String: [UInt8]] = [:], until isSo: @escaping (Node) async -> Bool
    ) async throws -> AwayNode {
        let away = try AwayNode(network, holding: final, engine: engine) { path, _, _ in peers[path] }
        let store = try away.directory.openLedger()
        for block in network.blocks[final..<open] {
            let text = try SampleNetwork.signer("dora").checkpointText(size: block.size, root: block.root)
            try store.append(block, checkpoint: text, isFinal: false)
        }
        try store.close()
        try await away.run(until: isSo)
        return away
    }

    private func state(_ away: AwayNode) throws -> (final: UInt64?, last: UInt64?, order: String) {
        let store = try away.directory.openLedger()
        defer { try? store.close() }
        return (try store.newestFinal()?.height, try store.lastBlock()?.height, try store.order().name)
    }

    @Test("its own blocks that were not final become final there")
    func ownBlocks() async throws {
        cluster.beginAnew(start())
        try await othersCosign()
        let away = try await run(open: 23) { $0.hub.latest?.height == 22 }
        let state = try state(away)
        #expect(state.final == 22 && state.last == 22 && state.order == "1")
    }

    @Test("what it lacks comes from the others, also where it is not final there", arguments: [21, 22])
    func othersBlocks(_ open: Int) async throws {
        cluster.beginAnew(start())
        try await othersCosign()
        let after = network.blocks[20].size
        let leaves = network.blocks[21...].flatMap(\.leaves)
        var answers = network.answers(upTo: 21)
        answers["/api/v1/peer/open?after=\(after)"] = EntryBundle.encode(leaves)
        let away = try await run(open: open, peers: answers) { $0.hub.latest?.height == 22 }
        #expect(try state(away).final == 22)
    }

    @Test("blocks of others that do not lead there are not taken, and its own stay")
    func otherLeaves() async throws {
        cluster.beginAnew(start())
        let after = network.blocks[20].size
        var answers = network.answers(upTo: 21)
        for leaves in [network.blocks[22].leaves, network.blocks[21].leaves + network.blocks[21].leaves] {
            answers["/api/v1/peer/open?after=\(after)"] = EntryBundle.encode(leaves)
            let asked = ContinuousClock.now
            let away = try await run(open: 22, peers: answers) { _ in .now - asked > .seconds(2) }
            let state = try state(away)
            #expect(state.final == 20 && state.last == 21 && state.order.isEmpty)
        }
    }

    @Test(
        "a start that is not this ledger’s is told, and changes nothing",
        arguments: [(true, 0), (false, -1), (false, 1)])
    func otherStart(isRoot: Bool, further: Int) async throws {
        // Another root at its last final block's end, or a position that would not go on from there.
        let final = network.blocks[20]
        cluster.beginAnew(
            OrderStart(
                position: UInt64(Int(final.seal.position) + further), size: final.size,
                root: isRoot ? last.root : final.root, time: SampleSigner.start))
        let away = try await run(open: 23) { node in
            node.board.faults.contains { $0.misbehaviour.kind == .otherStart }
        }
        let state = try state(away)
        #expect(state.final == 20 && state.last == 22 && state.order.isEmpty)
    }

    @Test("an engine that gives another order than before is followed, and what was not final is taken back")
    func anotherOrder() async throws {
        // The engine has the batch of the last block, at the place of the one before it.
        for _ in 0..<20 { try await engine.publish([Statement(kind: .status, party: "anna", text: [])]) }
        let signer = try SampleNetwork.signer("bela")
        let batch = try Batch(
            origin: SampleSigner.origin, proposer: "bela", clock: last.seal.time, transactions: [], localToken: 0,
            using: CryptoSHA256.self
        ) { try signer.sign(lines: $0) }
        try await engine.submit(batch)
        let away = try await run(open: 23) { node in
            let height = try? node.store.lastBlock()?.height
            return height ?? 22 < 22
        }
        #expect(try state(away).final == 20)
    }
}
