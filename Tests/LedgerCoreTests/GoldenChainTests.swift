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
        #expect(ledger.machine.log.root().hex == "34567ce7c3f7c99513ef345e9739e1ce45fb2776a0aefa9fcb428aa8f57d42a0")
        #expect(ledger.machine.stateTree.root.hex == "60f6890f257ad3480e2bc8c957d666a6fb11be20f6abfeb87ee618de7bd4e4b4")
        #expect(
            CryptoSHA256.hash(ledger.blocks[1].leaves[0]).hex
                == "c1586c792aabd788e34d963e95f6c439e2ff619d2ad058d218f6e9f8ecc291d7")
        let seal = try #require(ledger.blocks[3].leaves.last)
        #expect(
            String(decoding: seal, as: UTF8.self) == """
                linlian/seal/v1
                height 3
                time 1767225604000
                previous 286d7357053be14a50d826db7d8fd8101931572e2b49a8e9f4b01b1ccb6d6eb6
                entries 10 3
                state 53e60b3474214954acf6291d20692f8cfb4e191f690acc984dbbde4d465ef247
                position 4
                proposer office

                """)
    }
}
