import ContractKit
import LedgerCore
import LedgerSamples
import MerkleLog
import Primitives
import Testing
import Verifier

@Suite("The audit of a whole ledger", .serialized)
struct AuditTests {
    @Test("A sound ledger holds, and its figures are told")
    func sound() async throws {
        let stored = try StoredLedger(leaves: 300)
        let report = try await stored.audit()
        let ledger = stored.ledger
        let transactions = ledger.blocks.flatMap(\.transactions)
        #expect(report.leaves == UInt64(ledger.leaves.count))
        #expect(report.blocks == UInt64(ledger.blocks.count))
        #expect(report.transactions == transactions.count)
        #expect(report.signatures == transactions.count + 1)
        #expect(report.root == ledger.machine.log.root())
        #expect(report.stateRoot == ledger.machine.stateTree.root)
        #expect(report.stateKeys == ledger.machine.state.count)
    }

    @Test("It finds what comes after many runs of leaves, in order, with one worker and with many")
    func runs() async throws {
        var ledger = try SampleLedger.founded()
        while ledger.leaves.count < 4_500 {
            try ledger.add(try (0..<400).map { try ledger.text(Post(id: "x\(ledger.leaves.count)-\($0)", title: "t")) })
        }
        for workers in [1, 7] {
            let report = try await LedgerAudit(
                origin: SampleSigner.origin, catalog: SampleSigner.catalog, workers: workers
            ).run(ledger, size: UInt64(ledger.leaves.count))
            #expect(report.root == ledger.machine.log.root())
        }
    }

    @Test("One bit in any line of a transaction leaf: the leaf is named")
    func transaction() async throws {
        let stored = try StoredLedger(leaves: 60)
        let index = try stored.index { leaf in
            if case .transaction(let text, .accepted, let events) = leaf {
                text.signatures.count == 2 && events.count > 2
            } else {
                false
            }
        }
        let leaf = stored.ledger.leaves[Int(index)]
        let ends = leaf.lineEnds
        #expect(ends.count == 6)
        var starts = [0] + ends.map { $0 + 1 }
        starts.removeLast()
        // The middle of each line, each newline, the last digit of a signature.
        let places = zip(starts, ends).map { ($0 + $1) / 2 } + ends + [ends[1] - 1, ends[2] - 30, starts[4]]
        for place in places {
            try stored.replaceLeaf(index, by: leaf.flipped(at: place))
            let failure = try await stored.finding()
            #expect(failure?.place.hasPrefix("leaf \(index)") == true, "byte \(place): \(String(describing: failure))")
        }
        try stored.replaceLeaf(index, by: leaf)
        #expect(try await stored.finding() == nil)
    }

    @Test("A forged outcome, forged events and a forged refusal are named with the line")
    func outcome() async throws {
        let stored = try StoredLedger(leaves: 60)
        let refused = try stored.index { if case .transaction(_, .rejected, _) = $0 { true } else { false } }
        var text = String(decoding: stored.ledger.leaves[Int(refused)], as: UTF8.self)
        #expect(text.contains("rejected board.known\n"))
        text = text.replacing("rejected board.known\n", with: "accepted\n")
        try stored.replaceLeaf(refused, by: Array(text.utf8))
        let failure = try #require(try await stored.finding())
        #expect(failure.place == "leaf \(refused) (linlian/tx/v1), line 4")
        #expect(failure.check == "audit.replay")
        #expect(failure.expected == "\"rejected board.known\"" && failure.found == "\"accepted\"")
    }

    @Test("A leaf that opens a key: whatever is changed in it, the audit fails")
    func keys() async throws {
        let stored = try StoredLedger(leaves: 60)
        let leaf = stored.ledger.leaves[0]
        #expect(String(decoding: leaf, as: UTF8.self).contains("ledger.keyOpened"))
        for place in stride(from: 0, to: leaf.count, by: 7) {
            try stored.replaceLeaf(0, by: leaf.flipped(at: place))
            #expect(try await stored.finding() != nil, "byte \(place)")
        }
    }

