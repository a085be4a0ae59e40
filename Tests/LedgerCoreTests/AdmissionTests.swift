import ContractKit
import LedgerCore
import LedgerSamples
import MerkleLog
import Primitives
import Testing

@Suite("The gate to the chain")
struct AdmissionTests {
    private var ledger: SampleLedger
    private let gate: Admission
    private let now = SampleSigner.start.advanced(byMilliseconds: 60_000)

    init() throws {
        ledger = try SampleLedger.founded()
        gate = Admission(ledger.machine)
    }

    private func refusal(_ bytes: [UInt8]) -> Reason? {
        let before = (ledger.machine.stateTree.root, ledger.machine.log.size, ledger.machine.transactions.count)
        defer {
            #expect(ledger.machine.stateTree.root == before.0 && ledger.machine.log.size == before.1)
            #expect(ledger.machine.transactions.count == before.2)
        }
        do throws(Reason) {
            _ = try gate.admit(bytes, now: now)
            return nil
        } catch {
            return error
        }
    }

    /// Signs a payload that is given as text, so that it may be anything.
    private func signed(_ payload: String, by key: SigningKey? = nil) throws -> [UInt8] {
        let bytes = Array(payload.utf8)
        return TransactionText(signatures: [try (key ?? ledger.resident).sign(payload: bytes)], payload: bytes).bytes
    }

    /// A payload whose members can be replaced.
    private func payload(
        ledger: String = "\"example.org/board\"", type: String = "\"board.post\"",
        nonce: String = "\"AAAAAAAAAAAAAAAAAAAAAA\"", notAfter: String = "1767229200000",
        as capacity: String = "\"resident\"",
        body: String = "{\"details\":[],\"id\":\"a\",\"title\":\"t\"}", more: String = ""
    ) -> String {
        "{\"ledger\":\(ledger),\"type\":\(type),\"nonce\":\(nonce),\"notAfter\":\(notAfter),\"as\":\(capacity),"
            + "\"body\":\(body)\(more)}"
    }

    private func body(title: String) -> String { "{\"details\":[],\"id\":\"a\",\"title\":\"\(title)\"}" }

    @Test("What is right is let in, by either algorithm and by two signers")
    func admits() throws {
        #expect(refusal(try signed(payload())) == nil)
        #expect(refusal(try signed(payload(), by: ledger.phone)) == nil)
        var signer = SampleSigner()
        let two = try signer.sign(Post(id: "a", title: "t"), by: [ledger.resident, ledger.phone])
        #expect(refusal(two.bytes) == nil)
        let staff = try signer.sign(Remove(id: "a"), as: .party("office"), by: [ledger.clerk])
        #expect(refusal(staff.bytes) == nil)
        #expect(refusal(try signer.join(try SampleSigner.key(9)).bytes) == nil)
    }

