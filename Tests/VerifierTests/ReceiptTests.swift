import LedgerCore
import LedgerSamples
import MerkleLog
import NodeRuntime
import Primitives
import Storage
import Testing
import Verifier

@Suite("Receipts, checked alone")
struct ReceiptTests {
    private func receipt(_ stored: StoredLedger, leaf: UInt64) throws -> TLogProof {
        let store = try LedgerStore(path: stored.directory.ledgerFile)
        defer { try? store.close() }
        return try #require(try Receipts(store: store, index: stored.ledger.machine.transactions).receipt(ofLeaf: leaf))
    }

    @Test("A receipt of any leaf is accepted, and says what the leaf is")
    func accepted() throws {
        let stored = try StoredLedger(leaves: 300)
        let policy = try stored.signer.soloPolicy()
        for index in [UInt64(0), 1, 7, 100, 255, 256, 257, UInt64(stored.ledger.leaves.count - 1)] {
            let report = try ReceiptAudit.check(receipt(stored, leaf: index).bytes, policy: policy)
            #expect(report.index == index)
            #expect(report.size == UInt64(stored.ledger.leaves.count))
            #expect(report.origin == SampleSigner.origin)
            #expect(report.witnesses == ["office"])
            let leaf = stored.ledger.leaves[Int(index)]
            switch report.leaf {
            case .transaction(let text, let outcome, let events):
                #expect(text.bytes + Array("\(outcome.line)\n".utf8) + events + [10] == leaf)
            case .seal(let seal): #expect(seal.bytes == leaf)
            case .due: #expect(leaf.starts(with: "linlian/due/v1\n".utf8))
            }
        }
    }

    @Test("One bit anywhere in a receipt: refused")
    func flipped() throws {
        let stored = try StoredLedger(leaves: 60)
        let policy = try stored.signer.soloPolicy()
        let bytes = try receipt(stored, leaf: 21).bytes
        for place in bytes.indices {
            #expect(throws: AuditFailure.self, "byte \(place)") {
                try ReceiptAudit.check(bytes.flipped(at: place), policy: policy)
            }
        }
        for end in stride(from: 0, to: bytes.count, by: 11) {
            #expect(throws: AuditFailure.self, "cut at \(end)") {
                try ReceiptAudit.check(Array(bytes[..<end]), policy: policy)
            }
        }
    }

    @Test("Another leaf, place, path, checkpoint or policy: refused")
    func exchanged() throws {
        let stored = try StoredLedger(leaves: 60)
        let policy = try stored.signer.soloPolicy()
        let good = try receipt(stored, leaf: 21)
        let other = try receipt(stored, leaf: 22)
        let foreign = try StoredLedger(leaves: 60)
        func refused(_ proof: TLogProof, _ what: Comment) {
            #expect(throws: AuditFailure.self, what) { try ReceiptAudit.check(proof.bytes, policy: policy) }
        }
        func proof(extra: [UInt8]?, index: UInt64 = 21, hashes: [Digest]? = nil) -> TLogProof {
            TLogProof(extra: extra, index: index, hashes: hashes ?? good.hashes, checkpoint: good.checkpoint)
        }
        #expect(throws: Never.self) { try ReceiptAudit.check(proof(extra: good.extra).bytes, policy: policy) }
        refused(proof(extra: nil), "no leaf")
        refused(proof(extra: other.extra), "another leaf")
        refused(proof(extra: good.extra, index: 22), "another place")
        refused(proof(extra: good.extra, index: 1 << 50), "a place after the end")
        refused(proof(extra: good.extra, hashes: other.hashes), "another path")
        refused(proof(extra: good.extra, hashes: good.hashes.dropLast()), "a short path")
        refused(proof(extra: good.extra, hashes: good.hashes + [.zero]), "a long path")
        let earlier = stored.ledger.blocks[5]
        let head = try stored.signer.checkpoint(size: earlier.size, root: earlier.root, at: earlier.seal.time)
        refused(TLogProof(extra: good.extra, index: 21, hashes: good.hashes, checkpoint: head), "another checkpoint")
        #expect(throws: AuditFailure.self, "another ledger's policy") {
            try ReceiptAudit.check(good.bytes, policy: foreign.signer.soloPolicy())
        }
        refused(try receipt(foreign, leaf: 21), "another ledger's receipt")
        #expect(throws: AuditFailure.self) { try ReceiptAudit.check([], policy: policy) }
        #expect(throws: AuditFailure.self) {
            try ReceiptAudit.check([UInt8](repeating: 0x41, count: 10_000_000), policy: policy)
        }
    }

    @Test("A damaged ledger gives no receipt that holds")
    func damagedStore() throws {
        let stored = try StoredLedger(leaves: 300)
        let policy = try stored.signer.soloPolicy()
        try stored.replaceLeaf(21, by: stored.ledger.leaves[21].flipped(at: 200))
        #expect(throws: AuditFailure.self) {
            try ReceiptAudit.check(receipt(stored, leaf: 21).bytes, policy: policy)
        }
    }
}
