import LedgerCore
import LedgerSamples
import MerkleLog
import Primitives
import Testing

@Suite("Blocks of a log that is not executed")
struct LogBlocksTests {
    @Test("They are what executing gave, but for the state's changes")
    func same() throws {
        var ledger = try SampleLedger.founded()
        try ledger.fill(blocks: 12)
        var blocks = LogBlocks()
        var found: [ExecutedBlock] = []
        for leaf in ledger.blocks.flatMap(\.leaves) {
            if let block = try blocks.add(leaf) { found.append(block) }
        }
        #expect(blocks.isWhole && blocks.log.root() == ledger.machine.log.root())
        #expect(found.map(\.seal) == ledger.blocks.map(\.seal))
        #expect(found.map(\.leaves) == ledger.blocks.map(\.leaves))
        #expect(found.map(\.size) == ledger.blocks.map(\.size) && found.map(\.root) == ledger.blocks.map(\.root))
        for (a, b) in zip(found, ledger.blocks) {
            #expect(a.transactions.map(\.id) == b.transactions.map(\.id))
            #expect(a.transactions.map(\.leaf) == b.transactions.map(\.leaf))
            #expect(a.transactions.map(\.outcome) == b.transactions.map(\.outcome))
            #expect(a.tiles.map(\.bytes) == b.tiles.map(\.bytes) && a.changes.isEmpty)
        }
    }

    @Test("A seal that stands elsewhere, and what is no leaf, are refused with their place")
    func refuses() throws {
        var ledger = try SampleLedger.founded()
        try ledger.fill(blocks: 2)
        let leaves = ledger.blocks.flatMap(\.leaves)
        for wrong in [Array("nonsense".utf8), [], Array("linlian/seal/v1\n".utf8), leaves[leaves.count - 1]] {
            var blocks = LogBlocks()
            _ = try blocks.add(leaves[0])
            #expect { try blocks.add(wrong) } throws: { ($0 as? LogBlocks.ReasonOfLeaf)?.index == 1 }
        }
    }
}
