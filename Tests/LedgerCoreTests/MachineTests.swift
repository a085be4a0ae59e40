import ContractKit
import LedgerCore
import LedgerSamples
import MerkleLog
import Primitives
import Testing

@Suite("The ledger machine")
struct MachineTests {
    private func outcomes(_ block: ExecutedBlock) -> [String] { block.transactions.map(\.outcome.line) }

    private func events(_ leaf: [UInt8]) throws -> String {
        switch try Leaf(parsing: leaf) {
        case .transaction(_, _, let events), .due(_, _, let events): String(decoding: events, as: UTF8.self)
        case .seal: ""
        }
    }

    @Test("The same batches give the same leaves and roots, in the machine and from its leaves alone")
    func determinism() throws {
        var first = try SampleLedger.founded(withPhone: false)
        var second = try SampleLedger.founded(withPhone: false)
        for number in 0..<40 {
            // Many rows in one block: the order in which a dictionary gives them must not matter.
            let texts = try (0..<30).map { place in
                try first.signer.sign(Post(id: "n\(number)-\(place)", title: "t"), by: [first.resident])
            }
            try first.add(texts)
            try second.add(texts)
        }
        #expect(first.leaves == second.leaves)
        #expect(first.machine.stateTree.root == second.machine.stateTree.root)
        #expect(first.machine.log.root() == second.machine.log.root())
        var tree = MerkleTree<CryptoSHA256>()
        for leaf in first.leaves { tree.append(CryptoSHA256.leafHash(leaf)) }
        #expect(tree.root() == first.machine.log.root())
        #expect(tree.size == first.machine.log.size)
    }

    @Test("The state's root is that of its rows, however they came to be")
    func stateRoot() async throws {
        var ledger = try SampleLedger.founded()
        try ledger.fill()
        var rows: [StateChange] = []
        ledger.machine.state.forEach { rows.append((Array($0), Array($1))) }
        #expect(rows.count == ledger.machine.state.count)
        for _ in 0..<3 {
            rows.shuffle()
            let loaded = LedgerMachine(
                origin: ledger.machine.origin, catalog: ledger.machine.catalog, restored: await .from(rows),
                log: ledger.machine.log, lastSeal: ledger.machine.lastSeal)
            #expect(loaded.stateTree.root == ledger.machine.stateTree.root)
            #expect(loaded.nextDue == ledger.machine.nextDue)
        }
        // A snapshot file holds older rows of a key before the newer ones, and rows that remove a key.
        let older = rows.map { (key: $0.key, value: Optional(Array("older".utf8))) }
        let gone: [StateChange] = [([1], [1]), ([1], nil)]
        let layered = await RestoredState.from(gone + older + rows)
        #expect(layered.tree.root == ledger.machine.stateTree.root)
        #expect(layered.state.count == rows.count)
        for row in rows {
            let proof = ledger.machine.stateTree.prove(row.key)
            try proof.verify(
                keyHash: CryptoSHA256.hash(row.key), valueHash: CryptoSHA256.hash(row.value ?? []),
                root: ledger.machine.stateTree.root, using: CryptoSHA256.self)
        }
    }

