import ContractKit
package import LedgerCore
import MerkleLog
package import Primitives

/// Checks a whole ledger alone and offline: every signature, every rule replayed, every seal, the state roots and the
/// log's root. It shares the rules with the node and nothing else.
package struct LedgerAudit: Sendable {
    /// What was checked.
    package struct Report: Sendable {
        /// Number of leaves.
        package var leaves: UInt64 = 0
        /// Number of transactions.
        package var transactions = 0
        /// Number of signatures.
        package var signatures = 0
        /// Number of blocks.
        package var blocks: UInt64 = 0
        /// Number of keys in the state at the end.
        package var stateKeys = 0
        /// The log's root.
        package var root = Digest.zero
        /// The state root.
        package var stateRoot = Digest.zero
    }

    /// What is looked at after each block, beside the log itself: tiles, checkpoints, snapshots of the state.
    package struct Observer {
        /// Called after each replayed block with the machine as it then is.
        package var afterBlock: (_ block: ExecutedBlock, _ machine: LedgerMachine) throws -> Void = { _, _ in }
        /// Called now and then with the number of leaves done.
        package var progress: (_ done: UInt64) -> Void = { _ in }

        /// An observer that does nothing.
        package init() {}
    }

    private let catalog: CommandCatalog
    private let origin: String
    private let keys = KeyBook()
    private let workers: Int

    /// Leaves in one run: enough for the hand-over to cost nothing beside the signatures.
    private static let run = 1_024

    /// An audit of the ledger `origin`; `workers` runs of leaves are checked at the same time.
    package init(origin: String, catalog: CommandCatalog, workers: Int) {
        self.origin = origin
        self.catalog = catalog
        self.workers = max(1, workers)
    }

    private struct Run: Sendable {
        let first: UInt64
        let leaves: [[UInt8]]
        let transactions: [Transaction?]
    }

    /// Checks `size` leaves of `source`, which must end with a seal.
    package func run(_ source: any LeafSource, size: UInt64, observer: Observer = Observer()) async throws -> Report {
        var report = Report()
        var machine = LedgerMachine(origin: origin, catalog: catalog)
        var block = OpenBlock()
        var next: UInt64 = 0
        try await withThrowingTaskGroup(of: Run.self) { group in
            var finished: [UInt64: Run] = [:]
            var wanted: UInt64 = 0
            while wanted < size {
                while next < size, next - wanted < UInt64((workers + 2) * LedgerAudit.run) {
                    next = try start(&group, source, from: next, size: size)
                }
                guard let run = try await group.next() else { break }
                finished[run.first] = run
                while let ready = finished.removeValue(forKey: wanted) {
                    try replay(ready, &machine, &block, &report, observer)
                    wanted += UInt64(ready.leaves.count)
                    observer.progress(wanted)
                }
            }
        }
        guard block.leaves.isEmpty else {
            throw AuditFailure(
                at: "leaf \(size - 1)", check: "audit.seal", expected: "a seal at the end", found: "an open block")
        }
        report.leaves = size
        report.root = machine.log.root()
        report.stateKeys = machine.state.count
        report.stateRoot = machine.stateTree.root
        return report
    }

    private func start(
        _ group: inout ThrowingTaskGroup<Run, any Error>, _ source: any LeafSource, from first: UInt64, size: UInt64
    ) throws -> UInt64 {
        let count = Int(min(UInt64(LedgerAudit.run), size - first))
        let leaves = try source.leaves(from: first, count: count)
        guard leaves.count == count else {
            throw AuditFailure(
                at: "leaf \(first + UInt64(leaves.count))", check: "audit.missing", expected: "\(size) leaves",
                found: "none here")
        }
        // Keys are learned in log order, before any leaf that they may have signed is checked.
        for leaf in leaves { keys.learn(from: leaf) }
        let audit = SignatureAudit(catalog: catalog, origin: origin, keys: keys)
        group.addTask { Run(first: first, leaves: leaves, transactions: try audit.check(leaves, from: first)) }
        return first + UInt64(count)
    }

    private struct OpenBlock {
        var leaves: [[UInt8]] = []
        var transactions: [Transaction] = []
    }

    private func replay(
        _ run: Run, _ machine: inout LedgerMachine, _ block: inout OpenBlock, _ report: inout Report,
        _ observer: Observer
    ) throws {
        for (offset, leaf) in run.leaves.enumerated() {
            block.leaves.append(leaf)
            if let transaction = run.transactions[offset] {
                block.transactions.append(transaction)
                report.transactions += 1
                report.signatures += transaction.text.signatures.count
            } else if leaf.starts(with: "linlian/seal/v1\n".utf8) {
                try close(block, index: run.first + UInt64(offset), &machine, observer)
                report.blocks += 1
                block = OpenBlock()
            }
        }
    }

    private func close(
        _ block: OpenBlock, index: UInt64, _ machine: inout LedgerMachine, _ observer: Observer
    ) throws {
        let seal: Seal
        do {
            seal = try Seal(parsing: block.leaves[block.leaves.count - 1])
        } catch {
            throw AuditFailure(
                at: "leaf \(index)", check: "audit.seal", expected: "a seal", found: error.field ?? error.code)
        }
        if let last = machine.lastSeal, seal.time <= last.time {
            throw AuditFailure(
                at: "leaf \(index)", check: "audit.time", expected: "a time after \(last.time.milliseconds)",
                found: "\(seal.time.milliseconds)")
        }
        try SealTime.check(seal, before: machine)
        let executed = machine.execute(
            block.transactions, at: seal.time, position: seal.position, proposer: seal.proposer, clock: seal.clock)
        let first = executed.seal.firstEntry
        for offset in 0..<max(executed.leaves.count, block.leaves.count) {
            let expected = offset < executed.leaves.count ? executed.leaves[offset] : []
            let found = offset < block.leaves.count ? block.leaves[offset] : []
            guard expected == found else {
                throw LeafDifference.describe(expected, found, index: first + UInt64(offset))
            }
        }
        machine.commit(executed)
        try observer.afterBlock(executed, machine)
    }
}

/// Says in which line a leaf differs from what replaying gives.
enum LeafDifference {
    static func describe(_ expected: [UInt8], _ found: [UInt8], index: UInt64) -> AuditFailure {
        let left = expected.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
        let right = found.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
        let name = String(decoding: (right.first ?? left.first ?? []).prefix(32), as: UTF8.self)
        for line in 0..<max(left.count, right.count) {
            let a = line < left.count ? left[line] : []
            let b = line < right.count ? right[line] : []
            if a != b {
                return AuditFailure(
                    at: "leaf \(index) (\(name)), line \(line + 1)", check: "audit.replay", expected: text(a),
                    found: text(b))
            }
        }
        return AuditFailure(at: "leaf \(index)", check: "audit.replay", expected: "another leaf", found: name)
    }

    private static func text(_ line: ArraySlice<UInt8>) -> String {
        line.isEmpty ? "nothing" : "\"" + String(decoding: line.prefix(160), as: UTF8.self) + "\""
    }
}
