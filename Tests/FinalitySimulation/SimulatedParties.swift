import ContractKit
import enum Crypto.Curve25519
import Finality
import LedgerCore
import LedgerSamples
import MerkleLog
import Ordering
import Primitives

/// The parties of simulated ledgers, their keys, and transactions that are signed once for all schedules.
struct SimulatedParties: Sendable {
    static let names = ["anna", "bela", "cora", "dora"]
    static let catalog = CommandCatalog([BoardContract.self, NetworkContract.self])
    static let origin = SampleSigner.origin

    let signers: [String: NodeSigner]
    /// What the parties sign with once their keys have changed.
    let nextSigners: [String: NodeSigner]
    /// Block 0: opens keys and names the first network.
    let founding: [Transaction]
    /// Notes, each of them valid once.
    let notes: [Transaction]
    /// Changes of the network: removes the last party, and takes it in again.
    let changes: [Transaction]
    /// Other changes: one party after another gets its next key.
    let rotations: [Transaction]
    let network: NetworkRow

    static let shared: SimulatedParties? = try? SimulatedParties()

    private init() throws {
        let logKey = Curve25519.Signing.PrivateKey()
        func made() -> [String: NodeSigner] {
            Dictionary(
                uniqueKeysWithValues: Self.names.compactMap { name in
                    NodeSigner(
                        origin: Self.origin, party: name, logKey: logKey,
                        cosignerKey: Curve25519.Signing.PrivateKey()
                    ).map { (name, $0) }
                })
        }
        let signers = made()
        let nextSigners = made()
        self.signers = signers
        self.nextSigners = nextSigners
        func row(_ names: [String], rotated: Int = 0) -> NetworkRow {
            NetworkRow(
                members: names.enumerated().compactMap { place, name in
                    (place < rotated ? nextSigners : signers)[name].map {
                        .init(party: name, cosigner: $0.cosignerVerifier.text)
                    }
                }, groups: [.init(name: "parties", needed: Int64(names.count / 2 + 1), members: names)])
        }
        network = row(Self.names)
        var samples = SampleSigner()
        let clerk = try SampleSigner.key(3)
        let resident = try SampleSigner.key(1)
        let later = SampleSigner.start.advanced(byMilliseconds: 23 * Instant.hour)
        func read(_ text: TransactionText) throws -> Transaction { try Transaction(text, catalog: Self.catalog) }
        func arrange(_ row: NetworkRow) throws -> Transaction {
            try read(
                samples.sign(
                    NetworkContract.Arrange(row: row), as: .party("office"), by: [clerk], notAfter: later))
        }
        founding = [
            try read(samples.join(resident)), try read(samples.join(clerk, party: "office")), try arrange(network),
        ]
        notes = try (0..<24).map {
            try read(samples.sign(Post(id: "n\($0)", title: "note"), by: [resident], notAfter: later))
        }
        changes = [try arrange(row(Array(Self.names.dropLast()))), try arrange(network)]
        rotations = try (1...Self.names.count).map { try arrange(row(Self.names, rotated: $0)) }
        let all = founding + notes + changes + rotations
        byID = Dictionary(uniqueKeysWithValues: all.map { ($0.id, $0) })
        byText = Dictionary(uniqueKeysWithValues: all.map { ($0.text.bytes, $0) })
    }

    /// Every transaction by its id, as nodes that start again read them from their disks.
    let byID: [Digest: Transaction]
    /// The same by its text, as others' batches bring it.
    let byText: [[UInt8]: Transaction]
}

/// Statements whose signatures were checked by a network: what one node finds, all nodes find.
final class CheckedStatements: @unchecked Sendable {
    private struct Place: Hashable {
        let place: Int
        let network: NetworkRow
    }

    // One schedule runs on one thread.
    private var known: [Place: CheckedStatement] = [:]

    /// The statement at a place of the engine; nil where its party did not sign it, or is none.
    func check(_ statement: Statement, at place: Int, network: NetworkRow) -> CheckedStatement? {
        let name = Place(place: place, network: network)
        if let found = known[name] { return found }
        let checked = CheckedStatement(statement, origin: SimulatedParties.origin, network: network)
        if let checked { known[name] = checked }
        return checked
    }
}

/// A node's disk.
final class MemoryLog: BlockLog, @unchecked Sendable {
    // One schedule runs on one thread.
    var blocks: [ExecutedBlock] = []
    var finalHeight: UInt64 = 0
    /// The cosigned checkpoints, by the height of their last block.
    var checkpoints: [UInt64: [UInt8]] = [:]
    var signed: (size: UInt64, root: Digest)?
    var former = FormerKeys()
    /// The engine's order that the blocks come from, and where it began.
    var order = OrderName.first
    var start: OrderStart?
    /// The next block cannot be written, and the one after it can.
    var isFull = false

    func append(_ block: ExecutedBlock, checkpoint: [UInt8], isFinal: Bool) throws {
        try fail()
        blocks.append(block)
    }

    func append(_ run: [(block: ExecutedBlock, checkpoint: [UInt8])], finalBy head: [UInt8]?) throws {
        try fail()
        blocks += run.map(\.block)
        if let head, let last = run.last { finalize(height: last.block.seal.height, checkpoint: head) }
    }

    private func fail() throws {
        if isFull {
            isFull = false
            throw SimulationError("the disk is full")
        }
    }

    func finalize(height: UInt64, checkpoint: [UInt8]) {
        finalHeight = height
        checkpoints[height] = checkpoint
    }

    func rollBack(above height: UInt64, size: UInt64) { blocks.removeAll { $0.seal.height > height } }

    func recordSigned(size: UInt64, root: Digest) { signed = (size, root) }

    func copy() -> MemoryLog {
        let copy = MemoryLog()
        (copy.blocks, copy.finalHeight, copy.checkpoints, copy.signed) = (blocks, finalHeight, checkpoints, signed)
        (copy.former, copy.order, copy.start) = (former, order, start)
        return copy
    }
}