    @Test("The payload's own fields are refused one by one")
    func fields() throws {
        func code(_ payload: String) throws -> String? { refusal(try signed(payload))?.code }
        #expect(try code(payload(ledger: "\"example.org/other\"")) == "ledger.wrong")
        #expect(try code(payload(notAfter: "1767225659999")) == "transaction.expired")
        #expect(try code(payload(notAfter: "1767225660000")) == nil)
        #expect(try code(payload(notAfter: "\(1_767_225_660_000 + Instant.day)")) == nil)
        #expect(try code(payload(notAfter: "\(1_767_225_660_001 + Instant.day)")) == "transaction.notAfterTooLate")
        #expect(try code(payload(notAfter: "-1")) == "field.range")
        #expect(try code(payload(notAfter: "\"1767229200000\"")) == "field.type")
        #expect(try code(payload(notAfter: "1767229200000.0")) == "json.float")
        #expect(try code(payload(notAfter: "1767229200e3")) == "json.float")
        #expect(try code(payload(notAfter: "9007199254740993")) == "json.range")
        #expect(try code(payload(nonce: "\"AAAA\"")) == "field.range")
        #expect(try code(payload(nonce: "\"AAAAAAAAAAAAAAAAAAAAAB\"")) == "field.range")
        #expect(try code(payload(type: "\"board.burn\"")) == "transaction.type")
        #expect(try code(payload(type: "7")) == "field.type")
        #expect(try code(payload(as: "\"king\"")) == "field.range")
        #expect(try code(payload(as: "\"party:../x\"")) == "field.range")
        #expect(try code(payload(more: ",\"extra\":1")) == "field.unknown")
        #expect(try code(payload(more: ",\"as\":\"guest\"")) == "json.duplicateKey")
        #expect(try code(payload(more: ",\"\\u0061s\":\"guest\"")) == "json.duplicateKey")
        #expect(try code("{\"ledger\":\"example.org/board\"}") == "field.missing")
        #expect(try code(payload() + " {}") == "json.syntax")
        #expect(try code(payload(body: "[]")) == "field.type")
        #expect(try code(payload(body: "{\"details\":[],\"id\":\"a\"}")) == "field.missing")
        #expect(try code(payload(body: "{\"details\":[],\"id\":\"a b\",\"title\":\"t\"}")) == "field.range")
        #expect(
            try code(payload(body: "{\"details\":[],\"id\":\"a\",\"id\":\"b\",\"title\":\"t\"}")) == "json.duplicateKey"
        )
        #expect(try code(payload(body: "{\"details\":[],\"id\":\"a\",\"title\":1.5}")) == "json.float")
        #expect(
            try code(payload(body: "{\"details\":[{\"remark\":\"r\",\"x\":1}],\"id\":\"a\",\"title\":\"\"}"))
                == "field.unknown")
    }

    @Test("The refusal names the field's path")
    func paths() throws {
        func field(_ payload: String) throws -> String? { refusal(try signed(payload))?.field }
        #expect(try field(payload(ledger: "\"example.org/other\"")) == "ledger")
        #expect(try field(payload(body: "{\"details\":[],\"id\":\"a b\",\"title\":\"t\"}")) == "body.id")
        #expect(
            try field(payload(body: "{\"details\":[{\"remark\":\"\"},{\"remark\":7}],\"id\":\"a\",\"title\":\"t\"}"))
                == "body.details[1].remark")
        #expect(try field(payload(more: ",\"extra\":1"))?.isEmpty == true)
    }

    @Test("Depth: sixteen levels are read, seventeen are not")
    func depth() throws {
        func nested(_ levels: Int) -> String {
            payload(
                body: "{\"details\":[],\"id\":\"a\",\"title\":" + String(repeating: "[", count: levels - 2)
                    + String(repeating: "]", count: levels - 2) + "}")
        }
        #expect(refusal(try signed(nested(16)))?.code == "field.type")
        #expect(refusal(try signed(nested(17)))?.code == "json.depth")
        #expect(refusal(try signed(payload(body: String(repeating: "[", count: 40_000))))?.code == "json.depth")
    }

    @Test("Signatures: forged, of another text, by another key, with a high s, by nobody known")
    func signatures() throws {
        let good = try TransactionText(parsing: try signed(payload()))
        let line = good.signatures[0]
        func code(_ line: SignatureLine) -> String? {
            refusal(TransactionText(signatures: [line], payload: good.payload).bytes)?.code
        }
        for at in [0, 31, 32, 63] {
            var forged = line.signature
            forged[at] ^= 1
            #expect(code(SignatureLine(algorithm: .edDSA, keyID: line.keyID, signature: forged)) == "signature.invalid")
        }
        let clerk = try ledger.clerk.publicKey.keyID
        #expect(code(SignatureLine(algorithm: .edDSA, keyID: clerk, signature: line.signature)) == "signature.invalid")
        #expect(
            code(SignatureLine(algorithm: .es256, keyID: line.keyID, signature: Signatures.lowS(line.signature)))
                == "signature.algorithm")
        #expect(
            code(SignatureLine(algorithm: .edDSA, keyID: .zero, signature: line.signature)) == "account.unknown")
        #expect(refusal(try signed(payload(), by: try SampleSigner.key(77)))?.code == "account.unknown")

        var altered = good.payload
        altered[altered.count - 4] = UInt8(ascii: "u")
        #expect(refusal(TransactionText(signatures: [line], payload: altered).bytes)?.code == "signature.invalid")

        let phone = try TransactionText(parsing: try signed(payload(), by: ledger.phone)).signatures[0]
        #expect(Signatures.hasLowS(phone.signature))
        var high = phone.signature
        high.replaceSubrange(32..., with: Self.orderMinus(Array(phone.signature[32...])))
        #expect(!Signatures.hasLowS(high))
        #expect(code(SignatureLine(algorithm: .es256, keyID: phone.keyID, signature: high)) == "signature.highS")
        #expect(
            code(SignatureLine(algorithm: .es256, keyID: phone.keyID, signature: [UInt8](repeating: 0, count: 64)))
                == "signature.invalid")
        // The second signer's signature is checked as well.
        let forgedSecond = SignatureLine(
            algorithm: .es256, keyID: phone.keyID, signature: [UInt8](repeating: 1, count: 64))
        #expect(
            refusal(TransactionText(signatures: [line, forgedSecond], payload: good.payload).bytes)?.code
                == "signature.invalid")
    }

    private static func orderMinus(_ number: [UInt8]) -> [UInt8] {
        let order: [UInt8] = [
            0xFF, 0xFF, 0xFF, 0xFF, 0, 0, 0, 0, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF,
            0xBC, 0xE6, 0xFA, 0xAD, 0xA7, 0x17, 0x9E, 0x84, 0xF3, 0xB9, 0xCA, 0xC2, 0xFC, 0x63, 0x25, 0x51,
        ]
        var result = number
        var borrow = 0
        for at in (0..<32).reversed() {
            let difference = Int(order[at]) - Int(number[at]) - borrow
            borrow = difference < 0 ? 1 : 0
            result[at] = UInt8(difference + borrow * 256)
        }
        return result
    }

    @Test("Roles: who may act is what the account holds, not what the payload says")
    func roles() throws {
        var signer = SampleSigner()
        func code(_ command: some Command, _ capacity: Capacity, _ key: SigningKey) throws -> String? {
            refusal(try signer.sign(command, as: capacity, by: [key]).bytes)?.code
        }
        let remove = Remove(id: "a")
        let post = Post(id: "a", title: "t")
        #expect(try code(remove, .resident, ledger.resident) == "account.role")
        #expect(try code(remove, .party("office"), ledger.resident) == "account.role")
        #expect(try code(remove, .party("other"), ledger.clerk) == "account.role")
        #expect(try code(remove, .resident, ledger.clerk) == "account.role")
        #expect(try code(post, .resident, ledger.clerk) == "account.role")
        #expect(try code(post, .party("office"), ledger.clerk) == "account.role")
        #expect(try code(post, .guest, ledger.resident) == "account.role")
        #expect(try code(Plan(id: "a", at: now), .party("other"), ledger.clerk) == "account.role")
        let stranger = try SampleSigner.key(9)
        #expect(try code(Join(key: stranger.publicKey), .resident, stranger) == "account.unknown")
        // A guest must sign with the key that it introduces, and nobody else's.
        #expect(try code(Join(key: stranger.publicKey), .guest, ledger.resident) == "account.unknown")
    }
}
