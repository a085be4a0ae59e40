import ContractKit
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

    /// Most due actions in one block; the rest wait for the next, so that no block takes for ever.
    static let mostDueActions = 1_000

    /// An empty ledger.
    package init(origin: String, catalog: CommandCatalog) {
        self.init(origin: origin, catalog: catalog, restored: .empty(), log: MerkleTree(), lastSeal: nil)
    }

    /// A ledger at a snapshot: the state after `lastSeal`, and the log up to and including that seal.
    package init(
        origin: String, catalog: CommandCatalog, restored: RestoredState, log: MerkleTree<CryptoSHA256>, lastSeal: Seal?
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

    /// Executes a batch into a block. Ids that were executed before are passed over without a leaf.
    package mutating func execute(
        _ batch: [Transaction], at time: Instant, position: UInt64, proposer: String
    ) -> ExecutedBlock {
        let overlay = BlockOverlay(base: state, transactions: batch.count)
        let height = nextHeight
        let firstEntry = log.size
        var leaves: [[UInt8]] = []
        leaves.reserveCapacity(batch.count + 2)
        runDueActions(overlay, at: time, height: height, into: &leaves)

        var executed: [ExecutedTransaction] = []
        executed.reserveCapacity(batch.count)
        var inBlock = Set<Digest>(minimumCapacity: batch.count)
        for transaction in batch where transactions.leaf(of: transaction.id) == nil {
            guard inBlock.insert(transaction.id).inserted else { continue }
            let (outcome, leaf) = run(transaction, overlay, at: time, height: height)
            let index = firstEntry + UInt64(leaves.count)
            executed.append(ExecutedTransaction(id: transaction.id, leaf: index, outcome: outcome))
            leaves.append(leaf)
        }

        let changes = overlay.changes
        let seal = Seal(
            height: height, time: time, previous: lastSealHash, firstEntry: firstEntry,
            entryCount: UInt64(leaves.count), state: stateTree.apply(changes), position: position, proposer: proposer)
        leaves.append(seal.bytes)
        for leaf in leaves { log.append(CryptoSHA256.leafHash(leaf)) }
        lastSeal = seal
        lastSealHash = CryptoSHA256.hash(leaves[leaves.count - 1])
        for change in changes { due.apply(change.key, change.value) }
        return ExecutedBlock(
            seal: seal, leaves: leaves, transactions: executed, changes: changes, tiles: log.takeCompletedTiles(),
            size: log.size, root: log.root())
    }

    /// Makes a stored block visible to readers of the state and the index.
    package func commit(_ block: ExecutedBlock) {
        state.apply(block.changes)
        transactions.insert(block.transactions.map { ($0.id, $0.leaf) })
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
