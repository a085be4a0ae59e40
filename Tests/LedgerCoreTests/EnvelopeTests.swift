import ContractKit
import LedgerCore
import LedgerSamples
import Primitives
import Testing

@Suite("The signed text of a transaction")
struct EnvelopeTests {
    private func sample(signers: Int = 1) throws -> TransactionText {
        var signer = SampleSigner()
        let keys = try (0..<signers).map { try $0 % 2 == 0 ? SampleSigner.key($0) : SampleSigner.p256Key($0) }
        return try signer.sign(Post(id: "a", title: "公告"), by: keys)
    }

    private func refusal(_ text: [UInt8]) -> String? {
        do throws(Reason) {
            _ = try TransactionText(parsing: text)
            return nil
        } catch {
            return error.code
        }
    }

    private func lines(_ text: TransactionText) -> [[UInt8]] {
        text.bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false).map(Array.init)
    }

    private func join(_ lines: [[UInt8]]) -> [UInt8] { Array(lines.joined(separator: [UInt8(ascii: "\n")])) }

    @Test("What is written is read again, with one to eight signatures", arguments: [1, 2, 8])
    func roundTrip(signers: Int) throws {
        let text = try sample(signers: signers)
        let read = try TransactionText(parsing: text.bytes)
        #expect(read.bytes == text.bytes)
        #expect(read.signatures == text.signatures)
        #expect(read.payload == text.payload)
        #expect(read.signedBytes == text.signedBytes)
        #expect(TransactionText(signatures: read.signatures, payload: read.payload).bytes == text.bytes)
        #expect(
            text.signedBytes
                == Array("DSSEv1 31 application/vnd.linlian.tx+json \(text.payload.count) ".utf8) + text.payload)
        #expect(text.payload.allSatisfy { $0 != UInt8(ascii: "\n") })
    }

    @Test("Every truncation and every lengthening is refused")
    func truncations() throws {
        let text = try sample(signers: 2).bytes
        for end in 0..<text.count {
            let code = refusal(Array(text[..<end]))
            #expect(code?.isEmpty == false, "cut at \(end)")
        }
        for tail in ["\n", " ", "x", "accepted\n", "{}\n"] {
            #expect(refusal(text + Array(tail.utf8)) == "envelope.form", "with \(tail)")
        }
    }

    @Test("Size: 60,000 bytes are read, one more is not")
    func size() throws {
        let line = try sample().signatures[0]
        let frame = TransactionText(signatures: [line], payload: []).bytes.count
        func text(_ count: Int) -> [UInt8] {
            let payload = [UInt8(ascii: "{")] + [UInt8](repeating: 0x20, count: count - frame - 2) + [UInt8(ascii: "}")]
            return TransactionText(signatures: [line], payload: payload).bytes
        }
        #expect(text(60_000).count == 60_000)
        #expect(refusal(text(60_000)) == nil)
        #expect(refusal(text(60_001)) == "envelope.size")
        #expect(refusal([UInt8](repeating: 0x7B, count: 10_000_000)) == "envelope.size")
    }

    @Test("Nine signatures, none, CR, empty and wrong lines are refused")
    func form() throws {
        let nine = try sample(signers: 9)
        #expect(refusal(nine.bytes) == "envelope.form")
        let text = try sample()
        let parts = lines(text)
        #expect(refusal(join([parts[0], parts[2], []])) == "signature.missing")
        #expect(refusal(join([Array("linlian/tx/v2".utf8), parts[1], parts[2], []])) == "envelope.form")
        #expect(refusal(join([parts[0], [], parts[1], parts[2], []])) == "signature.algorithm")
        #expect(refusal(join([parts[0] + [13], parts[1] + [13], parts[2] + [13], []])) == "envelope.form")
        #expect(refusal(join([parts[0], parts[1] + [13], parts[2], []])) == "signature.encoding")
        #expect(refusal(join([parts[0], parts[1], parts[2], parts[2], []])) == "envelope.form")
        for name in ["RS256 ", "es256 ", "ES384 ", "WebAuthn ", "none "] {
            let line = Array(name.utf8) + parts[1].dropFirst(6)
            #expect(refusal(join([parts[0], line, parts[2], []])) == "signature.algorithm", "\(name)")
        }
        // A base64url digit that is none, padding, and bits beyond the last byte.
        for (at, byte) in [(10, UInt8(ascii: "*")), (60, UInt8(ascii: "+")), (48, UInt8(ascii: "="))] {
            var line = parts[1]
            line[at] = byte
            #expect(refusal(join([parts[0], line, parts[2], []])) == "signature.encoding", "byte \(at)")
        }
        // 86 digits hold 516 bits: the last four must be zero, or one signature would have several forms.
        var loose = parts[1]
        let last = loose.count - 1
        let digits = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_".utf8)
        let place = try #require(digits.firstIndex(of: loose[last]))
        loose[last] = digits[place + 1]
        #expect(refusal(join([parts[0], loose, parts[2], []])) == "signature.encoding")
    }

    @Test("A repeated signature of one key is refused")
    func repeated() throws {
        let text = try sample()
        let doubled = TransactionText(signatures: [text.signatures[0], text.signatures[0]], payload: text.payload)
        let read = try TransactionText(parsing: doubled.bytes)
        let transaction = try Transaction(read, catalog: SampleSigner.catalog)
        let key = try VerificationKey(SampleSigner.key(0).publicKey)
        #expect(throws: Reason("signature.repeated")) {
            try transaction.checkSignatures { (_) throws(Reason) in key }
        }
    }
}

