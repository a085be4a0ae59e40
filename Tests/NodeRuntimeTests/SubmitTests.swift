import ContractKit
import Crypto
import HTTPTypes
import HummingbirdTesting
import LedgerCore
import NodeRuntime
import Primitives
import Storage
import Testing

@Suite("Submitting transactions")
struct SubmitTests {
    @Test("A signed text and its DSSE envelope mean the same, and sending again gives the same answer")
    func submitAndResubmit() async throws {
        try await TestNode.with { test in
            let text = try test.note("a")
            try await test.api { client in
                let first = try await client.post(text.bytes, type: "application/vnd.linlian.tx")
                #expect(first.status == .ok)
                let answer = try first.json()
                #expect(answer.member("status")?.string == "accepted")
                #expect(answer.member("id")?.string == test.id(text).hex)
                #expect(answer.member("final")?.bool == true)
                let size = test.node.hub.latest?.size
                let again = try await client.post(DSSEEnvelope.json(text), type: "application/json")
                #expect(again.string == first.string)
                #expect(test.node.hub.latest?.size ?? 0 <= (size ?? 0) + 1, "at most a seal was added")
                test.advance(milliseconds: 2 * Instant.hour)
                let late = try await client.post(text.bytes)
                #expect(late.string == first.string, "known although it has expired")
                #expect(try await client.post(try test.note("b", "x").bytes).status == .ok)
            }
        }
    }

    @Test("Who has an answer can fetch the receipt at once")
    func receiptAfterAnswer() async throws {
        try await TestNode.with { test in
            for number in 0..<300 {
                let statuses = try await test.node.submit([test.note("n\(number)")])
                // The checkpoint that receipts are made under holds the transaction already.
                let size = test.node.hub.latest?.size ?? 0
                #expect(size > (statuses.first?.leaf ?? .max))
            }
        }
    }

    @Test("A refused rule is ordered, recorded and told in the reader's language")
    func rejected() async throws {
        try await TestNode.with { test in
            try await test.write(1)
            let text = try test.note("n0")
            try await test.api { client in
                let answer = try await client.post(text.bytes)
                #expect(answer.status == .ok)
                #expect(try answer.json().member("status")?.string == "rejected")
                #expect(try answer.json().member("code")?.string == "notes.known")
                #expect(try answer.json().member("message")?.string?.isEmpty == false)
                let one = try await client.get("/api/v1/transactions/\(test.id(text).hex)")
                #expect(try one.json().member("status")?.string == "rejected")
                #expect(try one.json().member("events")?.count == 0)
            }
        }
    }

    @Test("A batch answers each text for itself")
    func batch() async throws {
        try await TestNode.with { test in
            let texts = try [test.note("a").bytes, Array("rubbish".utf8), test.note("a").bytes, test.note("b").bytes]
            let body = texts.flatMap { Array("\($0.count)\n".utf8) + $0 }
            try await test.api { client in
                let answer = try await client.post(body, type: "application/vnd.linlian.tx-batch")
                #expect(answer.status == .ok)
                let statuses = try answer.json().elements.map { $0.member("status")?.string }
                #expect(statuses == ["accepted", "refused", "rejected", "accepted"])
                #expect(try answer.json().elements[1].member("error")?.member("code")?.string == "envelope.form")
                for broken in ["", "5\nab", "05\nabcde", "x\n", "99999999\n", "0\n", "-1\nx"] {
                    let refusal = try await client.post(
                        Array(broken.utf8), type: "application/vnd.linlian.tx-batch")
                    #expect(refusal.status == .badRequest, "\(broken)")
                    #expect(refusal.code?.hasPrefix("batch.") == true, "\(broken)")
                }
                let many = Array(String(repeating: "1\nx", count: 101).utf8)
                #expect(try await client.post(many, type: "application/vnd.linlian.tx-batch").code == "batch.count")
            }
        }
    }

    /// A refusal that the gate must give.
    private struct Case {
        let name: String
        let body: [UInt8]
        var type: String?
        let status: HTTPResponse.Status
        let code: String
    }

    @Test("Bad input gets a stable code, and nothing is written")
    func refusals() async throws {
        try await TestNode.with { test in
            let cases = try Self.cases(test)
            try await test.api { client in
                let size = test.node.hub.latest?.size
                for item in cases {
                    let answer = try await client.post(item.body, type: item.type)
                    #expect(answer.status == item.status, "\(item.name): \(answer.string)")
                    #expect(answer.code == item.code, "\(item.name): \(answer.string)")
                    #expect(try answer.json().member("error")?.member("help")?.string?.isEmpty == false)
                }
                #expect(test.node.hub.latest?.size == size)
                #expect(try test.node.store.leafCount() == size)
            }
        }
    }

