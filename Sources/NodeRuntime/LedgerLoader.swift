import ContractKit
package import LedgerCore
import MerkleLog
import Primitives
package import Storage

/// Brings a ledger from disk to life and refuses one that does not fit together.
///
/// Every leaf is hashed and compared with the tiles, the root with the signed checkpoint, the seals with each other and
/// the snapshot with the state root of its seal. Signatures of transactions are not checked again: `linlian verify` does.
package struct LedgerLoader {
    private let origin: String
    private let catalog: CommandCatalog
    private let store: LedgerStore
    private let snapshots: SnapshotStore
    private let signer: NodeSigner
    private let isCopy: Bool

    /// A loader for a node's files. `isCopy` where they were just copied from elsewhere.
    package init(
        origin: String, catalog: CommandCatalog, store: LedgerStore, snapshots: SnapshotStore, signer: NodeSigner,
        isCopy: Bool = false
    ) {
        self.isCopy = isCopy
        self.origin = origin
        self.catalog = catalog
        self.store = store
        self.snapshots = snapshots
        self.signer = signer
    }

    /// Leaves read at a time.
    private static let chunk = 8_192

    /// The ledger up to the newest block that was final when the node stopped.
    package func load() async throws -> LedgerMachine {
        guard let last = try store.newestFinal() else {
            guard try store.leafCount() == 0 else { throw damaged("leaf 0", "leaves without a block") }
            return LedgerMachine(origin: origin, catalog: catalog)
        }
        // What is not final is looked at by the pipeline; but all of it belongs to blocks.
        let (whole, count) = (try store.lastBlock()?.size ?? 0, try store.leafCount())
        guard whole == count else { throw damaged("leaf \(min(whole, count))", "the log does not end with a block") }
        let height = try snapshots.height()
        async let restored = restore(height)
        async let scanned = scan(upTo: last.size, snapshotHeight: height, from: try boundary(height))
        let scan = try await scanned
        try checkCheckpoint(last, scan)
        var state = try await restored
        if height != nil, scan.sealAtSnapshot == nil {
            // A snapshot of a block that the log does not have, as when an older copy of the log was put in place.
            try snapshots.clear()
            state = .empty()
        }
        let machine = try replay(state, scan: scan, upTo: last.height)
        if machine.network == nil { try checkSignatures(last, signer.soloPolicy()) }
        return machine
    }

    @concurrent
    private func restore(_ height: UInt64?) async throws -> RestoredState {
        height == nil ? .empty() : await .from(try snapshots.rows())
    }

    private struct Scan: Sendable {
        var log = MerkleTree<CryptoSHA256>()
        var lastSeal: Seal?
        var logAtSnapshot = MerkleTree<CryptoSHA256>()
        var sealAtSnapshot: Seal?
        var clocksAtSnapshot: [String: Instant] = [:]
        var lastSealHash = Digest.zero
        var clocks: [String: Instant] = [:]
    }

    /// Where to begin: leaves in the archive are not read at a start, their tiles stand for them. Without a snapshot of a
    /// later block they are needed.
    private func boundary(_ snapshotHeight: UInt64?) throws -> LedgerStore.ArchiveBoundary? {
        guard let boundary = try store.archiveBoundary(), let snapshotHeight, snapshotHeight > boundary.seal.height
        else { return nil }
        return boundary
    }

    @concurrent
    private func scan(
        upTo end: UInt64, snapshotHeight: UInt64?, from boundary: LedgerStore.ArchiveBoundary?
    ) async throws -> Scan {
        var scan = Scan()
        var index: UInt64 = 0
        var blockStart: UInt64 = 0
        if let boundary {
            scan.log = try MerkleTree(size: boundary.size, tiles: LedgerTiles(store), tailLeafHashes: [])
            scan.lastSeal = boundary.seal
            scan.lastSealHash = CryptoSHA256.hash(boundary.seal.bytes)
            scan.clocks = boundary.clocks
            index = boundary.size
            blockStart = boundary.seal.index + 1
        }
        while true {
            let leaves = try store.leaves(from: index, count: min(LedgerLoader.chunk, Int(clamping: end - index)))
            for leaf in leaves {
                scan.log.append(CryptoSHA256.leafHash(leaf))
                if leaf.starts(with: "linlian/seal/v1\n".utf8) {
                    try checkSeal(leaf, index: index, blockStart: blockStart, &scan)
                    blockStart = index + 1
                    if scan.lastSeal?.height == snapshotHeight {
                        scan.logAtSnapshot = scan.log
                        // What was completed up to here is on disk; a block made later must not store it again.
                        _ = scan.logAtSnapshot.takeCompletedTiles()
                        scan.sealAtSnapshot = scan.lastSeal
                        scan.clocksAtSnapshot = scan.clocks
                    }
                }
                index += 1
            }
            for tile in scan.log.takeCompletedTiles() {
                guard try store.tile(level: tile.coordinate.level, index: tile.coordinate.index) == tile.bytes else {
                    throw damaged(
                        "tile \(tile.coordinate.level)/\(tile.coordinate.index)", "it does not fit the leaves below it")
                }
            }
            if leaves.isEmpty || index >= end { break }
        }
        guard blockStart == index else { throw damaged("leaf \(index - 1)", "the log does not end with a seal") }
        return scan
    }

    private func checkSeal(_ leaf: [UInt8], index: UInt64, blockStart: UInt64, _ scan: inout Scan) throws {
        let seal: Seal
        do {
            seal = try Seal(parsing: leaf)
        } catch {
            throw damaged("leaf \(index)", "the seal cannot be read (\(error.field ?? error.code))")
        }
        guard seal.index == index, seal.firstEntry == blockStart, seal.previous == scan.lastSealHash,
            seal.height == (scan.lastSeal.map { $0.height + 1 } ?? 0)
        else { throw damaged("leaf \(index)", "the seal of block \(seal.height) does not follow the one before it") }
        if let clock = seal.clock { scan.clocks[seal.proposer] = clock }
        scan.lastSeal = seal
        scan.lastSealHash = CryptoSHA256.hash(leaf)
    }

    private func checkCheckpoint(_ last: LedgerStore.BlockRow, _ scan: Scan) throws {
        let head: SignedCheckpoint
        do {
            head = try SignedCheckpoint(parsing: last.checkpoint)
        } catch {
            throw damaged("checkpoint of block \(last.height)", "it cannot be read (\(error.code))")
        }
        guard head.checkpoint.size == scan.log.size, last.size == scan.log.size else {
            throw damaged(
                "checkpoint of block \(last.height)",
                "it is for \(head.checkpoint.size) leaves, there are \(scan.log.size)")
        }
        guard head.checkpoint.root == scan.log.root() else {
            throw damaged(
                "the leaves", "their root is not the one of the signed checkpoint; `linlian verify` finds the leaf")
        }
        try checkSignatures(last, signer.logPolicy())
    }

    private func checkSignatures(_ last: LedgerStore.BlockRow, _ policy: WitnessPolicy) throws {
        do {
            try policy.require(try SignedCheckpoint(parsing: last.checkpoint), using: CryptoEd25519.self)
        } catch let error as PolicyError {
            throw damaged("checkpoint of block \(last.height)", "its signatures do not hold (\(error.code))")
        }
    }

    private func replay(_ state: RestoredState, scan: Scan, upTo height: UInt64) throws -> LedgerMachine {
        var machine = LedgerMachine(
            origin: origin, catalog: catalog, restored: state, log: scan.logAtSnapshot, lastSeal: scan.sealAtSnapshot,
            clocks: scan.clocksAtSnapshot)
        if let seal = scan.sealAtSnapshot, machine.stateTree.root != seal.state {
            if isCopy { throw JoinFault.otherState(height: seal.height) }
            throw damaged(
                "the state snapshot", "its root is not the one that the seal of block \(seal.height) commits to",
                help: "linlian restore --data DIR --rebuild-state replays the log")
        }
        let replayFrom = scan.sealAtSnapshot.map { $0.index + 1 } ?? 0
        try store.transactionIDs { ids in
            machine.remember(ids.filter { $0.leaf < replayFrom })
        }
        var blocks = BlockReader(store: store, from: replayFrom)
        var changes: [[UInt8]: [UInt8]?] = [:]
        while machine.nextHeight <= height, let block = try blocks.next() {
            for change in try execute(block, &machine) { changes.updateValue(change.value, forKey: change.key) }
        }
        if !changes.isEmpty, let seal = machine.lastSeal {
            // The next snapshot holds only what changes from now on: without these rows it would have gaps.
            try snapshots.append(
                changes.map { ($0.key, $0.value) }, height: seal.height, live: machine.state.count, all: machine.state)
        }
        return machine
    }

    /// Executes a stored block again and returns what it changed in the state.
    private func execute(_ block: BlockReader.Block, _ machine: inout LedgerMachine) throws -> [StateChange] {
        var batch: [Transaction] = []
        batch.reserveCapacity(block.leaves.count)
        for leaf in block.leaves where leaf.starts(with: TransactionText.firstLine) {
            let (text, _) = try TransactionText.parsingLeaf(leaf)
            batch.append(try Transaction(text, catalog: catalog))
        }
        let executed = machine.execute(
            batch, at: block.seal.time, position: block.seal.position, proposer: block.seal.proposer,
            clock: block.seal.clock)
        for (offset, leaf) in executed.leaves.enumerated() {
            guard offset < block.leaves.count, block.leaves[offset] == leaf else {
                throw damaged(
                    "leaf \(block.seal.firstEntry + UInt64(offset))",
                    "executing block \(block.seal.height) again gives another leaf")
            }
        }
        machine.commit(executed)
        return executed.changes.map { ($0.key, $0.value) }
    }

    private func damaged(_ place: String, _ message: String, help: String? = nil) -> NodeError {
        NodeError(
            "ledger.damaged", "the ledger is damaged at \(place): \(message)",
            help: help
                ?? "find the place with `linlian verify --data DIR`, then restore from a backup (`linlian restore`) or a peer's export"
        )
    }
}

/// Reads a log block by block.
package struct BlockReader {
    /// The leaves of one block, its seal last.
    package struct Block {
        /// All leaves.
        package let leaves: [[UInt8]]
        /// The parsed seal.
        package let seal: Seal

        /// A block from its leaves.
        package init(leaves: [[UInt8]], seal: Seal) {
            self.leaves = leaves
            self.seal = seal
        }
    }

    private let store: any LeafSource
    private var at: UInt64
    private var buffer: [[UInt8]] = []
    private var used = 0

    /// A reader at the first leaf of a block.
    package init(store: any LeafSource, from: UInt64) {
        self.store = store
        at = from
    }

    /// The next block, or nil at the end of the log. Leaves without a seal at the end are not given.
    package mutating func next() throws -> Block? {
        var leaves: [[UInt8]] = []
        while true {
            if used == buffer.count {
                buffer = try store.leaves(from: at, count: 4_096)
                used = 0
                if buffer.isEmpty { return nil }
                at += UInt64(buffer.count)
            }
            let leaf = buffer[used]
            used += 1
            leaves.append(leaf)
            if leaf.starts(with: "linlian/seal/v1\n".utf8) {
                return Block(leaves: leaves, seal: try Seal(parsing: leaf))
            }
        }
    }
}
