import ContractKit
import Finality
import LedgerCore
import LedgerSamples
import MerkleLog
import Primitives
import Testing

@Suite("A run of others' blocks")
struct RunTests {
    /// A disk that can be full.
    private final class Disk: BlockLog, @unchecked Sendable {
        // One test runs on one thread.
        var heights: [UInt64] = []
        var final: UInt64 = 0
        var writes = 0
        var isFull = false

        func append(_ block: ExecutedBlock, checkpoint: [UInt8], isFinal: Bool) { heights.append(block.seal.height) }

        func append(_ run: [(block: ExecutedBlock, checkpoint: [UInt8])], finalBy head: [UInt8]?) throws {
            if isFull { throw Full() }
            writes += 1
            heights += run.map(\.block.seal.height)
            if head != nil, let last = run.last { final = last.block.seal.height }
        }

        func finalize(height: UInt64, checkpoint: [UInt8]) { final = height }
        func rollBack(above height: UInt64, size: UInt64) { heights.removeAll { $0 > height } }
        func recordSigned(size: UInt64, root: Digest) {}
        struct Full: Error {}
    }

    private let network: SampleNetwork
    private let disk = Disk()

    init() throws {
        var network = try SampleNetwork()
        try network.grow(10, cosigned: 5)
        try network.rotate(["anna"])
        try network.welcome(8)
        try network.grow(4, cosigned: 2)
        self.network = network
    }

    /// A replica with the founding alone. `signed` is what its party has signed.
    private func replica(signed: Point? = nil) throws -> Replica {
        var machine = LedgerMachine(origin: SampleSigner.origin, catalog: SampleNetwork.catalog)
        let founding = try foreign(0)
        let block = machine.execute(founding.transactions, at: founding.seal)
        machine.commit(block)
        disk.heights = [0]
        var replica = Replica(
            machine: machine, keys: CosignerKeys(try SampleNetwork.signer("dora")), log: disk, signed: signed,
            isCosigned: true)
        try replica.rollBack(catchingUp: true)
        return replica
    }

    private func foreign(_ height: Int, forged: Bool = false) throws -> ForeignBlock {
        let block = network.blocks[height]
        var transactions: [Transaction] = []
        var leaves = block.leaves
        for (place, leaf) in block.leaves.enumerated() where leaf.starts(with: TransactionText.firstLine) {
            let bytes = forged ? Self.forged(leaf) : leaf
            leaves[place] = bytes
            transactions.append(try Transaction(TransactionText.parsingLeaf(bytes).0, catalog: SampleNetwork.catalog))
        }
        return ForeignBlock(
            seal: block.seal, leaves: leaves, transactions: transactions, unchecked: Set(transactions.map(\.id)))
    }

    /// The leaf with another signature of the right form.
    private static func forged(_ leaf: [UInt8]) -> [UInt8] {
        var words = String(decoding: leaf, as: UTF8.self).split(separator: " ", maxSplits: 2).map(String.init)
        words[2] = (words[2].hasPrefix("A") ? "B" : "A") + words[2].dropFirst()
        return Array(words.joined(separator: " ").utf8)
    }

    private func run(_ heights: ClosedRange<Int>) throws -> [ForeignBlock] { try heights.map { try foreign($0) } }

