import ContractKit
import LedgerCore
import LedgerSamples
import LedgerTesting
import Primitives
import Testing

/// Every decoder of outside input, with damaged and random bytes: it may refuse, it may not trap, and what it accepts
/// means the bytes that were given.
@Suite("Damaged input")
struct FuzzTests {
    private static let budget = 4_000

    private func damage(_ bytes: [UInt8], _ random: inout SeededGenerator) -> [UInt8] {
        var result = RandomJSON.damaged(bytes, using: &random)
        if random.chance(10) { result = Array(result.prefix(Int.random(in: 0...result.count, using: &random))) }
        if random.chance(5), !result.isEmpty {
            let at = Int.random(in: 0..<result.count, using: &random)
            result.insert(contentsOf: result[at...], at: at)
        }
        return result
    }

    /// Runs a decoder over damaged samples; returns how many were accepted and refused.
    private func run(
        _ seed: UInt64, _ samples: [[UInt8]], _ decode: ([UInt8]) -> Bool
    ) -> (accepted: Int, refused: Int) {
        var random = SeededGenerator(seed: seed)
        var count = (accepted: 0, refused: 0)
        for _ in 0..<Self.budget {
            if decode(damage(random.pick(samples), &random)) { count.accepted += 1 } else { count.refused += 1 }
        }
        for _ in 0..<Self.budget / 4 {
            let bytes = (0..<Int.random(in: 0...200, using: &random)).map { _ in
                UInt8(truncatingIfNeeded: random.next())
            }
            _ = decode(bytes)
        }
        return count
    }

    private func ledger() throws -> SampleLedger {
        var ledger = try SampleLedger.founded()
        try ledger.fill(blocks: 1)
        return ledger
    }

    @Test("Leaves and seals")
    func leaves() throws {
        let leaves = try ledger().leaves
        #expect(leaves.allSatisfy { (try? Leaf(parsing: $0)) != nil })
        let count = run(31, leaves) { bytes in
            guard let leaf = try? Leaf(parsing: bytes) else { return false }
            if case .seal(let seal) = leaf { #expect(seal.bytes == bytes, "seed 31") }
            if case .transaction(let text, _, _) = leaf { #expect(bytes.starts(with: text.bytes), "seed 31") }
            return true
        }
        #expect(count.accepted > 100 && count.refused > 100, "seed 31: \(count)")
        let seals = leaves.filter { $0.starts(with: "linlian/seal".utf8) }
        let sealed = run(32, seals) { bytes in
            guard let seal = try? Seal(parsing: bytes) else { return false }
            #expect(seal.bytes == bytes, "seed 32")
            return true
        }
        #expect(sealed.accepted > 10 && sealed.refused > 100, "seed 32: \(sealed)")
    }

    @Test("Signed texts and DSSE envelopes")
    func envelopes() throws {
        var signer = SampleSigner()
        let keys = [try SampleSigner.key(1), try SampleSigner.p256Key(2)]
        let text = try signer.sign(Post(id: "a", title: "公告 \"x\""), by: keys)
        let read = run(33, [text.bytes]) { bytes in
            guard let found = try? TransactionText(parsing: bytes) else { return false }
            #expect(TransactionText(signatures: found.signatures, payload: found.payload).bytes == bytes, "seed 33")
            return true
        }
        #expect(read.accepted > 10 && read.refused > 100, "seed 33: \(read)")
        let envelope = run(34, [DSSEEnvelope.json(text)]) { bytes in
            guard let found = try? DSSEEnvelope.parse(bytes, algorithm: { _ in .edDSA }) else { return false }
            #expect((try? TransactionText(parsing: found.bytes))?.bytes == found.bytes, "seed 34")
            return true
        }
        #expect(envelope.accepted > 10 && envelope.refused > 100, "seed 34: \(envelope)")
    }

    @Test("Payloads, from the gate inwards: nothing that was changed is let in")
    func gate() throws {
        var ledger = try SampleLedger.founded()
        let gate = Admission(ledger.machine)
        let text = try ledger.text(Post(id: "a", title: "t", details: [.init(remark: "r")]))
        let good = run(35, [text.bytes]) { bytes in
            guard let admitted = try? gate.admit(bytes, now: SampleSigner.start) else { return false }
            // Some damages leave a byte as it was.
            #expect(admitted.text.bytes == bytes && bytes == text.bytes, "seed 35")
            return true
        }
        #expect(good.refused > Self.budget / 2, "seed 35: \(good)")
        // Signed nonsense: every payload is refused or means what it says.
        let signed = run(36, [text.payload]) { payload in
            guard let line = try? ledger.resident.sign(payload: payload) else { return false }
            let bytes = TransactionText(signatures: [line], payload: payload).bytes
            guard let admitted = try? gate.admit(bytes, now: SampleSigner.start) else { return false }
            #expect(admitted.text.payload == payload, "seed 36")
            #expect(Array(payload).first == UInt8(ascii: "{"), "seed 36")
            return true
        }
        #expect(signed.accepted > 10 && signed.refused > 100, "seed 36: \(signed)")
    }

    @Test("JSON: what is accepted is written again as the same values")
    func json() throws {
        var random = SeededGenerator(seed: 37)
        var accepted = 0
        for _ in 0..<Self.budget {
            var bytes = Array(RandomJSON.object(names: ["a", "b", "title", "楼"], using: &random).utf8)
            if random.chance(60) { bytes = damage(bytes, &random) }
            guard let document = try? JSONDocument(bytes) else { continue }
            accepted += 1
            #expect(String(validating: bytes, as: UTF8.self) != nil, "seed 37")
            #expect(!bytes.contains(UInt8(ascii: "\n")), "seed 37")
            walk(document.root, depth: 0)
        }
        #expect(accepted > 500, "seed 37: \(accepted)")
    }

    private func walk(_ value: JSONValue, depth: Int) {
        #expect(depth <= 16)
        #expect(Set(value.members.map { Array($0.key.utf8) }).count == value.members.count)
        if let integer = value.integer { #expect(abs(integer) <= 1 << 53) }
        if value.kind == .string { #expect(value.string.map { Array($0.utf8) } == value.stringBytes) }
        for member in value.members { walk(member.value, depth: depth + 1) }
        for element in value.elements { walk(element, depth: depth + 1) }
    }

    @Test("The screen, the policy of words and detached signatures")
    func others() throws {
        _ = run(38, ["138 0013 8000 ０１２３４５６７８９ 99010119900307127X".utf8.map { $0 }]) {
            PersonalDataScreen.find(in: $0) != nil
        }
        let line = Array(try DetachedSignature.sign([1, 2, 3], type: "text/x", with: SampleSigner.key(1)).line.utf8)
        let count = run(39, [line]) { bytes in
            guard let found = try? DetachedSignature.parse(line: bytes) else { return false }
            #expect(Array(found.line.utf8) == bytes, "seed 39")
            return true
        }
        #expect(count.accepted > 10 && count.refused > 100, "seed 39: \(count)")
    }
}
