import ContractKit
package import LedgerCore
package import Logging
import MerkleLog
import Ordering
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
    /// The keys that sign checkpoints.
    package let signer: NodeSigner
    /// The modules' rules.
    package let catalog: CommandCatalog
    /// The clock; replaced in tests.
    package let clock: @Sendable () -> Instant
    private let engine: any OrderingEngine
    private let pipeline: BlockPipeline
    private let follower: ReadModelFollower
    private let snapshots: SnapshotStore
    private let logger: Logger
    private let lock: DirectoryLock

    /// Opens a node's files and loads its ledger; refuses a damaged one.
    package static func open(
        _ directory: NodeDirectory, catalog: CommandCatalog, projections: [any Projection], logger: Logger,
        clock: @escaping @Sendable () -> Instant = { SystemClock.now },
        onWrite: (@Sendable (WritePoint) -> Void)? = nil
    ) async throws -> Node {
        let identity = try directory.identity()
        let lock = try DirectoryLock(directory)
        let signer = try directory.signer()
        let store = try LedgerStore(path: directory.ledgerFile, onWrite: onWrite)
        let snapshots = try SnapshotStore(path: directory.stateFile, onWrite: onWrite)
        let machine = try await LedgerLoader(
            origin: identity.origin, catalog: catalog, store: store, snapshots: snapshots, signer: signer
        ).load()
        let readModels = try ReadModelStore(path: directory.readFile, projections: projections)
        return Node(
            directory: directory, machine: machine, store: store, snapshots: snapshots,
            attachments: try AttachmentStore(path: directory.contentFile), readModels: readModels, signer: signer,
            clock: clock, logger: logger, last: try store.lastBlock(), lock: lock)
    }

    private init(
        directory: NodeDirectory, machine: LedgerMachine, store: LedgerStore, snapshots: SnapshotStore,
        attachments: AttachmentStore, readModels: ReadModelStore, signer: NodeSigner,
        clock: @escaping @Sendable () -> Instant, logger: Logger, last: LedgerStore.BlockRow?,
        lock: DirectoryLock
    ) {
        self.lock = lock
        self.directory = directory
        self.store = store
        self.snapshots = snapshots
        self.attachments = attachments
        self.readModels = readModels
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
                    checkpoint: last.checkpoint))
        }
        engine = SoloEngine(after: machine.lastSeal?.position ?? 0)
        follower = ReadModelFollower(models: readModels, store: store, logger: logger, times: times)
        pipeline = BlockPipeline(
            machine: machine, store: store,
            snapshots: SnapshotWriter(snapshots: snapshots, state: machine.state, logger: logger), engine: engine,
            signer: signer, clock: clock, logger: logger, hub: hub, times: times)
    }

    /// Makes blocks and follows them with the read models until `shutDown` or cancellation.
    package func run() async throws {
        try await withThrowingTaskGroup { group in
            group.addTask { try await self.pipeline.run() }
            group.addTask { await self.follower.run(self.hub) }
            try await group.next()
            hub.shutDown()
            try await group.waitForAll()
        }
    }

    /// Ends `run` after the block under way.
    package func shutDown() async { await engine.shutDown() }

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
    package func policy() throws -> [UInt8] {
        if let network = try LedgerTables.network.find("current", in: state) {
            return try WitnessPolicy(log: signer.logVerifier, network: network).bytes
        }
        return try directory.policyText() ?? signer.soloPolicy().bytes
    }

    /// Whether a due action is waiting to be run at the clock's time.
    package func hasDueActions() async -> Bool { await pipeline.hasDueActions }

    /// What became of transaction `id`; nil if it was never executed.
    package func status(of id: Digest) throws -> TransactionStatus? {
        try TransactionLookup.status(id, transactions, store)
    }

    /// Waits until the read models have followed the log as far as it goes now.
    package func catchUpReadModels() async throws { try await follower.catchUp() }
}
