import Primitives
import Testing

@Suite struct CodecTests {
    @Test func hexIsLowerCaseAndReadsOnlyItself() {
        let all = [UInt8](0...255)
        #expect(Hex.encode([0, 9, 10, 255]) == "00090aff")
        #expect(Hex.decode(Hex.encode(all)) == all)
        #expect(Hex.decode(Hex.encodeBytes(all)) == all)
        for bad in ["0", "0g", "AB", "a B", "é", " 00", "00\n"] { #expect(Hex.decode(bad) == nil, "\(bad)") }
        #expect(Hex.decode("") == [])
    }

    @Test(arguments: [
        ("", ""), ("f", "Zg=="), ("fo", "Zm8="), ("foo", "Zm9v"), ("foob", "Zm9vYg=="), ("fooba", "Zm9vYmE="),
        ("foobar", "Zm9vYmFy"),
    ])
    func base64GivesTheExamplesOfRFC4648(plain: String, text: String) {
        let bytes = [UInt8](plain.utf8)
        #expect(Base64.standard.encode(bytes) == text)
        #expect(Base64.standard.decode(text) == bytes)
        let unpadded = String(text.prefix { $0 != "=" })
        #expect(Base64.url.encode(bytes) == unpadded)
        #expect(Base64.url.decode(unpadded) == bytes)
    }

    @Test func base64RefusesEverySecondSpelling() {
        let refused = [
            "Zg", "Zg=", "Zg===", "Zh==", "Zm9=", "Zm8", "Zm8==", "Z", "====", "=", "Zg==Zg==", " Zg==", "Zg==\n",
            "Zm9v\n", "Zm 9v", "Zm9-", "Zm9_", "Z=g=", "Zm9v=", "Zm9vZ", "Zm9\u{e9}",
        ]
        for text in refused { #expect(Base64.standard.decode(text) == nil, "\(text)") }
        for text in ["Zg==", "Zh", "Zm9", "Z", "Zm8=", "Zm9+", "Zm9/", "Zm9v\n"] {
            #expect(Base64.url.decode(text) == nil, "\(text)")
        }
        #expect(Base64.standard.decode("+/+/") == Base64.url.decode("-_-_"))
    }

    @Test func whateverDecodesEncodesToTheSameText() {
        var random = SeededRandom(seed: 3)
        let alphabet = [UInt8]("ABCDabcd0123+/-_= \n".utf8)
        for _ in 0..<20_000 {
            let count = Int.random(in: 0...10, using: &random)
            let text = (0..<count).map { _ in alphabet.randomElement(using: &random) ?? 0 }
            if let bytes = Base64.standard.decode(text) { #expect(Base64.standard.encodeBytes(bytes) == text) }
            if let bytes = Base64.url.decode(text[...]) { #expect(Base64.url.encodeBytes(bytes) == text) }
            if let bytes = Hex.decode(text) { #expect(Hex.encodeBytes(bytes) == text) }
        }
        for length in 0..<200 {
            let bytes = random.bytes(length)
            #expect(Base64.standard.decode(Base64.standard.encodeBytes(bytes)) == bytes)
            #expect(Base64.url.decode(Base64.url.encode(bytes)) == bytes)
        }
    }

    @Test func constantTimeEqualityIsEquality() {
        #expect(constantTimeEqual([], []))
        #expect(constantTimeEqual([1, 2], [1, 2]))
        #expect(!constantTimeEqual([1, 2], [1, 3]))
        #expect(!constantTimeEqual([1, 2], [1, 2, 3]))
    }

    @Test func decimalsHaveOneSpelling() {
        for value: UInt64 in [0, 1, 9, 10, 99, 100, 12_345, .max - 1, .max] {
            var text: [UInt8] = []
            ASCIIDecimal.append(value, to: &text)
            #expect(String(decoding: text, as: UTF8.self) == String(value))
            #expect(ASCIIDecimal.parse(text[...]) == value)
        }
        let refused = ["", "00", "01", "+1", "-1", " 1", "1 ", "1a", "18446744073709551616", "99999999999999999999"]
        for text in refused { #expect(ASCIIDecimal.parse([UInt8](text.utf8)[...]) == nil, "\(text)") }
        #expect(ASCIIDecimal.parse([0x32], maximum: 1) == nil)
    }

    @Test func textIsWellFormedExactlyWhenTheStandardLibrarySaysSo() {
        var random = SeededRandom(seed: 4)
        let interesting: [UInt8] = [
            0x00, 0x41, 0x7F, 0x80, 0x8F, 0x90, 0x9F, 0xA0, 0xBF, 0xC0, 0xC2, 0xDF, 0xE0, 0xED, 0xEF, 0xF0, 0xF4, 0xF5,
        ]
        for _ in 0..<50_000 {
            let count = Int.random(in: 0...6, using: &random)
            let bytes = (0..<count).map { _ in interesting.randomElement(using: &random) ?? 0 }
            #expect(UTF8Text.isWellFormed(bytes) == (String(validating: bytes, as: UTF8.self) != nil), "\(bytes)")
        }
    }

    @Test func textIsComparedByBytes() {
        let composed = UTF8Text("\u{e9}")
        let decomposed = UTF8Text("e\u{301}")
        #expect(composed.string == decomposed.string)
        #expect(composed != decomposed)
        #expect(decomposed < composed)
        #expect(UTF8Text(bytes: [0xC3, 0xA9]) == composed)
    }
}
