import MerkleLog
import Primitives
import Testing

@Suite struct MerkleTreeTests {
    @Test func knownRootsOfCertificateTransparency() throws {
        let entries = [
            "", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f",
        ]
        let roots = [
            "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
            "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
            "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
            "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
            "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
            "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
            "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
            "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
            "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
        ]
        var tree = MerkleTree<PortableSHA256>()
        #expect(tree.root().hex == roots[0])
        for (entry, root) in zip(entries, roots.dropFirst()) {
            tree.append(PortableSHA256.leafHash(try #require(Hex.decode(entry))))
            #expect(tree.root().hex == root)
        }
    }

    @Test func rootsAreThoseOfTheRecursion() {
        var random = SeededRandom(seed: 10)
        let leaves = (0..<600).map { _ in random.digest() }
        var tree = MerkleTree<H>()
        for size in 0...leaves.count {
            if size % 7 == 0 || size < 70 || (250..<260).contains(size) {
                #expect(tree.root() == naiveRoot(leaves[..<size]), "size \(size)")
            }
            if size < leaves.count { tree.append(leaves[size]) }
        }
    }

    @Test func tilesAreThoseOfTheFormulaAndRestoreTheTree() throws {
        var random = SeededRandom(seed: 11)
        // Long enough for a full tile at level 1 and a hash at level 2; the naive tiles are worked out for some only.
        let leaves = (0..<66_000).map { _ in random.digest() }
        let checkpoints: Set<Int> = [0, 1, 255, 256, 257, 511, 512, 600, 4_000, 65_535, 65_536, 65_537, 66_000]
        var tree = MerkleTree<H>()
        let store = TileStore()
        for size in 0...leaves.count {
            if checkpoints.contains(size) {
                store.keep(tree.takeCompletedTiles())
                let root = tree.root()
                let tail = Array(leaves[(size & ~255)..<size])
                #expect(tree.tailLeafHashes == tail)
                var restored = try MerkleTree<H>(size: UInt64(size), tiles: store.reader, tailLeafHashes: tail)
                #expect(restored.root() == root, "size \(size)")
                #expect(restored.size == UInt64(size))
                let edge = EdgeTileReader(tree: restored, base: store.reader)
                #expect(try Tiles.root(size: UInt64(size), tiles: edge, using: H.self) == root)
                for level in 0..<3 { #expect(restored.partialTile(level: level) == tree.partialTile(level: level)) }
                // Both go on alike.
                var continued = tree
                for leaf in leaves.prefix(300) {
                    restored.append(leaf)
                    continued.append(leaf)
                }
                #expect(restored.root() == continued.root())
                #expect(restored.takeCompletedTiles() == continued.takeCompletedTiles())
            }
            if size < leaves.count { tree.append(leaves[size]) }
        }
        #expect(store.tiles.count == 257 + 1)
        let naive = NaiveTiles(leaves: leaves)
        for coordinate in [(0, 0), (0, 256), (1, 0)] {
            let tile = TileCoordinate(level: coordinate.0, index: UInt64(coordinate.1))
            let expected = try naive.tile(level: tile.level, index: tile.index, width: 256)
            #expect(store.tiles[tile] == expected)
        }
    }

    @Test func restoringFromDamagedOrMissingTilesFails() throws {
        let tail = [Digest.zero]
        let missing = ClosureTileReader { (level, index, _) throws(TileError) in
            throw .unavailable(TileCoordinate(level: level, index: index), reason: "gone")
        }
        let short = ClosureTileReader { (_, _, _) throws(TileError) in [1, 2, 3] }
        #expect(throws: TileError.unavailable(TileCoordinate(level: 0, index: 0), reason: "gone")) {
            try MerkleTree<H>(size: 257, tiles: missing, tailLeafHashes: tail)
        }
        #expect(throws: TileError.wrongLength(TileCoordinate(level: 0, index: 0), expected: 8192, found: 3)) {
            try MerkleTree<H>(size: 257, tiles: short, tailLeafHashes: tail)
        }
        #expect(throws: TileError.outOfRange) { try MerkleTree<H>(size: 256, tiles: missing, tailLeafHashes: tail) }
        #expect(throws: TileError.outOfRange) { try MerkleTree<H>(size: .max, tiles: missing, tailLeafHashes: tail) }
    }

    @Test func widthsAreThoseOfTheSpecification() {
        // "A tree of size 70,000 will be represented by 273 full level 0 tiles, one partial level 0 tile of width 112,
        // one full level 1 tile, one partial level 1 tile of width 17, and one partial level 2 tile of width 1."
        #expect(Tiles.width(level: 0, index: 272, size: 70_000) == 256)
        #expect(Tiles.width(level: 0, index: 273, size: 70_000) == 112)
        #expect(Tiles.width(level: 0, index: 274, size: 70_000) == 0)
        #expect(Tiles.width(level: 1, index: 0, size: 70_000) == 256)
        #expect(Tiles.width(level: 1, index: 1, size: 70_000) == 17)
        #expect(Tiles.width(level: 2, index: 0, size: 70_000) == 1)
        #expect(Tiles.width(level: 3, index: 0, size: 70_000) == 0)
        #expect(Tiles.width(level: 0, index: 0, size: 256) == 256)
        #expect(Tiles.width(level: 1, index: 0, size: 256) == 1)
        #expect(Tiles.width(level: -1, index: 0, size: 256) == 0)
        #expect(Tiles.width(level: 0, index: .max, size: .max) == 0)
    }
}
