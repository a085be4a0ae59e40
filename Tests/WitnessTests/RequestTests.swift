import MerkleLog
import Primitives
import Testing
import Witness

@Suite("An add-checkpoint request")
struct RequestTests {
    private func body(_ lines: [String], _ checkpoint: [UInt8]? = nil) throws -> [UInt8] {
        let note = try checkpoint ?? SampleLog("example.org/lane", count: 3).checkpoint().bytes
        return lines.flatMap { Array(($0 + "\n").utf8) } + note
    }

    private static let hash = "CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I="

    @Test("has one spelling, which is read and written alike")
    func roundTrip() throws {
        var log = SampleLog("example.org/lane", count: 5)
        log.grow(8)
        let request = try log.request(from: 5)
        #expect(!request.proof.isEmpty)
        #expect(try AddCheckpointRequest(parsing: request.bytes) == request)
        let most = try body(["old 1"] + Array(repeating: Self.hash, count: 63) + [""])
        #expect(try AddCheckpointRequest(parsing: most).proof.count == 63)
    }

    @Test(
        "with another form is refused",
        arguments: [
            ["old", ""], ["old ", ""], ["old 01", ""], ["old -1", ""], ["old 1 ", ""], ["OLD 1", ""], ["old  1", ""],
            ["size 1", ""], ["old 18446744073709551616", ""], ["", "old 1", ""], ["old 1\r", ""], [""],
            ["old 1", "CsUY", ""], ["old 1", " " + hash, ""], ["old 1", hash + " ", ""], ["old 1", hash + hash, ""],
            ["old 1", String(hash.dropLast()), ""], ["old 1", hash],
            ["old 1"] + Array(repeating: hash, count: 64) + [""],
        ])
    func refused(lines: [String]) throws {
        #expect(throws: WitnessRefusal.self) { try AddCheckpointRequest(parsing: body(lines)) }
    }

    @Test("with a broken checkpoint is refused with the note's code")
    func brokenCheckpoint() throws {
        #expect(throws: WitnessRefusal.malformed("note.text")) {
            try AddCheckpointRequest(parsing: body(["old 0", ""], Array("a\n1\n\u{1}\n\n— a b\n".utf8)))
        }
        #expect(throws: WitnessRefusal.malformed("note.unsigned")) {
            try AddCheckpointRequest(parsing: body(["old 0", ""], Array("a\n0\n\(Self.hash)\n".utf8)))
        }
        #expect(throws: WitnessRefusal.malformed("checkpoint.malformed")) {
            try AddCheckpointRequest(parsing: body(["old 0", ""], Array("a\n01\n\(Self.hash)\n\n— a AAAAAAA=\n".utf8)))
        }
        #expect(throws: WitnessRefusal.malformed("note.text")) {
            try AddCheckpointRequest(parsing: body(["old 0", ""], []))
        }
    }

    @Test("longer than a note can be is not read")
    func tooLarge() throws {
        let note = [UInt8](repeating: 0x61, count: AddCheckpointRequest.maximumByteCount)
        #expect(throws: WitnessRefusal.tooLarge) { try AddCheckpointRequest(parsing: body(["old 0", ""], note)) }
    }

    @Test("damaged in any way is refused, or means exactly its bytes")
    func fuzz() throws {
        let seed: UInt64 = 0x5EED_4A11
        print("seed \(seed)")
        var random = SplitMix(seed: seed)
        var log = SampleLog("example.org/lane", count: 7)
        log.grow(30)
        let good = try log.request(from: 7).bytes
        let interesting: [UInt8] = [0x00, 0x09, 0x0A, 0x0D, 0x20, 0x2B, 0x30, 0x3D, 0x7F, 0xE2, 0xFF]
        var accepted = 0
        for round in 0..<6_000 {
            var bytes = good
            if round % 5 == 0 {
                bytes = (0..<random.below(300)).map { _ in UInt8(random.below(256)) }
            } else {
                for _ in 0...random.below(3) where !bytes.isEmpty {
                    let place = random.below(bytes.count)
                    switch random.below(5) {
                    case 0: bytes[place] ^= 1 << UInt8(random.below(8))
                    case 1: bytes[place] = interesting[random.below(interesting.count)]
                    case 2: bytes.insert(interesting[random.below(interesting.count)], at: place)
                    case 3: bytes.removeSubrange(place..<min(bytes.count, place + 1 + random.below(50)))
                    default: bytes.insert(contentsOf: bytes[place..<min(bytes.count, place + 46)], at: place)
                    }
                }
            }
            guard let request = try? AddCheckpointRequest(parsing: bytes) else { continue }
            accepted += 1
            #expect(request.bytes == bytes, "seed \(seed), round \(round)")
        }
        #expect(accepted > 100, "only refusals were tried")
    }
}

/// SplitMix64: the same numbers from the same seed.
struct SplitMix: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }

    mutating func below(_ limit: Int) -> Int { limit == 0 ? 0 : Int.random(in: 0..<limit, using: &self) }
}
