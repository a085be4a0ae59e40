import ContractKit
import Foundation
import LedgerCore
import Logging
import MerkleLog
import NodeRuntime
import Ordering
import Primitives
import Storage

/// A node of a network that has only block 0, and gets everything else from another node's log: small blocks, the parties'
/// cosigned checkpoints among them, checked and executed one by one, stored in runs. Without the network in between; and
/// once more with every block stored by itself, which shows what waiting for the disk would cost.
struct CatchUpBench {
    let blocks: Int

    /// Blocks for which there is one cosigned checkpoint, as on a busy network.
    private static let cosigned = 4

    func run() async throws -> BenchFigure {
        let path = FileManager.default.temporaryDirectory.appendingPathComponent("linlian-bench-\(UUID().uuidString)")
            .path
        defer { try? FileManager.default.removeItem(atPath: path) }
        let yaml = try NetworkBench.parties(3)
        let plan = try NetworkPlan(yaml: yaml, from: "bench", origin: NetworkBench.origin)
        let genesis = try GenesisFile(yaml: yaml, from: "bench")
        try await NetworkFounding(plan: plan, genesis: genesis, yaml: yaml, days: 30) { _ in }.write(to: path)
        let folder = NetworkFolder(path)
        let source = try await grow(folder, plan)
        defer { try? source.close() }
        var figure = BenchFigure("catchup")
        let height = try source.lastBlock()?.height ?? 0
        figure.add("blocks", Int(height))
        figure.add("leaves", Int(try source.leafCount()))
        for (name, party, limit) in [
            ("blocksPerSecond", plan.parties[1].id, RunLimit()),
            ("oneByOnePerSecond", plan.parties[2].id, RunLimit(blocks: 1)),
        ] {
            let seconds = try await catchUp(folder.node(party), from: source, to: height, limit)
            figure.add(name, Double(height) / seconds, decimals: 0)
        }
        return figure
    }

    // MARK: What the others have

    /// Grows the founder's ledger as its node would have, and gives it, open.
    private func grow(_ folder: NetworkFolder, _ plan: NetworkPlan) async throws -> LedgerStore {
        let directory = folder.node(plan.founder)
        guard let staff = try directory.signingKey(plan.founder) else { throw Complaint("the bench has no key") }
        let keys = (0..<max(100, blocks / NetworkBench.votes + 1)).map { _ in SigningKey(generating: .es256) }
        let opening = try NetworkBench.opening(keys, plan, staff)
        let texts = opening + (try NetworkBench.ballots(keys, 0..<max(0, blocks - opening.count)))
        let signers = try plan.parties.map { try folder.node($0.id).signer() }
        let store = try directory.openLedger()
        var machine = try await StoredLedger(directory, store: store, catalog: LocalNode.catalog).machine(after: 0)
        var run: [(block: ExecutedBlock, checkpoint: [UInt8])] = []
        for (number, text) in texts.enumerated() {
            let batch = SortedBatch(
                proposer: plan.parties[number % plan.parties.count].id, clock: SystemClock.now,
                transactions: [try Transaction(text, catalog: LocalNode.catalog)], isEmpty: false)
            guard let block = machine.execute(batch, position: UInt64(number + 1)) else {
                throw Complaint("the bench made no block")
            }
            machine.commit(block)
            run.append((block, try signers[0].checkpointText(size: block.size, root: block.root)))
            guard run.count == Self.cosigned || number == texts.count - 1 else { continue }
            var head = try signers[0].logCheckpoint(size: block.size, root: block.root)
            for signer in signers { head.add(try signer.cosign(head, at: block.seal.time)) }
            try store.append(run, finalBy: head.bytes)
            run = []
        }
        return store
    }

    // MARK: Catching up

    private func catchUp(
        _ directory: NodeDirectory, from source: LedgerStore, to height: UInt64, _ limit: RunLimit
    ) async throws -> Double {
        let peer = SourceLog(store: source)
        let engine = ForgetfulEngine()
        let surroundings = Surroundings(
            engine: engine, peers: [.init(party: "source", address: "https://localhost")], limit: limit
        ) { path, _, _ in try peer.answer(path) }
        var logger = Logger(label: "bench")
        logger.logLevel = .error
        let node = try await Node.open(
            directory, catalog: LocalNode.catalog, projections: [], logger: logger, surroundings: surroundings)
        let start = ProcessInfo.processInfo.systemUptime
        let running = Task { try await node.run() }
        for _ in 0..<120_000 where node.hub.latest?.height != height {
            if await node.failureCode != nil { break }
            try await Task.sleep(for: .milliseconds(5))
        }
        let seconds = ProcessInfo.processInfo.systemUptime - start
        let reached = node.hub.latest?.height
        await node.shutDown()
        _ = await running.result
        try node.close()
        guard reached == height else { throw Complaint("the node did not catch up: \(reached ?? 0) of \(height)") }
        return seconds
    }
}

/// What a node gives out of its log.
private struct SourceLog: Sendable {
    let store: LedgerStore

    func answer(_ path: String) throws -> [UInt8] {
        let words = path.split(separator: "/")
        if path == "/checkpoint", let last = try store.lastBlock() { return last.checkpoint }
        if words.last == "checkpoint", words.count == 5, let height = ASCIIDecimal.parse(Array(words[3].utf8)[...]),
            let row = try store.signedBlock(from: height)
        {
            return row.checkpoint
        }
        guard case .entries(let index, let width)? = TilePath(String(path.dropFirst())),
            let bundle = EntryBundle.encode(try store.leaves(from: index << 8, count: width))
        else { throw Complaint("the bench has nothing at \(path)") }
        return bundle
    }
}

/// An engine that has forgotten everything, and orders nothing.
private final class ForgetfulEngine: OrderingEngine {
    private let (ends, end) = AsyncStream.makeStream(of: Void.self)

    func submit(_ batch: Batch) async throws { throw EngineStopped() }
    func publish(_ statements: [Statement]) async throws {}
    func forget(upTo position: UInt64) async {}
    func shutDown() async { end.finish() }

    func follow(
        after position: UInt64, knowing known: UInt64, of order: OrderName, acceptingGap: Bool,
        _ handle: @Sendable (OrderingEvent) async throws -> Void
    ) async throws {
        guard acceptingGap else { return try await handle(.missing) }
        for await _ in ends {}
    }
}
