import Crypto
import Primitives
import Testing

@Suite struct DigestTests {
    @Test func bytesHexAndWordsAgree() {
        let bytes = [UInt8](0..<32)
        let digest = Primitives.Digest(bytes: bytes)
        #expect(digest?.bytes == bytes)
        #expect(digest?.word0 == 0x0001_0203_0405_0607)
        #expect(digest?.hex == "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f")
        #expect(digest == Primitives.Digest(hex: digest?.hex ?? ""))
        var appended: [UInt8] = [0xFF]
        digest?.append(to: &appended)
        #expect(appended == [0xFF] + bytes)
        #expect(digest == Primitives.Digest(bytes: appended[1...]))
    }

    @Test func otherLengthsAreNoDigest() {
        #expect(Primitives.Digest(bytes: [UInt8](repeating: 0, count: 31)) == nil)
        #expect(Primitives.Digest(bytes: [UInt8](repeating: 0, count: 33)) == nil)
        #expect(Primitives.Digest(hex: String(repeating: "0", count: 62)) == nil)
        #expect(Primitives.Digest(hex: String(repeating: "F", count: 64)) == nil)
    }

    @Test func orderAndBitsAreThoseOfTheBytes() {
        var random = SeededRandom(seed: 1)
        for _ in 0..<500 {
            var left = random.bytes(32)
            // Shared prefixes of every length, or the later words would never be compared.
            let shared = Int.random(in: 0...32, using: &random)
            var right = Array(left.prefix(shared)) + random.bytes(32 - shared)
            if Bool.random(using: &random) { swap(&left, &right) }
            guard let a = Primitives.Digest(bytes: left), let b = Primitives.Digest(bytes: right) else {
                Issue.record("32 bytes must make a digest")
                return
            }
            #expect((a < b) == left.lexicographicallyPrecedes(right))
            #expect((a == b) == (left == right))
            let bits = (0..<256).map { left[$0 / 8] & (0x80 >> UInt8($0 % 8)) != 0 }
            let otherBits = (0..<256).map { right[$0 / 8] & (0x80 >> UInt8($0 % 8)) != 0 }
            #expect((0..<256).map { a.bit(at: $0) } == bits)
            #expect(a.firstDifferingBit(from: b) == (0..<256).first { bits[$0] != otherBits[$0] })
        }
        #expect(Primitives.Digest(hex: String(repeating: "f", count: 64))?.bit(at: 256) == false)
        #expect(Primitives.Digest(hex: String(repeating: "f", count: 64))?.bit(at: -1) == false)
    }

    @Test(arguments: [
        ("", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
        ("abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"),
        (
            "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
            "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"
        ),
    ])
    func portableSHA256GivesThePublishedDigests(text: String, hex: String) {
        #expect(PortableSHA256.hash(utf8: text).hex == hex)
    }

    @Test func portableSHA256AgreesWithBoringSSL() {
        var random = SeededRandom(seed: 2)
        for length in Array(0..<260) + [511, 512, 513, 4096, 70_001] {
            let bytes = random.bytes(length)
            #expect(PortableSHA256.hash(bytes).bytes == Array(SHA256.hash(data: bytes)), "length \(length)")
            #expect(PortableSHA256.hash(prefix: 7, bytes).bytes == Array(SHA256.hash(data: [7] + bytes)))
        }
        let left = PortableSHA256.hash(utf8: "left")
        let right = PortableSHA256.hash(utf8: "right")
        #expect(PortableSHA256.hash(prefix: 1, left, right) == PortableSHA256.hash([1] + left.bytes + right.bytes))
    }
}
