import ContractKit
import LedgerCore
import LedgerSamples
import MerkleLog
import Primitives
import Testing

/// A fixed chain whose roots are written down here: whoever changes a byte of the rules, of a leaf or of the state's form
/// changes them, and must then give ledgers that exist a rule version to be replayed by.
@Suite("The golden chain")
struct GoldenChainTests {
    private func chain() throws -> SampleLedger {
        var ledger = try SampleLedger.founded(withPhone: false)
        let at = ledger.time.advanced(byMilliseconds: 3_000)
        try ledger.add([
            try ledger.text(Post(id: "a", title: "停水通知 \"明天\"", details: [.init(remark: "08:00—18:00")])),
            try ledger.text(Post(id: "a", title: "again")), try ledger.text(Misbehave(id: "m", way: .spoil)),
            try ledger.clerkText(Plan(id: "ok", at: at)), try ledger.clerkText(Plan(id: "no", kind: .fail, at: at)),
        ])
        try ledger.add([])
        try ledger.add([try ledger.clerkText(Remove(id: "a"))], at: at)
        for block in 0..<20 {
            try ledger.add(try (0..<20).map { try ledger.text(Post(id: "b\(block).\($0)", title: "note \($0)")) })
        }
        return ledger
    }

    @Test("Its roots are the ones written down")
    func roots() throws {
        let ledger = try chain()
        #expect(ledger.leaves.count == 434)
        #expect(ledger.machine.log.root().hex == "LOGROOT")
        #expect(ledger.machine.stateTree.root.hex == "STATEROOT")
        #expect(
            CryptoSHA256.hash(ledger.blocks[1].leaves[0]).hex == "LEAFHASH")
        let seal = try #require(ledger.blocks[3].leaves.last)
        #expect(
            String(decoding: seal, as: UTF8.self) == """
                SEALTEXT

                """)
    }
}
