import ContractKit
package import LedgerCore
import MerkleLog
import Primitives

/// A ledger that several parties keep, as far as all of them have it: blocks, cosigned checkpoints, and what a node of it
/// answers to a node that was away.
package struct SampleNetwork: Sendable {
    /// The parties.
    package static let parties = ["anna", "bela", "cora", "dora"]
    /// The rules.
    package static let catalog = CommandCatalog([BoardContract.self, NetworkContract.self])

    /// All blocks.
    package private(set) var blocks: [ExecutedBlock] = []
    /// The checkpoints that a quorum has cosigned, by the height of their last block.
    package private(set) var checkpoints: [UInt64: [UInt8]] = [:]
    /// The ledger after the last block.
    package private(set) var machine = LedgerMachine(origin: SampleSigner.origin, catalog: SampleNetwork.catalog)
    private var leaves: [[UInt8]] = []
    private var samples = SampleSigner()
    private var rotated: Set<String> = []
    private let resident: SigningKey
    private let clerk: SigningKey
    private var notes = 0

    /// A ledger with its founding: block 0 opens two keys and names the parties.
    package init() throws {
        resident = try SampleSigner.key(1)
        clerk = try SampleSigner.key(3)
        let texts = [
            try samples.join(resident), try samples.join(clerk, party: "office"),
            try arrange(try Self.network()),
        ]
        try add(texts, cosignedBy: try Self.network())
    }

    /// The keys of a party's node by the names of their files. `cosigner-next` is what it signs with after `rotate`.
    package static func keys(of party: String) throws -> [(name: String, key: SigningKey)] {
        let number = 100 + (parties.firstIndex(of: party) ?? 0)
        return [
            ("log", try SampleSigner.key(99)), ("cosigner", try SampleSigner.key(number)),
            ("cosigner-next", try SampleSigner.key(number + 100)),
        ]
    }

    /// What a party's node signs with, before or after `rotate`.
    package static func signer(_ party: String, isNext: Bool = false) throws -> NodeSigner {
        let keys = try keys(of: party).map(\.key)
        guard case .edDSA(let log) = keys[0], case .edDSA(let cosigner) = keys[isNext ? 2 : 1],
            let signer = NodeSigner(
                origin: SampleSigner.origin, party: party, logKey: log, cosignerKey: cosigner)
        else { throw SampleSigner.SampleError() }
        return signer
    }

    private static func network(rotated: Set<String> = []) throws -> NetworkRow {
        NetworkRow(
            members: try parties.map {
                .init(party: $0, cosigner: try signer($0, isNext: rotated.contains($0)).cosignerVerifier.text)
            }, groups: [.init(name: "parties", needed: 3, members: parties)])
    }

    // MARK: Growing

    /// Adds blocks with `notes` notes each. Every `cosigned`th has a checkpoint of its own, and the last.
    package mutating func grow(_ count: Int, notes: Int = 1, cosigned: Int = 8) throws {
        for number in 1...count {
            let texts = try (0..<notes).map { _ in try note() }
            let isCosigned = number == count || number.isMultiple(of: cosigned)
            try add(texts, cosignedBy: isCosigned ? try Self.network(rotated: rotated) : nil)
        }
    }

    /// A block in which somebody introduces a key, and the next one in which that key signs.
    package mutating func welcome(_ number: Int) throws {
        let key = try SampleSigner.key(number)
        try add([try samples.join(key)], cosignedBy: nil)
        try add(
            [try samples.sign(Post(id: "k\(number)", title: "new here"), by: [key], notAfter: later)],
            cosignedBy: try Self.network(rotated: rotated))
    }

    /// A block in which some parties get their next key. It is final under the rule before it.
    package mutating func rotate(_ parties: [String]) throws {
        let before = try Self.network(rotated: rotated)
        let old = rotated
        rotated.formUnion(parties)
        try add([try arrange(try Self.network(rotated: rotated))], cosignedBy: before, rotated: old)
    }

    private var later: Instant { SampleSigner.start.advanced(byMilliseconds: 23 * Instant.hour) }

    private mutating func note() throws -> TransactionText {
        notes += 1
        return try samples.sign(Post(id: "n\(notes)", title: "note"), by: [resident], notAfter: later)
    }

    private mutating func arrange(_ row: NetworkRow) throws -> TransactionText {
        try samples.sign(NetworkContract.Arrange(row: row), as: .party("office"), by: [clerk], notAfter: later)
    }

    private mutating func add(
        _ texts: [TransactionText], cosignedBy network: NetworkRow?, rotated old: Set<String>? = nil
    ) throws {
        let batch = try texts.map { (text) throws in try Transaction(text, catalog: Self.catalog) }
        let clock = SampleSigner.start.advanced(byMilliseconds: Int64(blocks.count) * 1_000)
        guard
            let block = machine.execute(
                SortedBatch(
                    proposer: Self.parties[blocks.count % Self.parties.count], clock: clock, transactions: batch,
                    isEmpty: false),
                position: UInt64(blocks.count))
        else { throw SampleSigner.SampleError() }
        machine.commit(block)
        blocks.append(block)
        leaves += block.leaves
        guard let network else { return }
        checkpoints[block.seal.height] = try checkpoint(of: block, network, rotated: old ?? rotated)
    }

    private func checkpoint(
        of block: ExecutedBlock, _ network: NetworkRow, rotated: Set<String>
    ) throws -> [UInt8] {
        var head = try Self.signer("anna").logCheckpoint(size: block.size, root: block.root)
        // Three of four are a quorum.
        for member in network.members.prefix(3) {
            let signer = try Self.signer(member.party, isNext: rotated.contains(member.party))
            head.add(try signer.cosign(head, at: block.seal.time))
        }
        return head.bytes
    }

    // MARK: Giving it out

    /// Writes the first so many blocks into a node's log; the last of them must have a cosigned checkpoint.
    package func write(_ count: Int, to log: any BlockLog) throws {
        for block in blocks.prefix(count) {
            guard let text = Checkpoint(origin: UTF8Text(machine.origin), size: block.size, root: block.root)?.text
            else { throw SampleSigner.SampleError() }
            try log.append(block, checkpoint: checkpoints[block.seal.height] ?? text, isFinal: true)
        }
    }

    private func checkpoint(from height: UInt64) -> [UInt8]? {
        checkpoints.keys.filter { $0 >= height }.min().flatMap { checkpoints[$0] }
    }

    /// What a node answers at the paths of its public log.
    package var answers: [String: [UInt8]] { answers(upTo: blocks.count) }

    /// What it answers while only the first `count` blocks are final; the last of them must have a cosigned checkpoint.
    package func answers(upTo count: Int) -> [String: [UInt8]] {
        var answers: [String: [UInt8]] = [:]
        let blocks = blocks.prefix(count)
        let leaves = blocks.flatMap(\.leaves)
        for start in stride(from: 0, to: leaves.count, by: Tiles.width) {
            let part = Array(leaves[start..<min(start + Tiles.width, leaves.count)])
            let path = TilePath.entries(index: UInt64(start / Tiles.width), width: part.count).text
            answers["/" + path] = EntryBundle.encode(part)
        }
        answers["/checkpoint"] = checkpoint(from: UInt64(blocks.count - 1))
        for block in blocks {
            answers["/api/v1/blocks/\(block.seal.height)/checkpoint"] = checkpoint(from: block.seal.height)
        }
        return answers
    }
}