    private func head(_ height: UInt64) throws -> SignedCheckpoint {
        try SignedCheckpoint(parsing: try #require(network.checkpoints[height]))
    }

    private func adopt(
        _ replica: inout Replica, _ heights: ClosedRange<Int>, by head: UInt64? = nil
    ) throws -> Replica.Adoption {
        try replica.adopt(
            try run(heights), by: try head.map { try self.head($0) }, isEnd: false, at: SampleSigner.start)
    }

    /// The replica is at the block at `height`, in memory and on disk.
    private func expect(_ replica: Replica, at height: Int, _ comment: Comment) {
        let block = network.blocks[height]
        let machine = replica.machine
        #expect(machine.lastSeal == block.seal && machine.log.root() == block.root, comment)
        #expect(machine.stateTree.root == block.seal.state, comment)
        let count = network.blocks[...height].reduce(0) { $0 + $1.transactions.count }
        #expect(machine.transactions.count == count, comment)
        #expect(disk.heights == (0...height).map { UInt64($0) }, comment)
    }

    @Test("is stored in one write, and final by its checkpoint")
    func taken() throws {
        var replica = try replica()
        guard case .taken(let events) = try adopt(&replica, 1...5, by: 5), case .final(let blocks, _)? = events.first
        else {
            Issue.record("not taken")
            return
        }
        #expect(blocks.map(\.seal.height) == [1, 2, 3, 4, 5] && disk.writes == 1 && disk.final == 5)
        expect(replica, at: 5, "taken")
        // A node that still catches up says and signs nothing.
        #expect(events.count == 1, "\(events)")
        guard case .taken(let open) = try adopt(&replica, 6...8), open.isEmpty else {
            Issue.record("not stored")
            return
        }
        #expect(disk.final == 5 && disk.writes == 2 && replica.openBlocks == 3)
        guard case .taken(let rest) = try adopt(&replica, 9...10, by: 10), case .final(let all, _)? = rest.first else {
            Issue.record("not final")
            return
        }
        #expect(all.map(\.seal.height) == [6, 7, 8, 9, 10] && disk.final == 10 && replica.openBlocks == 0)
    }

    @Test("that the disk does not take leaves the machine where it was, and is taken when there is space")
    func full() throws {
        var replica = try replica()
        _ = try adopt(&replica, 1...5, by: 5)
        disk.isFull = true
        #expect(throws: BlockNotStored.self) { try adopt(&replica, 6...10, by: 10) }
        expect(replica, at: 5, "the disk was full")
        disk.isFull = false
        guard case .taken = try adopt(&replica, 6...10, by: 10) else {
            Issue.record("not taken")
            return
        }
        expect(replica, at: 10, "there is space again")
    }

    @Test("ends where the parties change, which is final by the old parties' word only")
    func barrier() throws {
        var replica = try replica()
        guard case .barrier(10) = try adopt(&replica, 1...13, by: 13), case .barrier(10) = try adopt(&replica, 1...11)
        else {
            Issue.record("no barrier")
            return
        }
        expect(replica, at: 0, "nothing was taken")
        guard case .taken = try adopt(&replica, 1...11, by: 11), case .taken = try adopt(&replica, 12...13, by: 13)
        else {
            Issue.record("not taken")
            return
        }
        expect(replica, at: 13, "over the change")
        #expect(replica.finalNetwork == replica.machine.network)
    }

    @Test("with a lie leaves nothing behind")
    func lies() throws {
        var replica = try replica()
        _ = try adopt(&replica, 1...5, by: 5)
        func refused(_ run: [ForeignBlock], by head: SignedCheckpoint?) throws -> String {
            defer { expect(replica, at: 5, "refused") }
            return "\(try replica.adopt(run, by: head, isEnd: true, at: SampleSigner.start))"
        }
        #expect(try refused(try run(6...10), by: try head(5)) == "notCosigned")
        #expect(try refused(run(6...9), by: head(10)) == "notCosigned")
        #expect(try refused([], by: head(5)) == "notCosigned")
        let alone = try SignedCheckpoint(network.blocks[10].checkpoint)
        #expect(try refused(run(6...10), by: alone) == "notCosigned")
        #expect(try refused(run(7...10), by: head(10)) == "otherLeaves")
        var blocks = try run(6...10)
        blocks.swapAt(1, 2)
        #expect(try refused(blocks, by: head(10)) == "otherLeaves")
        // A signature that nobody checked before: its key was not known.
        blocks = try run(6...10)
        blocks[3] = try foreign(9, forged: true)
        #expect(try refused(blocks, by: head(10)) == "otherLeaves")
    }

    @Test("that a key signs which another block of the run opens")
    func newKey() throws {
        var replica = try replica()
        _ = try adopt(&replica, 1...11, by: 11)
        guard
            case .otherLeaves = try replica.adopt(
                [try foreign(12), try foreign(13, forged: true)], by: nil, isEnd: false, at: SampleSigner.start)
        else {
            Issue.record("a forged signature of a new key was taken")
            return
        }
        expect(replica, at: 11, "forged")
        guard case .taken = try adopt(&replica, 12...13, by: 13) else {
            Issue.record("not taken")
            return
        }
    }

    @Test("that is not what this party has signed is not taken, and the node stays stopped", arguments: [false, true])
    func contradiction(isInside: Bool) throws {
        let block = network.blocks[7]
        // Of the same size, or where no block ends.
        let signed = Point(size: block.size - (isInside ? 1 : 0), root: CryptoSHA256.hash([1]))
        var replica = try replica(signed: signed)
        _ = try adopt(&replica, 1...6)
        guard case .taken(let events) = try adopt(&replica, 7...10, by: 10),
            case .contradiction(let found)? = events.first
        else {
            Issue.record("no contradiction")
            return
        }
        #expect(found == signed)
        #expect(disk.final == 0 && replica.machine.lastSeal?.height == 6)
    }
}

extension ExecutedBlock {
    /// The text of the log after it, which nobody has signed.
    fileprivate var checkpoint: Checkpoint {
        get throws {
            try #require(Checkpoint(origin: UTF8Text(SampleSigner.origin), size: size, root: root))
        }
    }
}

extension LedgerMachine {
    fileprivate mutating func execute(_ transactions: [Transaction], at seal: Seal) -> ExecutedBlock {
        execute(
            transactions, at: seal.time, position: seal.position, proposer: seal.proposer, clock: seal.clock)
    }
}
