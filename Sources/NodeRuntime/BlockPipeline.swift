package import LedgerCore
import Logging
import MerkleLog
import Ordering
package import Primitives
import Storage
import Synchronization

/// What became of a transaction that was handed to the node.
package struct TransactionStatus: Sendable {
    /// The transaction's id.
    package let id: Digest
    /// Index of its leaf.
    package let leaf: UInt64
    /// Whether the rule accepted it.
    package let outcome: Outcome
    /// Height of its block.
    package let height: UInt64
}

/// The one place where blocks are made: takes what waits, has it ordered, executes, stores, and only then answers.
///
/// Runs on a thread of its own, so that writing to disk never holds up a thread that answers requests. Between reading
/// and committing the state there is no suspension.
actor BlockPipeline {
    /// Most transactions in a block; whatever waited during the last commit makes the next block, without a timer.
    static let blockLimit = 2_000
    /// Most transactions that may wait; beyond it the node answers `node.busy`.
    static let queueLimit = 50_000

    private struct Submission {
        let transactions: [Transaction]
        let answer: CheckedContinuation<[TransactionStatus], any Error>
    }

    private let executor = QueueExecutor(label: "linlian.blocks")
    nonisolated var unownedExecutor: UnownedSerialExecutor { executor.asUnownedSerialExecutor() }

    private var machine: LedgerMachine
    private let store: LedgerStore
    private let snapshots: SnapshotWriter
    private let engine: any OrderingEngine
    private let signer: NodeSigner
    private let clock: @Sendable () -> Instant
    private let logger: Logger
    private let hub: BlockHub
    private let times: StageTimes

    private var waiting: [Submission] = []
    private var waitingCount = 0
    private var underWay: [UInt64: [Submission]] = [:]
    private var nextToken: UInt64 = 1
    private var isBusy = false
    private var failure: (any Error)?

    /// A pipeline that continues `machine`.
    init(
        machine: LedgerMachine, store: LedgerStore, snapshots: SnapshotWriter, engine: any OrderingEngine,
        signer: NodeSigner, clock: @escaping @Sendable () -> Instant, logger: Logger, hub: BlockHub, times: StageTimes
    ) {
        self.machine = machine
        self.store = store
        self.snapshots = snapshots
        self.engine = engine
        self.signer = signer
        self.clock = clock
        self.logger = logger
        self.hub = hub
        self.times = times
    }

    /// Executes every batch that the engine orders, until the engine is shut down.
    func run() async throws {
        let position = machine.lastSeal?.position ?? 0
        let batches = try await engine.batches(after: position)
        let ticker = Task { await self.wakeDueActions() }
        defer { ticker.cancel() }
        for await ordered in batches {
            do {
                try process(ordered)
            } catch {
                // The machine may be ahead of the disk now: nothing more may be built on it.
                fail(error)
                throw error
            }
            await startNextBatch()
        }
        refuseWaiting(
            NodeError("node.stopping", "the node is stopping", help: "send it again; the same id gives the same answer")
        )
        try snapshots.flush(height: machine.lastSeal?.height)
    }

    /// Has checked transactions ordered and executed; returns when they are stored. Those with an id that was executed
    /// before are answered with what became of them then.
    func submit(_ transactions: [Transaction]) async throws -> [TransactionStatus] {
        if let failure { throw failure }
        guard waitingCount + transactions.count <= BlockPipeline.queueLimit else {
            throw NodeError("node.busy", "too many transactions are waiting", help: "send it again in a few seconds")
        }
        return try await withCheckedThrowingContinuation { answer in
            waiting.append(Submission(transactions: transactions, answer: answer))
            waitingCount += transactions.count
            if !isBusy {
                isBusy = true
                Task { await self.startNextBatch() }
            }
        }
    }

    /// What the state holds at `key` after the last stored block, with its proof. Between two blocks the tree over the
    /// state, the state and the last seal belong together, and only this actor knows when that is.
    func prove(_ key: [UInt8]) throws -> StateAnswer? {
        if let failure { throw failure }
        guard let seal = machine.lastSeal, let notice = hub.latest, notice.height == seal.height else { return nil }
        return StateAnswer(
            key: key, value: machine.state.read(key), proof: machine.stateTree.prove(key), seal: seal,
            checkpoint: notice.checkpoint)
    }

    /// Why no more blocks are made; nil while they are.
    var failureCode: String? { failure.map { ($0 as? NodeError)?.code ?? "node.failed" } }

    /// Number of transactions that wait for a block.
    var waitingTransactions: Int { waitingCount }

    private func startNextBatch() async {
        isBusy = true
        guard failure == nil else { return }
        guard !waiting.isEmpty || isDue else {
            isBusy = false
            return
        }
        var taken: [Submission] = []
        var texts: [[UInt8]] = []
        var count = 0
        for submission in waiting {
            if count > 0, count + submission.transactions.count > BlockPipeline.blockLimit { break }
            taken.append(submission)
            count += submission.transactions.count
        }
        waiting.removeFirst(taken.count)
        waitingCount -= count
        texts.reserveCapacity(count)
        for submission in taken {
            for transaction in submission.transactions { texts.append(transaction.text.bytes) }
        }
        let token = nextToken
        nextToken += 1
        underWay[token] = taken
        do {
            try await engine.submit(
                Batch(proposer: signer.party, clock: clock(), transactions: texts, localToken: token))
        } catch {
            // Stopping answers what is under way; nothing may be answered twice.
            for submission in underWay.removeValue(forKey: token) ?? [] { submission.answer.resume(throwing: error) }
            isBusy = false
        }
    }

    /// Whether a due action is waiting at the clock's time.
    var hasDueActions: Bool { isDue || isBusy }

    private var isDue: Bool { machine.nextDue.map { $0 <= clock() } ?? false }

    private func wakeDueActions() async {
        while !Task.isCancelled {
            if !isBusy, isDue { await startNextBatch() }
            try? await Task.sleep(for: .milliseconds(200))
        }
    }

    private func process(_ ordered: OrderedBatch) throws {
        // They stay under way until they are answered: if storing fails, `fail` answers them.
        let token = ordered.batch.localToken
        let submissions = underWay[token] ?? []
        var batch: [Transaction] = []
        batch.reserveCapacity(ordered.batch.transactions.count)
        for submission in submissions { batch.append(contentsOf: submission.transactions) }
        let time = machine.blockTime(clock: ordered.batch.clock)
        let block = times.measure(.execute) {
            machine.execute(batch, at: time, position: ordered.position, proposer: ordered.batch.proposer)
        }
        let checkpoint = try signer.checkpoint(size: block.size, root: block.root, at: time).bytes
        try times.measure(.store) { try store.append(block, checkpoint: checkpoint) }
        try times.measure(.answer) {
            machine.commit(block)
            // Before anyone is answered: whoever has the answer may ask for the receipt at once, under this checkpoint.
            hub.publish(block, checkpoint: checkpoint)
            try answer(submissions, block)
            underWay[token] = nil
            try snapshots.follow(block)
        }
    }

    private func answer(_ submissions: [Submission], _ block: ExecutedBlock) throws {
        var next = 0
        var answers: [[TransactionStatus]] = []
        for submission in submissions {
            var statuses: [TransactionStatus] = []
            statuses.reserveCapacity(submission.transactions.count)
            for transaction in submission.transactions {
                if next < block.transactions.count, block.transactions[next].id == transaction.id {
                    let executed = block.transactions[next]
                    next += 1
                    statuses.append(
                        TransactionStatus(
                            id: executed.id, leaf: executed.leaf, outcome: executed.outcome, height: block.seal.height))
                } else if let status = try TransactionLookup.status(transaction.id, machine.transactions, store) {
                    statuses.append(status)
                }
            }
            answers.append(statuses)
        }
        // All look-ups are done: from here on nothing can fail, so every submission is answered exactly once.
        for (submission, statuses) in zip(submissions, answers) { submission.answer.resume(returning: statuses) }
    }

    private func fail(_ error: any Error) {
        logger.error("the block pipeline stopped", metadata: ["error": "\(error)"])
        refuseWaiting(error)
    }

    private func refuseWaiting(_ error: any Error) {
        failure = error
        for submission in waiting + underWay.values.flatMap({ $0 }) { submission.answer.resume(throwing: error) }
        waiting = []
        waitingCount = 0
        underWay = [:]
    }
}

/// Finds out what became of a transaction, from the index and its leaf.
enum TransactionLookup {
    /// The status of transaction `id`; nil if it was never executed.
    static func status(
        _ id: Digest, _ index: TransactionIndex, _ store: LedgerStore
    ) throws -> TransactionStatus? {
        guard let leafIndex = index.leaf(of: id), let bytes = try store.leaf(leafIndex),
            case .transaction(_, let outcome, _) = try Leaf(parsing: bytes),
            let block = try store.block(holding: leafIndex)
        else { return nil }
        return TransactionStatus(id: id, leaf: leafIndex, outcome: outcome, height: block.height)
    }
}
