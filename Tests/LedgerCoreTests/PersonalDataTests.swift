import ContractKit
import LedgerCore
import LedgerSamples
import LedgerTesting
import MerkleLog
import Primitives
import Testing

@Suite("The personal-data screen")
struct PersonalDataTests {
    // Made up: the identity numbers belong to an area code that was never given out, the card is a test number.
    static let identity = "99010119900307127" + "0123456789X".filter { Self.checks("99010119900307127", $0) }
    static let phone = "13800138000"
    static let card = "621234567890000000" + luhn("621234567890000000")

    static func checks(_ digits: String, _ check: Character) -> Bool {
        let weights = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2]
        let sum = zip(digits, weights).map { ($0.wholeNumberValue ?? 0) * $1 }.reduce(0, +)
        return Array("10X98765432")[sum % 11] == check
    }

    /// The digit that makes a number pass ISO/IEC 7812.
    static func luhn(_ digits: String) -> String {
        let sum = digits.reversed().enumerated().map { place, digit in
            let value = (digit.wholeNumberValue ?? 0) * (place % 2 == 0 ? 2 : 1)
            return value > 9 ? value - 9 : value
        }.reduce(0, +)
        return String((10 - sum % 10) % 10)
    }

    private static func wide(_ text: String) -> String {
        String(
            String.UnicodeScalarView(
                text.unicodeScalars.map { scalar in
                    (0x30...0x39).contains(scalar.value) || scalar == "X"
                        ? Unicode.Scalar(scalar.value + 0xFEE0) ?? scalar : scalar
                }))
    }

    private func find(_ text: String) -> String? { PersonalDataScreen.find(in: Array(text.utf8)) }

    @Test("Numbers are found in every dress")
    func found() {
        let identity = Self.identity
        for text in [
            identity, "身份证\(identity)。", "id:\(identity);", Self.wide(identity), "张三(\(identity.lowercased()))",
            "\(identity.prefix(6)) \(identity.dropFirst(6).prefix(8)) \(identity.suffix(4))",
            "\(identity.prefix(6))-\(identity.dropFirst(6).prefix(8))-\(identity.suffix(4))",
        ] {
            #expect(find(text) == "personalData.identityNumber", "\(text)")
        }
        for text in [
            Self.phone, "电话\(Self.phone)", "+86\(Self.phone)", "+86 \(Self.phone)", "86-\(Self.phone)", "138 0013 8000",
            "138-0013-8000", Self.wide(Self.phone), "Tel.13800138000x", "138  0013  8000",
            "138\u{3000}0013\u{3000}8000",
            "138－0013－8000", "3号楼 13800138000", "2 13800138000", "13800138000 13900139000", "1-2-301 13800138000 周末",
            "1-2-301 138 0013 8000", "138\u{A0}0013–8000",
        ] {
            #expect(find(text) == "personalData.phone", "\(text)")
        }
        for text in [
            Self.card, "卡号 \(Self.card)", Self.wide(Self.card),
            "\(Self.card.prefix(4)) \(Self.card.dropFirst(4).prefix(4)) \(Self.card.dropFirst(8).prefix(4)) \(Self.card.dropFirst(12))",
            "4111111111111111", "4111-1111-1111-1111",
        ] {
            #expect(find(text) == "personalData.bankCard", "\(text)")
        }
    }

    @Test("Other numbers are let in")
    func others() throws {
        for text in [
            "", "3号楼2单元301", "2026-01-01 08:00", "预算 120000.00 元", "023-68001234", "10086", "12345", "12800138000",
            "1380013800", "138001380001", "面积 8950.25", "4111111111111112", "0000000000000000", "1767225600000",
            "99010119900307127Y", "99011319900307127" + Self.identity.suffix(1),
            try SampleSigner.key(1).publicKey.keyID.hex, Base64.url.encode(try SampleSigner.p256Key(1).publicKey.bytes),
            String(repeating: "1", count: 40), String(repeating: "13800138000", count: 4),
        ] {
            #expect(find(text) == nil, "\(text)")
        }
        // A wrong check digit is no identity number.
        let wrong = "0123456789X".filter { !Self.checks("99010119900307127", $0) }
        for digit in wrong { #expect(find("99010119900307127\(digit)") != "personalData.identityNumber") }
    }

    @Test("Digests, keys and signatures are hardly ever taken for a number")
    func digests() throws {
        var random = SeededGenerator(seed: 11)
        var mistaken = 0
        for _ in 0..<20_000 {
            let digest = Digest(random.next(), random.next(), random.next(), random.next())
            if find(digest.hex) != nil || find(Base64.url.encode(digest.bytes)) != nil { mistaken += 1 }
        }
        #expect(mistaken == 0, "seed 11")
    }

    @Test("The gate refuses them with the path of the field, however deep and however escaped")
    func gate() throws {
        var ledger = try SampleLedger.founded()
        let gate = Admission(ledger.machine)
        func refusal(_ post: Post) throws -> Reason? {
            let text = try ledger.text(post)
            do throws(Reason) {
                _ = try gate.admit(text, now: SampleSigner.start)
                return nil
            } catch {
                return error
            }
        }
        #expect(try refusal(Post(id: "a", title: "公告")) == nil)
        #expect(
            try refusal(Post(id: "a", title: "业主 \(Self.identity)"))
                == Reason("personalData.identityNumber", field: "body.title"))
        #expect(
            try refusal(Post(id: "a", title: "t", details: [.init(remark: "x"), .init(remark: "打给\(Self.phone)")]))
                == Reason("personalData.phone", field: "body.details[1].remark"))
        #expect(
            try refusal(Post(id: "p-13800138000", title: "t")) == Reason("personalData.phone", field: "body.id"))
        let escaped = "{\"details\":[],\"id\":\"a\",\"title\":\"\\u0031\\u00338\\u00300138000\"}"
        let text = try ledger.signer.sign(
            type: "board.post", body: Array(escaped.utf8), by: [ledger.resident])
        #expect(throws: Reason("personalData.phone", field: "body.title")) {
            try gate.admit(text, now: SampleSigner.start)
        }
        #expect(ledger.machine.log.size == UInt64(ledger.leaves.count))
    }
}
