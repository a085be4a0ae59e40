import ContractKit
package import LedgerCore
package import MerkleLog
import Primitives
package import Storage

extension NodeDirectory {
    /// Opens the log on disk. `onWrite` is called at each write point, for crash tests.
    package func openLedger(onWrite: (@Sendable (WritePoint) -> Void)? = nil) throws -> LedgerStore {
        try LedgerStore(
            path: ledgerFile, archive: try archive().map { try open($0, for: .reading) }, onWrite: onWrite)
    }

    /// Does something while no node may run in the folder; refuses with `data.locked` where one does.
    package func withLock(_ body: () async throws -> Void) async throws {
        let lock = try DirectoryLock(self)
        defer { lock.release() }
        try await body()
    }

    /// Loads the ledger as a node does at its start, refuses a damaged one, and returns its number of leaves.
    package func checkLedger(_ catalog: CommandCatalog) async throws -> UInt64 {
        try await load(catalog, isCopy: false).log.size
    }

    /// The same for a ledger that was just copied, which it gives: a snapshot that is not its block's state is refused with
    /// `JoinFault.otherState`, for it is no fault of this folder.
    package func checkCopy(_ catalog: CommandCatalog) async throws -> LedgerMachine {
        try await load(catalog, isCopy: true)
    }

    private func load(_ catalog: CommandCatalog, isCopy: Bool) async throws -> LedgerMachine {
        let lock = try DirectoryLock(self)
        defer { lock.release() }
        let store = try openLedger()
        let snapshots = try SnapshotStore(path: stateFile)
        defer {
            try? snapshots.close()
            try? store.close()
        }
        let loader = LedgerLoader(
            origin: try identity().origin, catalog: catalog, store: store, snapshots: snapshots, signer: try signer(),
            isCopy: isCopy)
        return try await loader.load()
    }
}

/// A ledger worked out from a node's files, which are only read: also while the node runs.
package struct StoredLedger {
    private let directory: NodeDirectory
    private let catalog: CommandCatalog
    /// The log on disk.
    package let store: LedgerStore

    /// A reader of the files of `directory`, whose log is open as `store`.
    package init(_ directory: NodeDirectory, store: LedgerStore, catalog: CommandCatalog) {
        self.directory = directory
        self.store = store
        self.catalog = catalog
    }

    /// The newest final block; nil in an empty ledger.
    package func finalBlock() throws -> LedgerStore.BlockRow? { try store.newestFinal() }

    /// The policy that the checkpoint of a final block holds by. A block that changes who keeps the ledger is final under
    /// the rule before it; every other one under the rule after it, which is the same. `known` is the ledger
    /// after the block, where the caller has it.
    package func policy(of block: LedgerStore.BlockRow, after known: LedgerMachine? = nil) async throws -> WitnessPolicy
    {
        let signer = try directory.signer()
        var after = known
        if after == nil { after = try await machine(after: block.height) }
        guard let network = after?.network else { return try solo(signer) }
        let policy = try WitnessPolicy(log: signer.logVerifier, network: network)
        let head = try SignedCheckpoint(parsing: block.checkpoint)
        guard try !policy.evaluate(head, using: CryptoEd25519.self).isQuorumSatisfied, block.height > 0 else {
            return policy
        }
        guard let before = try await machine(after: block.height - 1).network else { return try solo(signer) }
        return try WitnessPolicy(log: signer.logVerifier, network: before)
    }

    private func solo(_ signer: NodeSigner) throws -> WitnessPolicy {
        guard let text = try directory.policyText() else { return try signer.soloPolicy() }
        return try WitnessPolicy(parsing: text, using: CryptoSHA256.self)
    }

    /// The ledger after the block at `height`: from the snapshot of the state, or replayed where that is a later one.
    package func machine(after height: UInt64) async throws -> LedgerMachine {
        let origin = try directory.identity().origin
        let snapshots = try SnapshotStore(path: directory.stateFile)
        defer { try? snapshots.close() }
        var machine = LedgerMachine(origin: origin, catalog: catalog)
        if let taken = try snapshots.height(), taken <= height,
            let row = try store.blocks(upTo: taken, count: 1).first, row.height == taken,
            let leaf = try store.leaf(row.size - 1)
        {
            let tail = try store.leaves(from: row.size & ~255, count: Int(row.size & 255))
            machine = LedgerMachine(
                origin: origin, catalog: catalog, restored: await .from(try snapshots.rows()),
                log: try MerkleTree(
                    size: row.size, tiles: LedgerTiles(store), tailLeafHashes: tail.map { CryptoSHA256.leafHash($0) }),
                lastSeal: try Seal(parsing: leaf))
        }
        var blocks = BlockReader(store: store, from: machine.log.size)
        while machine.nextHeight <= height, let block = try blocks.next() {
            machine.commit(machine.execute(try block.transactions(catalog), as: block.seal))
        }
        return machine
    }
}

extension BlockReader.Block {
    /// The block's transactions; their signatures are not checked.
    package func transactions(_ catalog: CommandCatalog) throws -> [Transaction] {
        try leaves.lazy.filter { $0.starts(with: TransactionText.firstLine) }
            .map { try Transaction(TransactionText.parsingLeaf($0).0, catalog: catalog) }
    }
}

extension LedgerMachine {
    /// Executes a block's transactions again, as its seal says.
    package mutating func execute(_ transactions: [Transaction], as seal: Seal) -> ExecutedBlock {
        execute(transactions, at: seal.time, position: seal.position, proposer: seal.proposer, clock: seal.clock)
    }
}