    @Test("One bit in any line of a due leaf: the leaf is named")
    func due() async throws {
        let stored = try StoredLedger(leaves: 60)
        for wanted in ["good", "bad"] {
            let index = try stored.index { if case .due(_, wanted, _) = $0 { true } else { false } }
            let leaf = stored.ledger.leaves[Int(index)]
            for place in leaf.indices {
                try stored.replaceLeaf(index, by: leaf.flipped(at: place))
                let failure = try await stored.finding()
                #expect(
                    failure?.place.hasPrefix("leaf \(index)") == true, "byte \(place): \(String(describing: failure))")
            }
            try stored.replaceLeaf(index, by: leaf)
        }
    }

    @Test("One bit in any line of a seal: the seal is named, or the next one, whose `previous` no longer fits")
    func seal() async throws {
        let stored = try StoredLedger(leaves: 60)
        for block in [stored.ledger.blocks[3], stored.ledger.blocks[stored.ledger.blocks.count - 1]] {
            let index = block.seal.index
            let isLast = index + 1 == UInt64(stored.ledger.leaves.count)
            let next = index + 1 + (isLast ? 0 : stored.ledger.blocks[Int(block.seal.height) + 1].seal.entryCount)
            let leaf = block.seal.bytes
            for (line, end) in leaf.lineEnds.enumerated() {
                for place in [end - 1, end] {
                    try stored.replaceLeaf(index, by: leaf.flipped(at: place))
                    let failure = try #require(try await stored.finding(), "line \(line)")
                    // Time, position and proposer are the proposer's own: only the next seal, or the checkpoint, shows
                    // that they were others.
                    let own = place == end || [0, 1, 3, 4, 5].contains(line)
                    let named = failure.place.hasPrefix("leaf \(index)")
                    let nextNamed =
                        isLast
                        ? failure.place == "checkpoint" : failure.place == "leaf \(next) (linlian/seal/v1), line 4"
                    #expect(named || !own && nextNamed, "line \(line): \(failure)")
                }
            }
            try stored.replaceLeaf(index, by: leaf)
        }
    }

    @Test("Leaves that are missing, doubled, swapped, cut off or of another ledger")
    func structure() async throws {
        let ledger = try StoredLedger(leaves: 60).ledger
        let audit = LedgerAudit(origin: SampleSigner.origin, catalog: SampleSigner.catalog, workers: 1)
        func finding(_ leaves: [[UInt8]], audit: LedgerAudit = audit) async throws -> AuditFailure {
            await #expect(throws: AuditFailure.self) {
                _ = try await audit.run(Leaves(leaves: leaves), size: UInt64(leaves.count))
            } ?? AuditFailure(at: "", check: "", expected: "", found: "")
        }
        let leaves = ledger.leaves
        #expect(try await finding(Array(leaves.dropLast())).check == "audit.seal")
        #expect(try await finding(Array(leaves[..<10] + leaves[11...])).place.hasPrefix("leaf 1"))
        #expect(try await finding(Array(leaves[..<10] + [leaves[9]] + leaves[10...])).place.hasPrefix("leaf 1"))
        var swapped = leaves
        swapped.swapAt(9, 10)
        #expect(try await finding(swapped).place.hasPrefix("leaf 9"))
        #expect(try await finding([[UInt8](repeating: 0x41, count: 65_536)]).check == "audit.size")
        #expect(try await finding([Array("linlian/tx/v1\n".utf8)]).check == "audit.transaction")
        let other = LedgerAudit(origin: "example.org/other", catalog: SampleSigner.catalog, workers: 1)
        #expect(try await finding(leaves, audit: other).found.contains("ledger.wrong"))
        await #expect(throws: AuditFailure.self) {
            _ = try await audit.run(Leaves(leaves: leaves), size: UInt64(leaves.count) + 5)
        }
    }

    private struct Leaves: LeafSource {
        let leaves: [[UInt8]]
        func leafCount() -> UInt64 { UInt64(leaves.count) }
        func leaves(from first: UInt64, count: Int) -> [[UInt8]] {
            Array(leaves.dropFirst(Int(first)).prefix(count))
        }
    }
}
