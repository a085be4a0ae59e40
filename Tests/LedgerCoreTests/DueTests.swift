import ContractKit
import LedgerCore
import LedgerSamples
import MerkleLog
import Primitives
import Testing

@Suite("Due actions")
struct DueTests {
    private func due(_ block: ExecutedBlock) throws -> [String] {
        try block.leaves.compactMap { leaf in
            guard case .due(let action, let id, let events) = try Leaf(parsing: leaf) else { return nil }
            return "\(action) \(id) \(String(decoding: events, as: UTF8.self))"
        }
    }

    private func rang(_ id: String) -> String {
        "board.ring \(id) [{\"event\":\"board.happened\",\"id\":\"\(id)\",\"what\":\"rang\"}]"
    }

    private func failed(_ id: String, _ code: String) -> String {
        "board.ring \(id) [{\"code\":\"\(code)\",\"event\":\"ledger.dueFailed\"}]"
    }

    @Test("They run in the first block whose time has reached them, before its transactions, and once")
    func time() throws {
        var ledger = try SampleLedger.founded()
        let at = ledger.time.advanced(byMilliseconds: 5_000)
        try ledger.add([try ledger.clerkText(Plan(id: "a", at: at))])
        #expect(ledger.machine.nextDue == at)
        #expect(try due(ledger.add([], at: at.advanced(byMilliseconds: -1))).isEmpty)
        let text = try ledger.text(Post(id: "n", title: "t"))
        let block = try ledger.add([text], at: at)
        #expect(try due(block) == [rang("a")])
        #expect(try due(block).count == 1 && block.leaves.count == 3)
        #expect(block.transactions.map(\.leaf) == [block.seal.firstEntry + 1])
        #expect(block.leaves[1].starts(with: text.bytes))
        #expect(ledger.machine.nextDue == nil)
        #expect(try due(ledger.add([], at: at.advanced(byMilliseconds: 1))).isEmpty)
    }

    @Test("They run in order of time and then of name, late ones all at once")
    func order() throws {
        var ledger = try SampleLedger.founded()
        let at = ledger.time.advanced(byMilliseconds: 5_000)
        let times: [(String, Int64)] = [("z", 1), ("b", 3), ("a", 3), ("c", 2), ("y", 1_000_000)]
        try ledger.add(
            try times.map { try ledger.clerkText(Plan(id: $0.0, at: at.advanced(byMilliseconds: $0.1))) })
        #expect(ledger.machine.nextDue == at.advanced(byMilliseconds: 1))
        let block = try ledger.add([], at: at.advanced(byMilliseconds: 10))
        #expect(try due(block) == ["z", "c", "a", "b"].map(rang))
        #expect(ledger.machine.nextDue == at.advanced(byMilliseconds: 1_000_000))
    }

    @Test("One that fails is recorded, changes nothing and is gone; the others run")
    func failure() throws {
        var ledger = try SampleLedger.founded()
        let at = ledger.time.advanced(byMilliseconds: 5_000)
        try ledger.add([
            try ledger.clerkText(Plan(id: "a", kind: .fail, at: at)), try ledger.clerkText(Plan(id: "b", at: at)),
            try ledger.clerkText(Plan(id: "c", kind: .flood, at: at)), try ledger.clerkText(Plan(id: "d", at: at)),
        ])
        let block = try ledger.add([], at: at)
        #expect(
            try due(block) == [
                failed("a", "board.late"), rang("b"), failed("c", "transaction.eventsTooLarge"), rang("d"),
            ])
        #expect(block.leaves.allSatisfy { $0.count <= Leaf.largest })
        #expect(BoardContract.alarms.contains("a", in: ledger.machine.state))
        #expect(BoardContract.alarms.contains("c", in: ledger.machine.state))
        #expect(!BoardContract.alarms.contains("b", in: ledger.machine.state))
        #expect(ledger.machine.nextDue == nil)
    }

    @Test("One that another due action of the same block takes back does not run")
    func takenBack() throws {
        var ledger = try SampleLedger.founded()
        let at = ledger.time.advanced(byMilliseconds: 5_000)
        try ledger.add([
            try ledger.clerkText(Plan(id: "a", kind: .silence, other: "b", at: at)),
            try ledger.clerkText(Plan(id: "b", at: at)), try ledger.clerkText(Plan(id: "c", at: at)),
        ])
        #expect(try due(ledger.add([], at: at)) == [rang("a"), rang("c")])
        #expect(BoardContract.alarms.contains("b", in: ledger.machine.state))
    }

    @Test("No more than a thousand run in one block; the rest wait for the next")
    func limit() throws {
        var ledger = try SampleLedger.founded()
        let at = ledger.time.advanced(byMilliseconds: 5_000)
        for part in 0..<3 {
            try ledger.add(try (0..<350).map { try ledger.clerkText(Plan(id: "p\(part)-\($0)", at: at)) })
        }
        let first = try due(ledger.add([], at: at))
        let second = try due(ledger.add([], at: at.advanced(byMilliseconds: 1)))
        #expect((first.count, second.count) == (1_000, 50))
        #expect(Set(first + second).count == 1_050)
    }

    @Test("One whose module is gone is recorded as unknown")
    func unknown() async throws {
        let ledger = try SampleLedger.founded()
        let entry = DueEntry(action: "gone.act", id: "x", time: SampleSigner.start)
        var rows: [StateChange] = [(entry.key, entry.canonicalJSON)]
        ledger.machine.state.forEach { rows.append((Array($0), Array($1))) }
        var machine = LedgerMachine(
            origin: ledger.machine.origin, catalog: ledger.machine.catalog, restored: await .from(rows),
            log: ledger.machine.log, lastSeal: ledger.machine.lastSeal)
        let block = machine.execute([], at: ledger.time.advanced(byMilliseconds: 1), position: 5, proposer: "office")
        #expect(try due(block) == ["gone.act x [{\"code\":\"due.unknown\",\"event\":\"ledger.dueFailed\"}]"])
        #expect(machine.nextDue == nil)
    }
}
