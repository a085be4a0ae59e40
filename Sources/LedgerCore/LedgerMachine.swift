package import ContractKit
package import MerkleLog
package import Primitives

/// The ledger as a machine: batches in, blocks out. A pure function of the batches; storage, ordering and the network
/// are elsewhere. Owned by one pipeline (a node, or a replay), which executes, stores, then commits.
package struct LedgerMachine: Sendable {
    /// The modules' rules.
    package let catalog: CommandCatalog
    /// The ledger's origin.
    package let origin: String
    /// The committed state.
    package let state: StateStore
    /// The tree over the state. It runs ahead of `state` between `execute` and `commit`.
    package let stateTree: StateTree
    /// Ids of the executed transactions.
    package let transactions: TransactionIndex
    /// The accounts' keys that are in use.
    let keys = KnownKeys()
    /// The log's tree.
    package private(set) var log: MerkleTree<CryptoSHA256>
    /// The last seal; nil before genesis.
    package private(set) var lastSeal: Seal?
    private var lastSealHash: Digest
    private var due: DueQueue
    /// The latest clock of each party in a batch that made a block, where several parties order.
    private var clocks: [String: Instant]

    /// Most due actions in one block; the rest wait for the next, so that no block takes for ever.
    static let mostDueActions = 1_000

    /// An empty ledger.
    package init(origin: String, catalog: CommandCatalog) {
        self.init(origin: origin, catalog: catalog, restored: .empty(), log: MerkleTree(), lastSeal: nil)
    }

    /// A ledger at a snapshot: the state after `lastSeal`, and the log up to and including that seal.
    package init(
        origin: String, catalog: CommandCatalog, restored: RestoredState, log: MerkleTree<CryptoSHA256>,
        lastSeal: Seal?,
        clocks: [String: Instant] = [:]
    ) {
        self.origin = origin
        self.catalog = catalog
        self.state = restored.state
        self.stateTree = restored.tree
        self.transactions = TransactionIndex()
        self.log = log
        self.lastSeal = lastSeal
        self.lastSealHash = lastSeal.map { CryptoSHA256.hash($0.bytes) } ?? .zero
        self.due = restored.due
        self.clocks = clocks
    }

    /// Height of the next block.
    package var nextHeight: UInt64 { lastSeal.map { $0.height + 1 } ?? 0 }

    /// When the next due action is due; nil if none waits.
    package var nextDue: Instant? { due.next }

    /// Makes ids of earlier transactions known when a ledger is loaded from a snapshot.
    package func remember(_ ids: [(id: Digest, leaf: UInt64)]) { transactions.insert(ids) }

    /// The time of a block whose batch was put at `clock` (`ledger.md`, Leaves). `otherClock` is the latest clock that
    /// another party has put in a batch; nil when alone.
    package func blockTime(clock: Instant, otherClock: Instant? = nil) -> Instant {
        let capped = otherClock.map { min(clock, $0.advanced(byMilliseconds: Instant.minute)) } ?? clock
        guard let lastSeal else { return capped }
        return max(lastSeal.time.advanced(byMilliseconds: 1), capped)
    }

    /// Who keeps the ledger together after the last committed block; nil where one party does.
    package var network: NetworkRow? { try? LedgerTables.network.find("current", in: state) }

    /// Executes an ordered batch into a block at the time that the ledger's rule gives it; nil if it makes none.
    ///
    /// Where several parties order, a batch that brings nothing new makes no block: one that was put up twice, or whose
    /// transactions another party's batch brought first. An empty batch is there to wake a due action, or to make its
    /// party's clock known.
    package mutating func execute(_ batch: SortedBatch, position: UInt64) -> ExecutedBlock? {
        guard let network else {
            return execute(
                batch.transactions, at: blockTime(clock: batch.clock), position: position, proposer: batch.proposer)
        }
        let time = blockTime(clock: batch.clock, otherClock: latestClock(besides: batch.proposer, in: network))
        let draft = draft(batch.transactions, unchecked: batch.unchecked, at: time)
        guard !draft.leaves.isEmpty || batch.isEmpty && tellsTime(batch) else { return nil }
        return seal(draft, at: time, position: position, proposer: batch.proposer, clock: batch.clock)
    }

    /// Executes a batch into a block at a given time: the time rule was applied before, as when a log is replayed. Ids
    /// that were executed before are passed over without a leaf, and so are those of `unchecked` whose signatures do not
    /// hold. `clock` is the seal's.
    package mutating func execute(
        _ batch: [Transaction], unchecked: Set<Digest> = [], at time: Instant, position: UInt64, proposer: String,
        clock: Instant? = nil
    ) -> ExecutedBlock {
        seal(
            draft(batch, unchecked: unchecked, at: time), at: time, position: position, proposer: proposer,
            clock: clock)
    }

    /// The latest clock that another member has put in a batch; before there is one, the last block's time.
    package func latestClock(besides proposer: String, in network: NetworkRow) -> Instant? {
        let others = network.members.compactMap { $0.party == proposer ? nil : clocks[$0.party] }
        return others.max() ?? lastSeal?.time
    }

    /// Whether an empty batch makes its party's clock known: it is later than the one known, or the one known was wrong.
    private func tellsTime(_ batch: SortedBatch) -> Bool {
        guard let known = clocks[batch.proposer] else { return true }
        if batch.clock >= known.advanced(byMilliseconds: LedgerMachine.clockStep) { return true }
        guard let lastSeal else { return false }
        return batch.clock < known && known > lastSeal.time.advanced(byMilliseconds: Instant.minute)
    }

    /// Empty batches make a party's clock known at most once in so many ms.
    static let clockStep: Int64 = 1_000

    /// The leaves of a block before its seal, and what they change.
    private struct Draft {
        let overlay: BlockOverlay
        var leaves: [[UInt8]] = []
        var executed: [ExecutedTransaction] = []
    }

    private func draft(_ batch: [Transaction], unchecked: Set<Digest>, at time: Instant) -> Draft {
        var draft = Draft(overlay: BlockOverlay(base: state, transactions: batch.count))
        let height = nextHeight
        let firstEntry = log.size
        draft.leaves.reserveCapacity(batch.count + 2)
        runDueActions(draft.overlay, at: time, height: height, into: &draft.leaves)
        draft.executed.reserveCapacity(batch.count)
        var inBlock = Set<Digest>(minimumCapacity: batch.count)
        for transaction in batch where transactions.leaf(of: transaction.id) == nil {
            guard inBlock.insert(transaction.id).inserted else { continue }
            if unchecked.contains(transaction.id), !isSigned(transaction, draft.overlay) { continue }
            let (outcome, leaf) = run(transaction, draft.overlay, at: time, height: height)
            let index = firstEntry + UInt64(draft.leaves.count)
            draft.executed.append(ExecutedTransaction(id: transaction.id, leaf: index, outcome: outcome))
            draft.leaves.append(leaf)
        }
        return draft
    }

    private mutating func seal(
        _ draft: Draft, at time: Instant, position: UInt64, proposer: String, clock: Instant?
    ) -> ExecutedBlock {
        let changes = draft.overlay.changes
        var leaves = draft.leaves
        let seal = Seal(
            height: nextHeight, time: time, previous: lastSealHash, firstEntry: log.size,
            entryCount: UInt64(leaves.count), state: stateTree.apply(changes), position: position, proposer: proposer,
            clock: clock)
        leaves.append(seal.bytes)
        for leaf in leaves { log.append(CryptoSHA256.leafHash(leaf)) }
        lastSeal = seal
        lastSealHash = CryptoSHA256.hash(leaves[leaves.count - 1])
        if let clock { clocks[proposer] = clock }
        for change in changes { due.apply(change.key, change.value) }
        return ExecutedBlock(
            seal: seal, leaves: leaves, transactions: draft.executed, changes: changes, tiles: log.takeCompletedTiles(),
            size: log.size, root: log.root())
    }

    /// Whether a transaction whose key was not known when its batch arrived is signed by one that is now.
    private func isSigned(_ transaction: Transaction, _ overlay: BlockOverlay) -> Bool {
        let keys = keys
        do throws(Reason) {
            try transaction.checkSignatures { (id) throws(Reason) in
                try keys.find(id, in: overlay)?.verificationKey()
            }
            return true
        } catch {
            return false
        }
    }

    /// Makes a stored block visible to readers of the state and the index.
    package func commit(_ block: ExecutedBlock) {
        state.apply(block.changes)
        transactions.insert(block.transactions.map { ($0.id, $0.leaf) })
    }

    /// What it takes to go back to the ledger as it is now; taken before a block is executed.
    package var mark: LedgerMark {
        LedgerMark(log: log, lastSeal: lastSeal, lastSealHash: lastSealHash, clocks: clocks)
    }

    /// What it takes to undo an executed block that is not committed yet; `mark` was taken before it was executed.
    package func undo(_ block: ExecutedBlock, to mark: LedgerMark) -> BlockUndo {
        BlockUndo(
            mark: mark, transactions: block.transactions.count,
            changes: block.changes.map { ($0.hash, $0.key, state.read(hash: $0.hash)) })
    }

    /// Takes the newest block back: only blocks that are not final ever are. `wasCommitted` is false for one that was
    /// executed and never stored.
    package mutating func rollBack(_ undo: BlockUndo, wasCommitted: Bool = true) {
        if wasCommitted {
            state.apply(undo.changes)
            transactions.removeNewest(undo.transactions)
        }
        _ = stateTree.apply(undo.changes)
        for change in undo.changes { due.apply(change.key, change.value) }
        log = undo.mark.log
        lastSeal = undo.mark.lastSeal
        lastSealHash = undo.mark.lastSealHash
        clocks = undo.mark.clocks
    }

    private func runDueActions(
        _ overlay: BlockOverlay, at time: Instant, height: UInt64, into leaves: inout [[UInt8]]
    ) {
        // One that an earlier action of this block has taken back does not run.
        for (key, entry) in due.due(at: time, limit: LedgerMachine.mostDueActions) where overlay.read(key) != nil {
            overlay.write(key, nil)
            overlay.keep()
            do throws(Reason) {
                guard let action = catalog.dueAction(entry.action) else { throw Reason("due.unknown") }
                var execution = dueExecution(overlay, at: time, height: height)
                try action.run(entry.id, &execution)
                let leaf = Leaf.dueBytes(action: entry.action, id: entry.id, events: execution.events)
                guard leaf.count <= Leaf.largest else { throw Reason("transaction.eventsTooLarge") }
                overlay.keep()
                leaves.append(leaf)
            } catch {
                overlay.takeBack()
                var execution = dueExecution(overlay, at: time, height: height)
                execution.emit(DueFailed(code: error.code))
                leaves.append(Leaf.dueBytes(action: entry.action, id: entry.id, events: execution.events))
            }
        }
    }

    private func dueExecution(_ overlay: BlockOverlay, at time: Instant, height: UInt64) -> Execution {
        Execution(
            time: time, height: height, ledger: origin, caller: .ledger, parameters: catalog.parameters, state: overlay)
    }

    private func run(
        _ transaction: Transaction, _ overlay: BlockOverlay, at time: Instant, height: UInt64
    ) -> (Outcome, [UInt8]) {
        do throws(Reason) {
            try transaction.checkTime(time)
            let keys = keys
            let caller = try transaction.caller { (id) throws(Reason) in try keys.find(id, in: overlay) }
            var execution = Execution(
                time: time, height: height, ledger: origin, caller: caller, parameters: catalog.parameters,
                state: overlay)
            try transaction.command.execute(&execution)
            let leaf = Leaf.transactionBytes(transaction.text, .accepted, events: execution.events)
            guard leaf.count <= Leaf.largest else { throw Reason("transaction.eventsTooLarge") }
            overlay.keep()
            return (.accepted, leaf)
        } catch {
            overlay.takeBack()
            let outcome = Outcome.rejected(code: error.code)
            return (outcome, Leaf.transactionBytes(transaction.text, outcome, events: []))
        }
    }
}