@Suite("The DSSE envelope of a transaction")
struct DSSETests {
    private let text: TransactionText
    private let json: String

    init() throws {
        var signer = SampleSigner()
        let keys = [try SampleSigner.key(1), try SampleSigner.p256Key(2)]
        text = try signer.sign(Post(id: "a", title: "公告"), by: keys)
        json = String(decoding: DSSEEnvelope.json(text), as: UTF8.self)
    }

    private func algorithm(_ id: Digest) -> SignatureAlgorithm? {
        text.signatures.first { $0.keyID == id }?.algorithm
    }

    private func refusal(_ json: String) -> Reason? { refusal(Array(json.utf8)) }

    private func refusal(_ json: [UInt8]) -> Reason? {
        do throws(Reason) {
            _ = try DSSEEnvelope.parse(json, algorithm: algorithm)
            return nil
        } catch {
            return error
        }
    }

    @Test("An envelope and the signed text mean the same bytes")
    func roundTrip() throws {
        #expect(try DSSEEnvelope.parse(Array(json.utf8), algorithm: algorithm).bytes == text.bytes)
        let payload = Base64.standard.encode(text.payload)
        let urlSafe = Base64.url.encode(text.payload)
        #expect(json.contains(payload))
        let other = json.replacing(payload, with: urlSafe)
        #expect(try DSSEEnvelope.parse(Array(other.utf8), algorithm: algorithm).bytes == text.bytes)
        let spaced = json.replacing(",", with: " ,\r\n  ")
        #expect(try DSSEEnvelope.parse(Array(spaced.utf8), algorithm: algorithm).bytes == text.bytes)
        // A key that nobody knows is taken for a phone's.
        let guest = try DSSEEnvelope.parse(Array(json.utf8)) { _ in nil }
        #expect(guest.signatures.allSatisfy { $0.algorithm == .es256 })
    }

    @Test("Every truncation is refused")
    func truncations() {
        let bytes = Array(json.utf8)
        for end in 0..<bytes.count { #expect(refusal(Array(bytes[..<end])) != nil, "cut at \(end)") }
    }

    @Test("What is not such an envelope is refused with its code")
    func refusals() throws {
        let payload = Base64.standard.encode(text.payload)
        func code(_ from: String, _ to: String) -> String? {
            let changed = json.replacing(from, with: to)
            #expect(changed != json, "\(from) is not there")
            return refusal(changed)?.code
        }
        #expect(code("\"payload\":", "\"payload\":\"e30\",\"payload\":") == "json.duplicateKey")
        #expect(code("\"payload\":", "\"p\\u0061yload\":\"e30\",\"payload\":") == "json.duplicateKey")
        #expect(code("{\"keyid\":", "{\"sig\":\"AA\",\"keyid\":") == "json.duplicateKey")
        #expect(code("linlian.tx", "in-toto") == "envelope.payloadType")
        #expect(code(payload, "*" + payload) == "envelope.base64")
        #expect(code(payload, Base64.standard.encode(Array("[1]".utf8))) == "envelope.form")
        #expect(code(payload, Base64.standard.encode(Array("{\n}".utf8))) == "envelope.form")
        #expect(code("\"signatures\"", "\"x\":1,\"signatures\"") == "field.unknown")
        #expect(code("{\"keyid\":", "{\"cert\":\"x\",\"keyid\":") == "field.unknown")
        #expect(code("\"keyid\"", "\"kid\"") == "field.missing")
        let signature = Base64.standard.encode(text.signatures[0].signature)
        #expect(code(signature, "AAAA") == "signature.encoding")
        #expect(refusal("[]")?.code == "field.type")
        #expect(refusal("{\"payloadType\":1}")?.code == "field.type")
        #expect(
            refusal("{\"payload\":\"e30\",\"payloadType\":\"application/vnd.linlian.tx+json\",\"signatures\":[]}")?.code
                == "field.range")
        #expect(refusal([UInt8](repeating: 0x20, count: 90_001))?.code == "envelope.size")
        #expect(refusal(String(repeating: "[", count: 90_000))?.code == "json.depth")
        let large = Base64.standard.encode(
            [UInt8(ascii: "{")] + [UInt8](repeating: 0x20, count: 59_990) + [UInt8(ascii: "}")])
        #expect(code(payload, large) == "envelope.size")
    }

    @Test("Nine signatures and one signer twice are refused")
    func signatures() throws {
        var signer = SampleSigner()
        let nine = try signer.sign(Post(id: "a", title: "b"), by: (0..<9).map { try SampleSigner.key($0) })
        #expect(refusal(DSSEEnvelope.json(nine))?.code == "field.range")
        let doubled = TransactionText(signatures: [text.signatures[0], text.signatures[0]], payload: text.payload)
        let read = try DSSEEnvelope.parse(DSSEEnvelope.json(doubled), algorithm: algorithm)
        let transaction = try Transaction(read, catalog: SampleSigner.catalog)
        let key = try VerificationKey(SampleSigner.key(1).publicKey)
        #expect(throws: Reason("signature.repeated")) {
            try transaction.checkSignatures { (_) throws(Reason) in key }
        }
    }
}
