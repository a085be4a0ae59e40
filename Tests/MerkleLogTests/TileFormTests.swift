import MerkleLog
import Primitives
import Testing

@Suite struct TileFormTests {
    @Test(arguments: [
        ("tile/0/000", TilePath.tile(level: 0, index: 0, width: 256)),
        ("tile/0/x001/x234/067", .tile(level: 0, index: 1_234_067, width: 256)),
        ("tile/1/x001/000", .tile(level: 1, index: 1000, width: 256)),
        ("tile/63/999.p/255", .tile(level: 63, index: 999, width: 255)),
        ("tile/entries/x001/234.p/1", .entries(index: 1234, width: 1)),
        ("tile/entries/000", .entries(index: 0, width: 256)),
        (
            "tile/0/x018/x446/x744/x073/x709/x551/614",
            .tile(level: 0, index: 18_446_744_073_709_551_614, width: 256)
        ),
    ])
    func pathsReadAndWrite(text: String, path: TilePath) {
        // The largest index but a few is refused: its digits would not fit a multiplication by 1,000 unseen.
        #expect(path.text == text)
        #expect(TilePath(text) == (text.contains("x018") ? nil : path))
    }

    @Test(arguments: [
        "", "tile", "tile/0", "tile/0/", "/tile/0/000", "tile/0/0", "tile/0/00", "tile/0/0000", "tile/00/000",
        "tile/64/000", "tile/-1/000", "tile/x/000", "tile/0/x000/001", "tile/0/001/001", "tile/0/x001",
        "tile/0/x01/001",
        "tile/0/000.p/0", "tile/0/000.p/256", "tile/0/000.p/01", "tile/0/000.p/", "tile/0/000.p", "tile/0/000/p/1",
        "tile/0/.p/1", "tile/0/000.p/1/2", "tile/0/x001.p/1", "tile/entries", "tile/entries/", "tile/entries/0",
        "tile/Entries/000", "tile/0/000 ", "tile//000", "tile/0//000", "tile/0/00a", "tile/0/x001/x001",
        "tile/0/x999/x999/x999/x999/x999/x999/999", "tile/0/x001/x000/x000/x000/x000/x000/x000/000",
    ])
    func otherPathsAreRefused(text: String) {
        #expect(TilePath(text) == nil)
    }

    @Test func everyIndexHasOnePath() {
        var random = SeededRandom(seed: 30)
        for _ in 0..<500 {
            let index = random.next() >> UInt64(10 + random.below(54))
            let path = TilePath.entries(index: index, width: 1 + random.below(256))
            #expect(TilePath(path.text) == path)
        }
    }

    @Test func bundlesReadAndWrite() throws {
        let entries = [[], [1], [UInt8](repeating: 7, count: 65_535)]
        let bytes = try #require(EntryBundle.encode(entries))
        #expect(Array(bytes.prefix(5)) == [0, 0, 0, 1, 1])
        #expect(EntryBundle.decode(bytes) == entries)
        #expect(EntryBundle.decode([]) == [])
        #expect(EntryBundle.decode([0]) == nil)
        #expect(EntryBundle.decode([0, 2, 1]) == nil)
        #expect(EntryBundle.decode(bytes + [0]) == nil)
        #expect(EntryBundle.decode([UInt8](repeating: 0, count: 512))?.count == 256)
        #expect(EntryBundle.decode([UInt8](repeating: 0, count: 514)) == nil)
        #expect(EntryBundle.encode([[UInt8](repeating: 7, count: 65_536)]) == nil)
        #expect(EntryBundle.encode([[UInt8]](repeating: [], count: 257)) == nil)
    }
}
