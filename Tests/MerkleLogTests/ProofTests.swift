import MerkleLog
import Primitives
import Testing

@Suite struct ProofTests {
    private func tree(_ count: Int, seed: UInt64) -> (leaves: [Digest], tiles: NaiveTiles) {
        var random = SeededRandom(seed: seed)
        let leaves = (0..<count).map { _ in random.digest() }
        return (leaves, NaiveTiles(leaves: leaves))
    }

    @Test func everyLeafOfEverySmallTreeIsProvedAndDamageIsSeen() throws {
        let (leaves, tiles) = tree(66, seed: 20)
        for size in 1...leaves.count {
            let root = naiveRoot(leaves[..<size])
            for index in 0..<size {
                let proof = try InclusionProof(
                    leafIndex: UInt64(index), treeSize: UInt64(size), tiles: tiles, using: H.self)
                try proof.verify(leafHash: leaves[index], root: root, using: H.self)
                #expect(fails(proof, leaf: leaves[(index + 1) % leaves.count], root))
                guard size % 5 == 0 else { continue }
                var hashes = proof.hashes
                for place in hashes.indices {
                    hashes[place].word3 ^= 1
                    #expect(fails(changed(proof, hashes: hashes), leaf: leaves[index], root))
                    hashes[place].word3 ^= 1
                }
                #expect(fails(changed(proof, hashes: hashes.dropLast()), leaf: leaves[index], root) || hashes.isEmpty)
                #expect(fails(changed(proof, hashes: hashes + [root]), leaf: leaves[index], root))
                let elsewhere = InclusionProof(leafIndex: UInt64(index ^ 1), treeSize: UInt64(size), hashes: hashes)
                #expect(fails(elsewhere, leaf: leaves[index], root))
            }
        }
    }

    @Test func everyPairOfSmallSizesIsConsistentAndDamageIsSeen() throws {
        let (leaves, tiles) = tree(66, seed: 21)
        let roots = (0...leaves.count).map { naiveRoot(leaves[..<$0]) }
        for second in 1...leaves.count {
            for first in 1...second {
                let proof = try ConsistencyProof(
                    firstSize: UInt64(first), secondSize: UInt64(second), tiles: tiles, using: H.self)
                try proof.verify(firstRoot: roots[first], secondRoot: roots[second], using: H.self)
                #expect(fails(proof, roots[first], roots[second - 1]) || first == second - 1)
                #expect(fails(proof, roots[first - 1], roots[second]))
                guard second % 5 == 0 else { continue }
                var hashes = proof.hashes
                for place in hashes.indices {
                    hashes[place].word0 ^= 1 << 63
                    #expect(fails(changed(proof, hashes: hashes), roots[first], roots[second]))
                    hashes[place].word0 ^= 1 << 63
                }
                #expect(fails(changed(proof, hashes: hashes + [roots[first]]), roots[first], roots[second]))
                let short = changed(proof, hashes: hashes.dropLast())
                #expect(fails(short, roots[first], roots[second]) || hashes.isEmpty)
            }
        }
    }

    @Test func proofsAcrossTilesHold() throws {
        let (leaves, _) = tree(70_000, seed: 22)
        var tree = MerkleTree<H>()
        let store = TileStore()
        tree.append(contentsOf: leaves)
        store.keep(tree.takeCompletedTiles())
        let edge = EdgeTileReader(tree: tree, base: store.reader)
        var random = SeededRandom(seed: 23)
        for _ in 0..<40 {
            let size = 1 + random.below(leaves.count)
            let root = try Tiles.root(size: UInt64(size), tiles: edge, using: H.self)
            let index = random.below(size)
            let proof = try InclusionProof(leafIndex: UInt64(index), treeSize: UInt64(size), tiles: edge, using: H.self)
            try proof.verify(leafHash: leaves[index], root: root, using: H.self)
            let first = 1 + random.below(size)
            let consistency = try ConsistencyProof(
                firstSize: UInt64(first), secondSize: UInt64(size), tiles: edge, using: H.self)
            let firstRoot = try Tiles.root(size: UInt64(first), tiles: edge, using: H.self)
            try consistency.verify(firstRoot: firstRoot, secondRoot: root, using: H.self)
        }
        #expect(try Tiles.root(size: 70_000, tiles: edge, using: H.self) == tree.root())
        #expect(throws: TileError.outOfRange) {
            try InclusionProof(leafIndex: 5, treeSize: 5, tiles: edge, using: H.self)
        }
        #expect(throws: TileError.outOfRange) {
            try ConsistencyProof(firstSize: 0, secondSize: 5, tiles: edge, using: H.self)
        }
        #expect(throws: TileError.self) {
            try InclusionProof(leafIndex: 69_999, treeSize: 70_001, tiles: edge, using: H.self)
        }
    }

    @Test func hostileProofsAreRefusedWithoutATrap() {
        var random = SeededRandom(seed: 24)
        let sizes: [UInt64] = [0, 1, 2, 3, 255, 256, 1 << 32, 1 << 62, 1 << 63, .max - 1, .max]
        for _ in 0..<5_000 {
            let first = sizes.randomElement(using: &random) ?? 0
            let second = sizes.randomElement(using: &random) ?? 0
            let hashes = (0..<random.below(70)).map { _ in random.digest() }
            #expect(fails(InclusionProof(leafIndex: first, treeSize: second, hashes: hashes), leaf: .zero, .zero))
            let proof = ConsistencyProof(firstSize: first, secondSize: second, hashes: hashes)
            #expect(fails(proof, .zero, random.digest()))
        }
    }

    private func changed(_ proof: InclusionProof, hashes: some Sequence<Digest>) -> InclusionProof {
        InclusionProof(leafIndex: proof.leafIndex, treeSize: proof.treeSize, hashes: Array(hashes))
    }

    private func changed(_ proof: ConsistencyProof, hashes: some Sequence<Digest>) -> ConsistencyProof {
        ConsistencyProof(firstSize: proof.firstSize, secondSize: proof.secondSize, hashes: Array(hashes))
    }

    private func fails(_ proof: InclusionProof, leaf: Digest, _ root: Digest) -> Bool {
        do {
            try proof.verify(leafHash: leaf, root: root, using: H.self)
            return false
        } catch {
            return true
        }
    }

    private func fails(_ proof: ConsistencyProof, _ first: Digest, _ second: Digest) -> Bool {
        do {
            try proof.verify(firstRoot: first, secondRoot: second, using: H.self)
            return false
        } catch {
            return true
        }
    }
}
