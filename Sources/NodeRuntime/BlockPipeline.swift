import ContractKit
import Finality
import LedgerCore
import Logging
import MerkleLog
import Ordering
import Primitives
import Storage

/// The one place where blocks are made: has what waits ordered, executes what is ordered, stores, and answers when it is
/// final.
///
/// Runs on a thread of its own, so that writing to disk never holds up a thread that answers requests. Between reading
/// and committing the state there is no suspension.
actor BlockPipeline {
    /// Most transactions in a block; whatever waited during the last commit makes the next block, without a timer.
    static let blockLimit = 2_000
    /// Most transactions that may wait; beyond it the node answers `node.busy`.
    static let queueLimit = 50_000
    /// Most transactions that may be executed and not final; beyond it no more are put up.
    static let openLimit = 100_000
    /// So many transactions make a batch worth its cost while another one of this node is not final yet.
    static let worthwhile = 250
    /// How long a sender waits for finality before the answer says "ordered", in ms.
    static let finalPatience: Int64 = 1_500
    /// How long a sender waits for a place in the order before the answer says "recorded here", in ms.
    static let orderPatience: Int64 = 2_000
    /// How long, in ms, where batches are being ordered and it is only that many wait.
    static let queuePatience: Int64 = 10_000

    let executor = QueueExecutor(label: "linlian.blocks")
    nonisolated var unownedExecutor: UnownedSerialExecutor { executor.asUnownedSerialExecutor() }

    var replica: Replica
    let parts: PipelineParts
    var queue = SubmissionQueue()
    var isBusy = false
    var openTransactions = 0
    /// The newest block of this node's own that is executed and not final.
    var ownOpenHeight: UInt64?
    var failure: (any Error)?
    private var needsPeers = false
    var reading: OrderReading
    /// Another order, which people have begun.
    private var begun: (start: OrderStart, name: OrderName)?
    private(set) var isStopping = false
    var isDiskFull = false
    var clockWanted = false
    var changes: PartyChanges
    /// When a batch of this node was ordered last.
    var lastOrdered = Instant(milliseconds: 0)

    /// A pipeline that continues `replica`.
    init(replica: Replica, parts: PipelineParts) {
        self.replica = replica
        self.parts = parts
        reading = OrderReading(name: parts.order.name, start: parts.order.start)
        changes = PartyChanges(formerKept: replica.former.bytes)
    }

    // MARK: Following the order

    /// Executes every batch that the engine orders, until the engine is shut down.
    func run() async throws {
        let ticker = Task { await self.tick() }
        let sending = Task { await parts.sender.run() }
        defer {
            ticker.cancel()
            parts.sender.stop()
            sending.cancel()
        }
        do {
            try deal(with: replica.begin(at: parts.clock()))
            try await resumeOpen()
            try takeUpOutbox()
            try await follow()
        } catch {
            // The machine may be ahead of the disk now: nothing more may be built on it.
            fail(error)
            throw error
        }
        refuseWaiting(
            NodeError("node.stopping", "the node is stopping", help: "send it again; the same id gives the same answer")
        )
        try parts.snapshots.flush(height: parts.hub.latest?.height)
    }

    private func follow() async throws {
        var acceptingGap = false
        while !isStopping {
            // Over a gap not all that was executed can be given once more.
            reading.lastGiven = acceptingGap ? position : firstRead
            do {
                try await parts.engine.follow(
                    after: firstRead, knowing: position, of: followedOrder, acceptingGap: acceptingGap
                ) { event in
                    try await self.handle(event)
                }
            } catch is CatchUpNeeded {
                needsPeers = true
            } catch is OtherOrder {
                try readAgain()
                continue
            } catch  where isForWantOfSpace(error) {
                try await waitForSpace()
                acceptingGap = false
                continue
            }
            if let begun {
                self.begun = nil
                acceptingGap = false
                try await goOn(from: begun)
                continue
            }
            guard needsPeers else { return }
            let height = parts.hub.latest?.height
            try await catchUp()
            try judgeCutOff(after: height)
            needsPeers = false
            isBusy = false
            acceptingGap = true
        }
    }

    private func catchUp() async throws {
        guard let peers = parts.peers else {
            throw NodeError(
                "node.peers", "batches are missing and network.json names no peers to get them from",
                help: "add the peers to network.json and start the node again")
        }
        while !isStopping {
            do {
                if try await peers.catchUp(self) { return }
            } catch  where isForWantOfSpace(error) {
                try await waitForSpace()
            }
            try? await Task.sleep(for: .milliseconds(500))
        }
    }

    private func handle(_ event: OrderingEvent) async throws {
        try requireSpace()
        switch event {
        case .batch(let ordered): try await execute(ordered)
        case .statement(let statement): try hear(statement)
        case .missing: needsPeers = true
        case .begunAnew(let start, let name): begun = (start, name)
        case .misbehaviour(let misbehaviour): note(misbehaviour)
        case .reached(let isReached): noteReached(isReached)
        }
        try followChanges()
        if !isBusy, isWorthwhile || isDue || clockWanted { beginNextBatch() }
    }

    private func execute(_ ordered: OrderedBatch) async throws {
        let token = ordered.batch.localToken
        let submissions = queue.submissions(of: token)
        guard try isNext(ordered), let batch = await sort(ordered, submissions) else { return }
        if token != 0 { lastOrdered = parts.clock() }
        let prepared = parts.times.measure(.execute) { replica.execute(batch, position: ordered.position) }
        if let prepared {
            let events = try parts.times.measure(.store) { try replica.store(prepared, at: parts.clock()) }
            if replica.isShared { parts.board.executed(ordered.name, position: ordered.position) }
            openTransactions += prepared.block.transactions.count
            if token != 0 { ownOpenHeight = prepared.block.seal.height }
            try parts.times.measure(.answer) {
                try deal(with: events)
                try answer(token, submissions, prepared.block)
            }
            wantClock(after: prepared.block.seal)
        } else {
            try answer(token, submissions, nil)
        }
        if batch.proposer == parts.signer.party, token != 0 || ordered.received == nil { isBusy = false }
    }

    /// The batch's transactions, read and checked; nil where the batch is nobody's who may order.
    private func sort(_ ordered: OrderedBatch, _ submissions: [SubmissionQueue.Submission]) async -> SortedBatch? {
        let batch = ordered.batch
        guard let received = ordered.received else {
            return SortedBatch(
                proposer: batch.proposer, clock: batch.clock, transactions: submissions.flatMap(\.transactions),
                isEmpty: batch.transactions.isEmpty)
        }
        guard replica.isFromMember(received) else {
            notTaken(ordered, received)
            return nil
        }
        guard submissions.isEmpty else {
            // The gate has checked them, and the ids are in the text that came back.
            return SortedBatch(
                proposer: batch.proposer, clock: batch.clock, transactions: submissions.flatMap(\.transactions),
                isEmpty: false)
        }
        let checked = await Rechecking(parts.admission).check(batch.transactions)
        if checked.contains(where: { $0 == nil }) {
            note(
                Misbehaviour(
                    .badTransactions, party: batch.proposer, position: ordered.position, evidence: received.lines))
        }
        let sound = checked.compactMap { $0 }
        return SortedBatch(
            proposer: batch.proposer, clock: batch.clock, transactions: sound.map(\.transaction),
            unchecked: Set(sound.filter { !$0.isChecked }.map(\.transaction.id)), isEmpty: batch.transactions.isEmpty)
    }

    private func answer(
        _ token: UInt64, _ submissions: [SubmissionQueue.Submission], _ block: ExecutedBlock?
    ) throws {
        guard !submissions.isEmpty else { return }
        var next = 0
        var answers: [Result<[TransactionStatus], any Error>] = []
        let finalSize = parts.hub.latest?.size ?? 0
        let executed = block?.transactions ?? []
        for submission in submissions {
            var statuses: [TransactionStatus] = []
            var unread: StorageError?
            statuses.reserveCapacity(submission.transactions.count)
            for transaction in submission.transactions {
                if let block, next < executed.count, executed[next].id == transaction.id {
                    let entry = executed[next]
                    next += 1
                    statuses.append(
                        TransactionStatus(
                            id: entry.id, leaf: entry.leaf, outcome: entry.outcome, height: block.seal.height,
                            isFinal: entry.leaf < finalSize))
                } else {
                    do {
                        let status = try TransactionLookup.status(
                            transaction.id, replica.machine.transactions, parts.store, finalSize: finalSize)
                        if let status { statuses.append(status) }
                    } catch let error as StorageError where error.code == "storage.archive" {
                        // Sent a second time, and its leaf is in an archive that cannot be read: the ledger goes on.
                        unread = error
                    }
                }
            }
            answers.append(unread.map { .failure($0) } ?? .success(statuses))
        }
        // All look-ups are done: from here on nothing can fail, so every submission is answered exactly once.
        queue.finish(token, answers)
    }

    /// Does what the replica asks for.
    func deal(with events: [Replica.Event]) throws {
        for event in events {
            switch event {
            case .publish(let statement): parts.sender.send(statement)
            case .misbehaviour(let misbehaviour): note(misbehaviour)
            case .final(let blocks, let checkpoint): try makeFinal(blocks, checkpoint.bytes)
            case .diverged(let point):
                parts.logger.error(
                    "a quorum has reached another ledger; what is not final is taken back",
                    metadata: ["size": "\(point.size)"])
                parts.board.diverged(at: point)
                wereTakenBack()
                throw CatchUpNeeded()
            case .contradiction(let signed):
                throw NodeError(
                    "node.contradiction",
                    "this party has signed a log of \(signed.size) leaves that is not the ledger's",
                    help: "stop the node, keep its folder, and compare it with another party's: linlian diff")
            }
        }
    }

    /// Blocks that were not final are gone: what this node has put up waits again.
    func wereTakenBack() {
        parts.receipts.forget()
        openTransactions = replica.openTransactions
        ownOpenHeight = nil
        queue.takeBack()
    }

    private func makeFinal(_ blocks: [ExecutedBlock], _ checkpoint: [UInt8]) throws {
        parts.hub.publish(blocks, checkpoint: checkpoint)
        for block in blocks {
            openTransactions -= block.transactions.count
            try parts.outbox.remove(block.transactions)
            if replica.isShared { parts.board.final(position: block.seal.position, at: parts.clock()) }
            try parts.snapshots.follow(block)
        }
        if let height = parts.hub.latest?.height {
            queue.answerFinal(upTo: height)
            if let own = ownOpenHeight, own <= height { ownOpenHeight = nil }
        }
        parts.board.final(at: parts.clock())
        try keepFormerKeys()
    }

    // MARK: Putting up batches

    /// Has checked transactions ordered and executed; returns when their block is final, or after a while when it is
    /// executed. Those with an id that was executed before are answered with what became of them then.
    func submit(_ transactions: [Transaction]) async throws -> [TransactionStatus] {
        if let failure { throw failure }
        if let refusal { throw refusal }
        guard queue.waitingCount + transactions.count <= BlockPipeline.queueLimit else {
            throw NodeError("node.busy", "too many transactions are waiting", help: "send it again in a few seconds")
        }
        return try await withCheckedThrowingContinuation { answer in
            queue.add(SubmissionQueue.Submission(transactions, since: parts.clock(), answer: answer))
            if !isBusy, isWorthwhile { beginNextBatch() }
        }
    }

    /// In a task of its own: putting up a batch may take as long as the engine is not reached, and whoever follows the order,
    /// or answers those who wait, must not stand still meanwhile, nor take the batch along when it is cancelled.
    private func beginNextBatch() {
        isBusy = true
        Task { await self.startNextBatch() }
    }

    private func startNextBatch() async {
        isBusy = true
        if case .never(let refusal) = turn { queue.refuseWaiting(refusal) }
        guard failure == nil, case .now = turn, !needsPeers,
            !queue.waiting.isEmpty || isDue || clockWanted, openTransactions < BlockPipeline.openLimit
        else {
            isBusy = false
            return
        }
        if !clockWanted { await freshenClocks() }
        clockWanted = false
        // Who keeps the ledger may have changed meanwhile.
        guard case .now = turn else {
            isBusy = false
            return
        }
        let (token, submissions) = queue.takeBatch(limit: BlockPipeline.blockLimit, bytes: Batch.largestText / 2)
        do {
            try await parts.engine.submit(try batch(submissions, token))
        } catch {
            queue.fail(token, error)
            isBusy = false
        }
    }

    func batch(_ submissions: [SubmissionQueue.Submission], _ token: UInt64) throws -> Batch {
        var texts: [[UInt8]] = []
        for submission in submissions {
            for transaction in submission.transactions { texts.append(transaction.text.bytes) }
        }
        guard replica.isShared, case .now(let signer) = turn else {
            return Batch(proposer: parts.signer.party, clock: parts.clock(), transactions: texts, localToken: token)
        }
        return try Batch(
            origin: parts.signer.origin, proposer: parts.signer.party, clock: parts.clock(), transactions: texts,
            localToken: token, using: CryptoSHA256.self
        ) { try signer.sign(lines: $0) }
    }

    // MARK: What time brings

    /// Whether a due action is waiting at the clock's time.
    var hasDueActions: Bool { isDue || isBusy }

    private var isDue: Bool { replica.machine.nextDue.map { $0 <= parts.clock() } ?? false }

    private func tick() async {
        var ticks = 0
        while !Task.isCancelled {
            if !isBusy, isDue || !queue.waiting.isEmpty { beginNextBatch() }
            answerOverdue()
            noteSpace()
            ticks += 1
            if ticks.isMultiple(of: 50), let position = parts.board.forgettable(now: parts.clock()) {
                await parts.engine.forget(upTo: position)
            }
            try? await Task.sleep(for: .milliseconds(200))
        }
    }

    // MARK: What others ask

    /// Why no more blocks are made; nil while they are.
    var failureCode: String? { failure.map { ($0 as? NodeError)?.code ?? "node.failed" } ?? refusalOfKey?.code }

    /// Number of transactions that wait for a block.
    var waitingTransactions: Int { queue.waitingCount }

    /// Ends `run` soon; the engine is shut down by the caller.
    func stop() { isStopping = true }

    private func fail(_ error: any Error) {
        parts.logger.error("the block pipeline stopped", metadata: ["error": "\(error)"])
        refuseWaiting(error)
    }

    func refuseWaiting(_ error: any Error) {
        failure = error
        queue.failAll(error)
    }
}

/// The node must get blocks from the others before it can go on following the engine.
struct CatchUpNeeded: Error {}