    private static func cases(_ test: TestNode) throws -> [Case] {
        let good = try test.note("good")
        let line = try #require(good.signatures.first)
        let stranger = SigningKey(generating: .es256)
        func signed(_ payload: String) throws -> [UInt8] {
            let bytes = Array(payload.utf8)
            return TransactionText(signatures: [try test.resident.sign(payload: bytes)], payload: bytes).bytes
        }
        func payload(_ body: String, type: String = "notes.write") -> String {
            let nonce = Base64.url.encode([UInt8](repeating: 7, count: 16))
            let notAfter = test.now.milliseconds + 1_000
            return "{\"as\":\"resident\",\"body\":\(body),\"ledger\":\"\(TestNode.origin)\",\"nonce\":\"\(nonce)\","
                + "\"notAfter\":\(notAfter),\"type\":\"\(type)\"}"
        }
        func forged(_ change: ([UInt8]) -> [UInt8]) -> [UInt8] {
            let other = SignatureLine(
                algorithm: line.algorithm, keyID: line.keyID, signature: change(line.signature))
            return TransactionText(signatures: [other], payload: good.payload).bytes
        }
        let deep = String(repeating: "[", count: 40) + String(repeating: "]", count: 40)
        return [
            Case(name: "empty", body: [], status: .badRequest, code: "envelope.form"),
            Case(name: "rubbish", body: Array("hello".utf8), status: .badRequest, code: "envelope.form"),
            Case(name: "truncated", body: Array(good.bytes.dropLast(20)), status: .badRequest, code: "envelope.form"),
            Case(
                name: "no signature", body: Array("linlian/tx/v1\n{}\n".utf8), status: .badRequest,
                code: "signature.missing"),
            Case(
                name: "oversize", body: [UInt8](repeating: 0x61, count: 70_000), status: .contentTooLarge,
                code: "envelope.size"),
            Case(
                name: "10 MB", body: [UInt8](repeating: 0x61, count: 10 << 20), status: .contentTooLarge,
                code: "envelope.size"),
            Case(
                name: "media type", body: good.bytes, type: "image/png", status: .unsupportedMediaType,
                code: "page.mediaType"),
            Case(
                name: "not JSON", body: Array("{".utf8), type: "application/json", status: .badRequest,
                code: "json.syntax"),
            Case(
                name: "wrong ledger", body: try test.sign(Write(id: "w", text: ""), ledger: "other").bytes,
                status: .unprocessableContent, code: "ledger.wrong"),
            Case(
                name: "expired",
                body: try test.sign(Write(id: "w", text: ""), notAfter: Instant(milliseconds: 5)).bytes,
                status: .unprocessableContent, code: "transaction.expired"),
            Case(
                name: "too long valid",
                body: try test.sign(Write(id: "w", text: ""), notAfter: test.now.advanced(byDays: 2)).bytes,
                status: .unprocessableContent, code: "transaction.notAfterTooLate"),
            Case(
                name: "forged",
                body: forged { bytes in
                    var bytes = bytes
                    bytes[3] ^= 1
                    return bytes
                }, status: .unauthorized, code: "signature.invalid"),
            Case(name: "high s", body: forged(Self.highS), status: .unauthorized, code: "signature.highS"),
            Case(
                name: "unknown account", body: try test.sign(Write(id: "w", text: ""), by: stranger).bytes,
                status: .unauthorized, code: "account.unknown"),
            Case(
                name: "wrong role", body: try test.sign(Write(id: "w", text: ""), as: .party("committee")).bytes,
                status: .forbidden, code: "account.role"),
            Case(
                name: "staff as resident", body: try test.sign(Write(id: "w", text: ""), by: test.staff).bytes,
                status: .forbidden, code: "account.role"),
            Case(
                name: "unknown type", body: try signed(payload("{}", type: "notes.burn")),
                status: .unprocessableContent, code: "transaction.type"),
            Case(
                name: "float", body: try signed(payload("{\"id\":\"a\",\"text\":1.5}")), status: .badRequest,
                code: "json.float"),
            Case(
                name: "duplicate key", body: try signed(payload("{\"id\":\"a\",\"id\":\"b\",\"text\":\"\"}")),
                status: .badRequest, code: "json.duplicateKey"),
            Case(
                name: "deep", body: try signed(payload("{\"id\":\"a\",\"text\":\(deep)}")), status: .badRequest,
                code: "json.depth"),
            Case(
                name: "missing field", body: try signed(payload("{\"id\":\"a\"}")), status: .unprocessableContent,
                code: "field.missing"),
            Case(
                name: "unknown field", body: try signed(payload("{\"id\":\"a\",\"text\":\"\",\"more\":1}")),
                status: .unprocessableContent, code: "field.unknown"),
            Case(
                name: "identity number", body: try test.note("p", "call 11010519491231002X please").bytes,
                status: .unprocessableContent, code: "personalData.identityNumber"),
        ]
    }

    /// The mirror image of a signature: valid for lenient checkers, refused here.
    private static func highS(_ signature: [UInt8]) -> [UInt8] {
        let order: [UInt8] = [
            0xFF, 0xFF, 0xFF, 0xFF, 0x00, 0x00, 0x00, 0x00, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF,
            0xBC, 0xE6, 0xFA, 0xAD, 0xA7, 0x17, 0x9E, 0x84, 0xF3, 0xB9, 0xCA, 0xC2, 0xFC, 0x63, 0x25, 0x51,
        ]
        var result = signature
        var borrow = 0
        for at in (0..<32).reversed() {
            let difference = Int(order[at]) - Int(signature[32 + at]) - borrow
            borrow = difference < 0 ? 1 : 0
            result[32 + at] = UInt8(truncatingIfNeeded: difference)
        }
        return result
    }
}