    @Test("A transaction that fails leaves no trace but its leaf", arguments: [Misbehave.Way.spoil, .flood])
    func failure(way: Misbehave.Way) throws {
        var ledger = try SampleLedger.founded()
        try ledger.add([try ledger.text(Post(id: "keep", title: "mine"))])
        let root = ledger.machine.stateTree.root
        let block = try ledger.add([try ledger.text(Misbehave(id: "keep", way: way))])
        #expect(outcomes(block) == ["rejected \(way == .spoil ? "board.spoiled" : "transaction.eventsTooLarge")"])
        #expect(try events(block.leaves[0]) == "[]")
        #expect(
            block.changes.allSatisfy { change in
                change.value == nil || ledger.machine.state.read(change.key) == change.value
            })
        #expect(ledger.machine.stateTree.root == root)
        #expect(block.seal.state == root)
        #expect(ledger.machine.nextDue == nil)
        let kept = try BoardContract.notes.find("keep", in: ledger.machine.state)
        #expect(kept?.title == "mine")
        #expect(!BoardContract.notes.contains("fresh-keep", in: ledger.machine.state))
        // It was executed, so its id is used up; what comes after it in the block sees none of it.
        let next = try ledger.add([
            try ledger.text(Misbehave(id: "x", way: way)), try ledger.text(Post(id: "fresh-x", title: "free")),
            try ledger.text(Post(id: "keep", title: "again")),
        ])
        #expect(outcomes(next).dropFirst() == ["accepted", "rejected board.known"])
        #expect(next.leaves.allSatisfy { $0.count <= Leaf.largest })
    }

    @Test("An id is executed once: twice in a block, in later blocks, and after loading")
    func replay() async throws {
        var ledger = try SampleLedger.founded()
        let one = try ledger.text(Post(id: "one", title: "t"))
        let two = try ledger.text(Misbehave(id: "two", way: .spoil))
        let first = try ledger.add([one, one, two, one, two])
        #expect(first.transactions.count == 2)
        #expect(first.seal.entryCount == 2)
        #expect(first.leaves.count == 3)
        let second = try ledger.add([two, one])
        #expect(second.transactions.isEmpty)
        #expect(second.leaves.count == 1)
        #expect(second.seal.state == first.seal.state)

        var rows: [StateChange] = []
        ledger.machine.state.forEach { rows.append((Array($0), Array($1))) }
        var loaded = LedgerMachine(
            origin: ledger.machine.origin, catalog: ledger.machine.catalog, restored: await .from(rows),
            log: ledger.machine.log, lastSeal: ledger.machine.lastSeal)
        loaded.remember(ledger.blocks.flatMap { $0.transactions.map { ($0.id, $0.leaf) } })
        let third = loaded.execute(
            try ledger.read([one, two]), at: ledger.time.advanced(byMilliseconds: 5), position: 9, proposer: "office")
        #expect(third.transactions.isEmpty)
        // One payload signed by other keys is the same transaction.
        let other = TransactionText(signatures: [try ledger.phone.sign(payload: one.payload)], payload: one.payload)
        #expect(try ledger.add([other]).transactions.isEmpty)
    }

    @Test("Block time lets a transaction in up to its notAfter, and refuses one more than a day ahead")
    func window() throws {
        var ledger = try SampleLedger.founded()
        let time = ledger.time.advanced(byMilliseconds: 10_000)
        let end = time
        func text(_ id: String, _ notAfter: Instant) throws -> TransactionText {
            try ledger.signer.sign(Post(id: id, title: "t"), by: [ledger.resident], notAfter: notAfter)
        }
        let block = try ledger.add(
            [
                try text("a", end), try text("b", end.advanced(byMilliseconds: -1)),
                try text("c", end.advanced(byMilliseconds: Instant.day)),
                try text("d", end.advanced(byMilliseconds: Instant.day + 1)),
            ], at: time)
        #expect(
            outcomes(block) == [
                "accepted", "rejected transaction.expired", "accepted", "rejected transaction.notAfterTooLate",
            ])
    }

    @Test("Accounts and roles are those of the block, not those of the gate")
    func roles() throws {
        var ledger = try SampleLedger()
        let resident = ledger.resident
        let block = try ledger.add([
            try ledger.text(Post(id: "early", title: "t")), try ledger.signer.join(resident),
            try ledger.text(Post(id: "late", title: "t")), try ledger.signer.join(resident),
            try ledger.text(Remove(id: "late"), as: .party("office")),
        ])
        #expect(
            outcomes(block) == [
                "rejected account.unknown", "accepted", "accepted", "rejected account.keyKnown",
                "rejected account.role",
            ])
        #expect(try LedgerTables.counts.find("accounts", in: ledger.machine.state)?.count == 1)
    }

    @Test("Block time: after the last block, at the proposer's clock, but at most a minute past the others")
    func blockTime() throws {
        var ledger = try SampleLedger()
        let start = SampleSigner.start
        #expect(ledger.machine.blockTime(clock: start) == start)
        try ledger.add([], at: start)
        let machine = ledger.machine
        #expect(machine.blockTime(clock: start) == start.advanced(byMilliseconds: 1))
        #expect(machine.blockTime(clock: start.advanced(byMilliseconds: -5_000)) == start.advanced(byMilliseconds: 1))
        let far = start.advanced(byMilliseconds: 10_000_000)
        #expect(machine.blockTime(clock: far) == far)
        #expect(machine.blockTime(clock: far, otherClock: start) == start.advanced(byMilliseconds: 60_000))
        #expect(machine.blockTime(clock: far, otherClock: far.advanced(byMilliseconds: 1)) == far)
        #expect(
            machine.blockTime(clock: far, otherClock: start.advanced(byMilliseconds: -600_000))
                == start.advanced(byMilliseconds: 1))
    }

    @Test("Seals form a chain over blocks, empty ones included")
    func seals() throws {
        var ledger = try SampleLedger.founded()
        try ledger.fill()
        var previous = Digest.zero
        var start: UInt64 = 0
        for (height, block) in ledger.blocks.enumerated() {
            let seal = try Seal(parsing: try #require(block.leaves.last))
            #expect(seal == block.seal)
            #expect(seal.bytes == block.leaves.last)
            #expect(seal.height == UInt64(height))
            #expect(seal.previous == previous)
            #expect(seal.firstEntry == start && seal.index + 1 == block.size)
            #expect(seal.entryCount == UInt64(block.leaves.count - 1))
            previous = CryptoSHA256.hash(seal.bytes)
            start = block.size
        }
        #expect(ledger.blocks.contains { $0.leaves.count == 1 })
    }
}
