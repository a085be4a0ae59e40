import ContractKit
import Foundation
import GRDB
import LedgerCore
import LedgerSamples
import MerkleLog
import NodeRuntime
import Primitives
import Storage
import Verifier

/// A ledger with every kind of leaf, stored as a node would store it, with its snapshot some blocks behind. It may be
/// damaged; each test has one of its own.
final class StoredLedger {
    let directory: NodeDirectory
    let ledger: SampleLedger
    let signer: NodeSigner

    /// Stores a ledger of more than `leaves` leaves.
    init(leaves: Int) throws {
        directory = NodeDirectory(NSTemporaryDirectory() + "linlian-verifier-" + UUID().uuidString)
        try directory.create(.init(origin: SampleSigner.origin, party: "office"))
        signer = try directory.signer()
        var ledger = try SampleLedger.founded()
        try ledger.fill(blocks: 3)
        while ledger.leaves.count < leaves {
            try ledger.add([try ledger.text(Post(id: "x\(ledger.leaves.count)", title: "t"))])
        }
        self.ledger = ledger
        let store = try LedgerStore(path: directory.ledgerFile)
        let snapshots = try SnapshotStore(path: directory.stateFile)
        for block in ledger.blocks {
            try store.append(
                block,
                checkpoint: try signer.checkpoint(size: block.size, root: block.root, at: block.seal.time).bytes)
            guard block.seal.height + 4 < UInt64(ledger.blocks.count) else { continue }
            try snapshots.append(
                block.changes.map { ($0.key, $0.value) }, height: block.seal.height, live: 10_000,
                all: ledger.machine.state)
        }
        try store.close()
        try snapshots.close()
    }

    deinit { try? FileManager.default.removeItem(atPath: directory.path) }

    /// Changes the files behind the node's back.
    func damage(_ sql: String, _ bytes: [UInt8]? = nil, in file: KeyPath<NodeDirectory, String> = \.ledgerFile) throws {
        let queue = try DatabaseQueue(path: directory[keyPath: file])
        try queue.write { database in
            try database.execute(sql: sql, arguments: bytes.map { [Data($0)] } ?? [])
            guard database.changesCount > 0 else { throw Undamaged() }
        }
        try queue.close()
    }

    /// The damage did not hit anything.
    struct Undamaged: Error {}

    /// Changes a leaf.
    func replaceLeaf(_ index: UInt64, by bytes: [UInt8]) throws {
        try damage("UPDATE leaf SET data = ? WHERE idx = \(index)", bytes)
    }

    /// Runs the library's audit over the stored log.
    func audit() async throws -> LedgerAudit.Report {
        let store = try LedgerStore(path: directory.ledgerFile)
        defer { try? store.close() }
        return try await LedgerAudit(origin: SampleSigner.origin, catalog: SampleSigner.catalog, workers: 2)
            .run(store, size: try store.leafCount())
    }

    /// What the audit finds; nil if all holds and the log's root is the ledger's.
    func finding() async throws -> AuditFailure? {
        do {
            let report = try await audit()
            guard report.root != ledger.machine.log.root() else { return nil }
            return AuditFailure(at: "checkpoint", check: "root", expected: "", found: report.root.hex)
        } catch let failure as AuditFailure {
            return failure
        }
    }

    /// Loads the ledger as a node would at its start.
    func load() async throws -> LedgerMachine {
        let store = try LedgerStore(path: directory.ledgerFile)
        let snapshots = try SnapshotStore(path: directory.stateFile)
        defer {
            try? store.close()
            try? snapshots.close()
        }
        return try await LedgerLoader(
            origin: SampleSigner.origin, catalog: SampleSigner.catalog, store: store, snapshots: snapshots,
            signer: signer
        ).load()
    }

    /// The code with which loading is refused; nil if it is not.
    func refusal() async throws -> String? {
        do {
            _ = try await load()
            return nil
        } catch let error as NodeError {
            return error.code
        }
    }

    /// Index of the first leaf that `isWanted` likes.
    func index(from first: Int = 0, where isWanted: (Leaf) -> Bool) throws -> UInt64 {
        for (index, leaf) in ledger.leaves.enumerated().dropFirst(first) where isWanted(try Leaf(parsing: leaf)) {
            return UInt64(index)
        }
        throw Undamaged()
    }
}

extension [UInt8] {
    /// A copy with one bit of the byte at `offset` changed.
    func flipped(at offset: Int) -> [UInt8] {
        var bytes = self
        bytes[offset] ^= 1
        return bytes
    }

    /// Where each line ends: the offset of its newline.
    var lineEnds: [Int] { indices.filter { self[$0] == UInt8(ascii: "\n") } }
}
