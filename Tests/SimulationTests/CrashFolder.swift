import ContractKit
import Foundation
import LedgerCore
import LedgerSamples
import Logging
import MerkleLog
import NodeRuntime
import Primitives
import Storage
import Testing
import Verifier

/// A node's folder of a test's own, in which nodes live and die one after the other.
final class CrashFolder {
    let directory: NodeDirectory
    /// Everything that a node has acknowledged so far, with the leaf where it said it is, once that is known.
    private(set) var acknowledged: Set<Digest> = []

    init() throws {
        directory = NodeDirectory(NSTemporaryDirectory() + "linlian-crash-" + UUID().uuidString)
        try directory.create(.init(origin: SampleSigner.origin, party: CrashScript.party))
        // Keys are made before the first crash: a folder without them is not a ledger yet.
        _ = try directory.signer()
    }

    deinit { try? FileManager.default.removeItem(atPath: directory.path) }

    /// How a process ended and what it said.
    struct Ending {
        let killed: Bool
        let ended: Bool
        let status: Int32
        let acknowledged: Int
    }

    /// Runs a node in a process of its own, which dies at the given write point.
    func run(_ run: Int, groups: Int, dieAt point: (WritePoint, Int)? = nil) throws -> Ending {
        let (lines, killed, status) = try CrashFolder.launch([directory.path, "\(run)", "\(groups)"], dieAt: point)
        let ids = lines.compactMap { Digest(hex: $0) }
        acknowledged.formUnion(ids)
        return Ending(killed: killed, ended: lines.last == "end", status: status, acknowledged: ids.count)
    }

    /// Runs `crash-node` to its end: the lines that it prints, whether it was killed, and its status.
    static func launch(_ words: [String], dieAt point: (WritePoint, Int)?) throws -> ([String], Bool, Int32) {
        let process = Process()
        process.executableURL = try CrashFolder.program()
        process.arguments = words + (point.map { [$0.0.rawValue, "\($0.1)"] } ?? [])
        let output = Pipe()
        process.standardOutput = output
        try process.run()
        let text = String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        process.waitUntilExit()
        let killed = process.terminationReason == .uncaughtSignal && process.terminationStatus == SIGKILL
        return (text.split(separator: "\n").map(String.init), killed, process.terminationStatus)
    }

    /// The program lies beside the test's own.
    private static func program() throws -> URL {
        let own = URL(filePath: try FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe"))
        let beside = own.deletingLastPathComponent().appending(path: "crash-node")
        if FileManager.default.isExecutableFile(atPath: beside.path()) { return beside }
        // Where the test is loaded by a helper of the toolchain, its bundle is among the arguments.
        for argument in CommandLine.arguments where argument.contains(".xctest") {
            let folder = URL(filePath: argument).deletingLastPathComponent()
            let found = folder.appending(path: "crash-node")
            if FileManager.default.isExecutableFile(atPath: found.path()) { return found }
        }
        return try #require(nil, "crash-node was not built")
    }

    /// Opens a node in this process and runs it while `body` works.
    @discardableResult
    func open<Result>(_ body: (Node) async throws -> Result) async throws -> Result {
        var logger = Logger(label: "simulation")
        logger.logLevel = .critical
        let node = try await Node.open(
            directory, catalog: SampleSigner.catalog, projections: [], logger: logger, clock: { SampleSigner.start })
        let running = Task { try await node.run() }
        let result: Result
        do {
            result = try await body(node)
        } catch {
            await node.shutDown()
            _ = await running.result
            throw error
        }
        await node.shutDown()
        try await running.value
        try node.close()
        return result
    }

    /// Submits the transactions of a run again, or for the first time.
    func submit(_ run: Int, groups: Int, to node: Node) async throws {
        for group in [try CrashScript.founding()] + (try CrashScript.groups(run: run, count: groups)) {
            let statuses = try await node.submit(group)
            #expect(statuses.map(\.id) == group.map(CrashScript.id))
            acknowledged.formUnion(statuses.map(\.id))
        }
    }

    /// Every acknowledged transaction is on the ledger and none is there twice, by its index, by its leaves and by its
    /// rows of ids, and an audit of the whole ledger holds.
    func check(_ node: Node, _ label: String) async throws {
        let leaves = try node.store.leaves(from: 0, count: .max)
        var places: [Digest: [UInt64]] = [:]
        for (index, leaf) in leaves.enumerated() {
            guard case .transaction(let text, _, _) = try Leaf(parsing: leaf) else { continue }
            places[CrashScript.id(text), default: []].append(UInt64(index))
        }
        for id in acknowledged {
            #expect(places[id]?.count == 1, "\(label): \(id) stands at leaves \(places[id] ?? [])")
            let status = try await node.status(of: id)
            #expect(status?.leaf == places[id]?.first, "\(label): \(id)")
        }
        #expect(places.values.allSatisfy { $0.count == 1 }, "\(label): a transaction stands twice")
        #expect(node.transactions.count == places.count, "\(label): the index holds other ids than the leaves")
        var stored: [Digest: UInt64] = [:]
        try node.store.transactionIDs { for entry in $0 { stored[entry.id] = entry.leaf } }
        #expect(stored == places.compactMapValues(\.first), "\(label): rows of ids")

        let report = try await LedgerAudit(origin: node.origin, catalog: node.catalog, workers: 2)
            .run(node.store, size: UInt64(leaves.count))
        #expect(report.stateRoot == node.stateTree.root, "\(label): state")
        #expect(report.stateKeys == node.state.count, "\(label): state")
        #expect(report.transactions == places.count, "\(label)")
        if let last = try node.store.lastBlock() {
            let head = try SignedCheckpoint(parsing: last.checkpoint).checkpoint
            #expect(head.root == report.root && head.size == UInt64(leaves.count), "\(label): checkpoint")
        }
        var tree = MerkleTree<CryptoSHA256>()
        for leaf in leaves { tree.append(CryptoSHA256.leafHash(leaf)) }
        var tiles: [CompletedTile] = []
        try node.store.tiles { tiles.append(CompletedTile(coordinate: $0, bytes: $1)) }
        #expect(Set(tiles) == Set(tree.takeCompletedTiles()), "\(label): tiles")
    }
}
