import ContractKit
import Finality
package import LedgerCore
package import Logging
import MerkleLog
import Ordering
import OrderingEtcd
import OrderingSolo
package import Primitives
package import ReadModels
package import Storage

/// One party's node: its files, its ledger, its gate and its pipeline.
package final class Node: Sendable {
    /// The node's folder.
    package let directory: NodeDirectory
    /// The ledger's origin.
    package let origin: String
    /// The party that runs the node.
    package let party: String
    /// The log on disk.
    package let store: LedgerStore
    /// Attachments.
    package let attachments: AttachmentStore
    /// The read models.
    package let readModels: ReadModelStore
    /// The gate to the chain.
    package let admission: Admission
    /// The committed state.
    package let state: StateStore
    /// The tree over the state.
    package let stateTree: StateTree
    /// Ids of executed transactions.
    package let transactions: TransactionIndex
    /// Tells of new blocks.
    package let hub: BlockHub
    /// Where blocks spend their time.
    package let times = StageTimes()
    /// What signs checkpoints as the log, and as the party while one party keeps the ledger.
    package let signer: NodeSigner
    /// The modules' rules.
    package let catalog: CommandCatalog
    /// The clock; replaced in tests.
    package let clock: @Sendable () -> Instant
    /// The log's tiles.
    let tiles: LedgerTiles
    /// Transactions that wait for the others.
    package let outbox: Outbox
    /// What the node knows of itself and the others.
    package let board = HealthBoard()
    /// Evidence against parties that have signed two histories.
    package let evidence: EvidenceFolder
    /// When its certificates end.
    let certificates: CertificateDates
    /// Says how the node is.
    let reporter: StatusReporter
    /// Asks the witnesses of `network.json`.
    let witnesses: WitnessDesk
    /// Asks the other parties' nodes; nil where there are none.
    let peerClient: PeerClient?
    /// Moves old leaves into the archive.
    let archiving: ArchiveDesk
    /// Reads old leaves from there.
    let archiveReading: ArchiveReading
    private let sender: StatementSender
    private let engine: any OrderingEngine
    private let pipeline: BlockPipeline
    private let follower: ReadModelFollower
    package let snapshots: SnapshotStore
    let logger: Logger
    private let lock: DirectoryLock

    /// Opens a node's files and loads its ledger; refuses a damaged one.
    package static func open(
        _ directory: NodeDirectory, catalog: CommandCatalog, projections: [any Projection], logger: Logger,
        clock: @escaping @Sendable () -> Instant = { SystemClock.now }, surroundings: Surroundings? = nil,
        onWrite: (@Sendable (WritePoint) -> Void)? = nil
    ) async throws -> Node {
        let identity = try directory.identity()
        let lock = try DirectoryLock(directory)
        let keys = try CosignerKeyFiles(directory).load()
        let store = try directory.openLedger(onWrite: onWrite)
        let snapshots = try SnapshotStore(path: directory.stateFile, onWrite: onWrite)
        let machine = try await LedgerLoader(
            origin: identity.origin, catalog: catalog, store: store, snapshots: snapshots, signer: keys.present
        ).load()
        let readModels = try ReadModelStore(path: directory.readFile, projections: projections)
        return try Node(
            directory: directory, machine: machine, store: store, snapshots: snapshots,
            attachments: try AttachmentStore(path: directory.contentFile), readModels: readModels, keys: keys,
            clock: clock, logger: logger, last: try store.newestFinal(), lock: lock, surroundings: surroundings)
    }

    private init(
        directory: NodeDirectory, machine: LedgerMachine, store: LedgerStore, snapshots: SnapshotStore,
        attachments: AttachmentStore, readModels: ReadModelStore, keys: CosignerKeys,
        clock: @escaping @Sendable () -> Instant, logger: Logger, last: LedgerStore.BlockRow?,
        lock: DirectoryLock, surroundings: Surroundings?
    ) throws {
        self.lock = lock
        self.directory = directory
        self.store = store
        self.snapshots = snapshots
        self.attachments = attachments
        self.readModels = readModels
        let signer = keys.present
        self.signer = signer
        self.clock = clock
        self.logger = logger
        origin = machine.origin
        party = signer.party
        catalog = machine.catalog
        state = machine.state
        stateTree = machine.stateTree
        transactions = machine.transactions
        admission = Admission(machine)
        hub = BlockHub()
        if let last {
            hub.start(
                with: BlockNotice(
                    height: last.height, time: last.time, size: last.size, transactionCount: last.transactionCount,
                    root: last.head?.root ?? .zero, checkpoint: last.checkpoint))
        }
        tiles = LedgerTiles(store)
        outbox = Outbox(store)
        let network = try directory.network()
        evidence = EvidenceFolder(directory)
        for file in evidence.files() {
            let known = Misbehaviour(.equivocation, party: file.party, position: 0, evidence: file.text)
            board.note(known, at: clock())
        }
        let shared = machine.network
        engine = try surroundings?.engine ?? Node.engine(machine, network, directory, logger)
        witnesses = try WitnessDesk(network?.witnesses ?? [], hub: hub, tiles: tiles, logger: logger)
        let finalLeaves = FinalLeaves(store: store, hub: hub)
        let writer = SnapshotWriter(snapshots: snapshots, state: machine.state, logger: logger)
        archiveReading = ArchiveReading(logger: logger)
        archiving = try ArchiveDesk(
            directory: directory, store: store, writer: writer, hub: hub,
            policy: { [state] in try Node.policy(state, signer, directory) }, clock: clock, logger: logger)
        follower = ReadModelFollower(models: readModels, store: finalLeaves, logger: logger, times: times)
        sender = StatementSender(engine)
        let client = try Node.peerClient(network, directory)
        peerClient = client
        let replica = Replica(
            machine: machine, keys: keys, log: store,
            signed: try store.signed().map { Point(size: $0.size, root: $0.root) },
            isCosigned: try Node.isCosigned(last, shared, signer), former: FormerKeys(parsing: try store.formerKeys()))
        let kept = try store.order()
        let order = (name: OrderName(kept.name), start: kept.position)
        pipeline = BlockPipeline(
            replica: replica,
            parts: PipelineParts(
                store: store, snapshots: writer, engine: engine, order: order, sender: sender, outbox: outbox,
                board: board,
                evidence: evidence,
                receipts: tiles,
                peers: surroundings?.blocks(logger) ?? Node.blocks(client, logger), relay: client,
                admission: admission, signer: signer, keys: keys, keyFiles: CosignerKeyFiles(directory),
                refusal: Node.refusal(network, shared),
                clock: clock, bytesFree: { StatusReporter.bytesFree(at: directory.path) }, logger: logger, hub: hub,
                times: times))
        let certificates = CertificateDates(directory, network)
        self.certificates = certificates
        reporter = StatusReporter(
            directory: directory, party: party, origin: origin, hub: hub, board: board, sender: sender,
            certificates: certificates, clock: clock,
            executedBlocks: { [pipeline] in await pipeline.executedBlocks },
            signer: { [pipeline] in await pipeline.statusSigner })
    }

    /// The engine that `network.json` names; without one, this process orders alone, and only a ledger that one party keeps.
    private static func engine(
        _ machine: LedgerMachine, _ network: NetworkFile?, _ directory: NodeDirectory, _ logger: Logger
    ) throws -> any OrderingEngine {
        guard let etcd = network?.etcd else { return SoloEngine(after: machine.lastSeal?.position ?? 0) }
        let identity = directory.resolved(etcd.identity)
        var options = EtcdOptions(
            endpoints: etcd.endpoints,
            identity: .init(
                authority: identity.authority, certificate: identity.certificate, key: identity.key))
        options.readsFirst = true
        return EtcdEngine(origin: machine.origin, options: options, using: CryptoSHA256.self, logger: logger)
    }

    private static func peerClient(_ network: NetworkFile?, _ directory: NodeDirectory) throws -> PeerClient? {
        guard let network, let listener = network.listener, !network.peers.isEmpty else { return nil }
        return try PeerClient(peers: network.peers, identity: directory.resolved(listener.identity))
    }

    private static func blocks(_ client: PeerClient?, _ logger: Logger) -> (any BlockSource)? {
        guard let client else { return nil }
        return PeerBlocks(
            peers: client.peers, fetch: { try await client.get($0, from: $1, limit: $2) }, logger: logger)
    }

    /// Why this program may not put up batches of a ledger that several parties keep; nil if it is connected to them.
    private static func refusal(_ network: NetworkFile?, _ shared: NetworkRow?) -> NodeError? {
        guard shared != nil, network?.etcd == nil else { return nil }
        return NodeError(
            "node.alone", "this ledger is kept by several parties, and this program is not connected to them",
            help: "send it to a running node of the network")
    }

    /// Whether the last checkpoint on disk is one that a quorum has cosigned.
    private static func isCosigned(
        _ last: LedgerStore.BlockRow?, _ network: NetworkRow?, _ signer: NodeSigner
    ) throws -> Bool {
        guard let last, let network else { return true }
        let head = try SignedCheckpoint(parsing: last.checkpoint)
        let policy = try WitnessPolicy(log: signer.logVerifier, network: network)
        return try policy.evaluate(head, using: CryptoEd25519.self).isQuorumSatisfied
    }

    /// Makes blocks and follows them with the read models until `shutDown` or cancellation.
    package func run() async throws {
        let asking = Task {
            await self.witnesses.run { try await self.pipeline.keep($0, by: $1, on: $2, ofBlock: $3) }
        }
        let archiving = Task { await self.archiving.run() }
        let ended: Result<Void, any Error>
        do {
            ended = .success(try await self.runServices())
        } catch {
            ended = .failure(error)
        }
        asking.cancel()
        archiving.cancel()
        // The files are closed next: the step under way is waited for, the rest is for the next start.
        await archiving.value
        await peerClient?.shutDown()
        try ended.get()
    }

    private func runServices() async throws {
        try await withThrowingTaskGroup { group in
            group.addTask { try await self.pipeline.run() }
            group.addTask { await self.follower.run(self.hub) }
            let reporting = Task { await reporter.run() }
            defer { reporting.cancel() }
            try await group.next()
            hub.shutDown()
            try await group.waitForAll()
        }
    }

    /// Ends `run` after the block under way.
    package func shutDown() async {
        await pipeline.stop()
        await engine.shutDown()
    }

    /// Closes the files; call it after `run` has returned.
    package func close() throws {
        defer { lock.release() }
        try readModels.close()
        try snapshots.close()
        try store.close()
    }

    /// Checks signed texts at the gate and has them executed. Every text is checked before any is ordered.
    package func submit(_ texts: [TransactionText]) async throws -> [TransactionStatus] {
        let now = clock()
        var admitted: [Transaction] = []
        admitted.reserveCapacity(texts.count)
        for text in texts { admitted.append(try admission.admit(text, now: now)) }
        return try await submit(admitted: admitted)
    }

    /// Has transactions executed that the gate has admitted.
    package func submit(admitted: [Transaction]) async throws -> [TransactionStatus] {
        try await pipeline.submit(admitted)
    }

    /// What the state holds at `key` after the last block, with its proof, the seal and the checkpoint of that block; nil
    /// before the first block.
    package func prove(_ key: [UInt8]) async throws -> StateAnswer? { try await pipeline.prove(key) }

    /// Why no more blocks are made, as a code; nil while they are.
    package var failureCode: String? { get async { await pipeline.failureCode } }

    /// Number of transactions that wait for a block.
    package var waitingTransactions: Int { get async { await pipeline.waitingTransactions } }

    /// The policy that readers check receipts by: where several parties keep the ledger the constitution's, else the file
    /// in the node's folder, or that of this one node.
    package func policy() throws -> [UInt8] { try Node.policy(state, signer, directory) }

    private static func policy(_ state: StateStore, _ signer: NodeSigner, _ directory: NodeDirectory) throws -> [UInt8]
    {
        if let network = try LedgerTables.network.find("current", in: state) {
            return try WitnessPolicy(log: signer.logVerifier, network: network).bytes
        }
        return try directory.policyText() ?? signer.soloPolicy().bytes
    }

    /// How far the node has executed, final or not; nil before the first block.
    var tip: OrderTip? { get async { await pipeline.tip } }

    /// Whether a due action is waiting to be run at the clock's time.
    package func hasDueActions() async -> Bool { await pipeline.hasDueActions }

    /// What became of transaction `id`; nil if it was never executed.
    package func status(of id: Digest) async throws -> TransactionStatus? {
        guard let leaf = transactions.leaf(of: id) else { return nil }
        let finalSize = hub.latest?.size ?? 0
        return try await reading(from: leaf) {
            try TransactionLookup.status(id, transactions, store, finalSize: finalSize)
        }
    }

    /// Waits until the read models have followed the log as far as it goes now.
    package func catchUpReadModels() async throws { try await follower.catchUp() }
}

/// The leaves that are final.
struct FinalLeaves: LeafSource {
    let store: LedgerStore
    let hub: BlockHub

    func leafCount() -> UInt64 { hub.latest?.size ?? 0 }

    func leaves(from first: UInt64, count: Int) throws -> [[UInt8]] {
        let size = leafCount()
        guard first < size else { return [] }
        return try store.leaves(from: first, count: min(count, Int(clamping: size - first)))
    }
}
