package import ContractKit
package import LedgerCore
package import Primitives

/// A ledger in memory, made block by block as a node would make it, but without ordering and storage.
package struct SampleLedger: LeafSource {
    /// The machine.
    package private(set) var machine: LedgerMachine
    /// All leaves so far.
    package private(set) var leaves: [[UInt8]] = []
    /// All blocks so far.
    package private(set) var blocks: [ExecutedBlock] = []
    /// Signs the ledger's transactions.
    package var signer: SampleSigner
    /// Time of the last block.
    package private(set) var time: Instant

    /// A resident with an Ed25519 key.
    package let resident: SigningKey
    /// A resident with a P-256 key.
    package let phone: SigningKey
    /// A clerk of the party `office`.
    package let clerk: SigningKey

    /// An empty ledger. `catalog` may be another one than the board's.
    package init(origin: String = SampleSigner.origin, catalog: CommandCatalog = SampleSigner.catalog) throws {
        machine = LedgerMachine(origin: origin, catalog: catalog)
        signer = SampleSigner(origin: origin)
        time = SampleSigner.start
        resident = try SampleSigner.key(1)
        phone = try SampleSigner.p256Key(2)
        clerk = try SampleSigner.key(3)
    }

    /// A ledger whose block 0 has opened the three keys.
    package static func founded(withPhone: Bool = true) throws -> SampleLedger {
        var ledger = try SampleLedger()
        var texts = [try ledger.signer.join(ledger.resident), try ledger.signer.join(ledger.clerk, party: "office")]
        if withPhone { texts.append(try ledger.signer.join(ledger.phone)) }
        try ledger.add(texts)
        return ledger
    }

    /// Reads texts as transactions, whose signatures are not checked.
    package func read(_ texts: [TransactionText]) throws -> [Transaction] {
        try texts.map { (text) throws in try Transaction(text, catalog: machine.catalog) }
    }

    /// Executes and commits a block, at the next second unless told.
    @discardableResult
    package mutating func add(
        _ texts: [TransactionText], at time: Instant? = nil, position: UInt64? = nil
    ) throws -> ExecutedBlock {
        let batch = try read(texts)
        self.time = time ?? self.time.advanced(byMilliseconds: 1_000)
        let block = machine.execute(
            batch, at: self.time, position: position ?? UInt64(blocks.count + 1), proposer: "office")
        machine.commit(block)
        leaves.append(contentsOf: block.leaves)
        blocks.append(block)
        return block
    }

    /// Signs a resident's command at the ledger's time.
    package mutating func text(
        _ command: some Command, by key: SigningKey? = nil, as capacity: Capacity = .resident
    ) throws -> TransactionText {
        try signer.sign(command, as: capacity, by: [key ?? resident], at: time)
    }

    /// Signs a clerk's command at the ledger's time.
    package mutating func clerkText(_ command: some Command) throws -> TransactionText {
        try signer.sign(command, as: .party("office"), by: [clerk], at: time)
    }

    /// Adds blocks that hold every kind of leaf: accepted and refused transactions of both algorithms and of two
    /// signers, due actions that succeed and fail, empty blocks; `size` blocks of four notes after them.
    package mutating func fill(blocks count: Int = 6) throws {
        let soon = time.advanced(byMilliseconds: 5_000)
        try add([
            try text(Post(id: "keep", title: "小区公告", details: [.init(remark: "三号楼")])),
            try text(Post(id: "keep", title: "again")), try text(Misbehave(id: "m", way: .spoil), by: phone),
            try clerkText(Plan(id: "good", at: soon)), try clerkText(Plan(id: "bad", kind: .fail, at: soon)),
            try signer.sign(Post(id: "two", title: "two signers"), by: [resident, phone], at: time),
        ])
        try add([])
        try add([try clerkText(Remove(id: "two"))], at: soon)
        for number in 0..<count {
            try add(
                try (0..<4).map {
                    try text(Post(id: "n\(number)-\($0)", title: "note"), by: $0 == 1 ? phone : resident)
                })
        }
    }

    package func leafCount() -> UInt64 { UInt64(leaves.count) }

    package func leaves(from first: UInt64, count: Int) -> [[UInt8]] {
        guard first < UInt64(leaves.count) else { return [] }
        return Array(leaves[Int(first)..<min(leaves.count, Int(first) + count)])
    }
}
