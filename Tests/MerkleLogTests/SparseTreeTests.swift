import MerkleLog
import Primitives
import Testing

@Suite struct SparseTreeTests {
    private typealias Map = [Digest: Digest]

    /// The definition in the ledger's specification, word for word.
    private func naiveRoot(_ map: Map, depth: Int = 0) -> Digest {
        if map.isEmpty { return .zero }
        if map.count == 1, let (key, value) = map.first { return H.hash([0] + key.bytes + value.bytes) }
        let left = naiveRoot(map.filter { !$0.key.bit(at: depth) }, depth: depth + 1)
        let right = naiveRoot(map.filter { $0.key.bit(at: depth) }, depth: depth + 1)
        return H.hash([1] + left.bytes + right.bytes)
    }

    /// Keys that share long and short prefixes: random ones alone would never meet deep in the tree.
    private func key(_ random: inout SeededRandom, like known: [Digest]) -> Digest {
        guard let other = known.randomElement(using: &random), random.below(3) > 0 else { return random.digest() }
        var bytes = other.bytes
        let bit = random.below(256)
        bytes[bit / 8] ^= 0x80 >> UInt8(bit % 8)
        return Digest(bytes: bytes) ?? .zero
    }

    @Test(arguments: [UInt64(40), 41, 42, 43, 44, 45])
    func changesGiveTheRootOfTheDefinition(seed: UInt64) throws {
        var random = SeededRandom(seed: seed)
        var tree = SparseTree<H>()
        var map: Map = [:]
        var known: [Digest] = []
        for step in 0..<240 {
            let key = random.below(3) == 0 ? known.randomElement(using: &random) : nil
            if let key, random.below(2) == 0 {
                #expect(tree.remove(keyHash: key) == map.removeValue(forKey: key))
            } else {
                let key = key ?? self.key(&random, like: known)
                let value = random.digest()
                #expect(tree.set(keyHash: key, valueHash: value) == map.updateValue(value, forKey: key))
                known.append(key)
            }
            #expect(tree.count == map.count)
            // Not after each change, so that several are hashed together.
            guard random.below(4) == 0 else { continue }
            let root = naiveRoot(map)
            #expect(tree.root() == root, "step \(step)")
            let bulk = map.map { (keyHash: $0.key, valueHash: $0.value) }
            var built = SparseTree<H>(bulk: bulk)
            #expect(built.root() == root)
            for key in [self.key(&random, like: known), random.digest()] + known.suffix(3) {
                try check(&tree, key, map, root)
                try check(&built, key, map, root)
            }
        }
        for key in map.keys.sorted() { #expect(tree.remove(keyHash: key) == map[key]) }
        #expect(tree.root() == .zero)
    }

    private func check(_ tree: inout SparseTree<H>, _ key: Digest, _ map: Map, _ root: Digest) throws {
        #expect(tree.value(for: key) == map[key])
        let proof = tree.prove(key)
        try proof.verify(keyHash: key, valueHash: map[key], root: root, using: H.self)
        #expect(try SparseProof(encoded: proof.encoded()) == proof)
        // The contrary is not proved, nor another value, nor anything about another root.
        #expect(fails(proof, key, map[key] == nil ? .zero : nil, root))
        #expect(fails(proof, key, .zero, root))
        var other = root
        other.word2 ^= 1
        #expect(fails(proof, key, map[key], other))
        let hashes = 3 + (proof.siblings.count + 7) / 8
        for position in stride(from: hashes, to: proof.encoded().count, by: 32) {
            var encoded = proof.encoded()
            encoded[position] ^= 1
            guard let damaged = try? SparseProof(encoded: encoded) else { continue }
            #expect(fails(damaged, key, map[key], root))
        }
    }

    private func fails(_ proof: SparseProof, _ key: Digest, _ value: Digest?, _ root: Digest) -> Bool {
        do {
            try proof.verify(keyHash: key, valueHash: value, root: root, using: H.self)
            return false
        } catch {
            return true
        }
    }

    @Test func theOrderOfChangesDoesNotMatter() {
        var random = SeededRandom(seed: 46)
        let entries = (0..<2_000).map { _ in (keyHash: random.digest(), valueHash: random.digest()) }
        var forwards = SparseTree<H>()
        var backwards = SparseTree<PortableSHA256>()
        var bulk = SparseTree<H>(bulk: entries.shuffled(using: &random))
        for entry in entries { forwards.set(keyHash: entry.keyHash, valueHash: entry.valueHash) }
        for entry in entries.reversed() {
            backwards.set(keyHash: entry.keyHash, valueHash: .zero)
            if random.below(4) == 0 { _ = backwards.root() }
            backwards.set(keyHash: entry.keyHash, valueHash: entry.valueHash)
        }
        let root = naiveRoot(Map(uniqueKeysWithValues: entries.map { ($0.keyHash, $0.valueHash) }))
        #expect(forwards.root() == root)
        #expect(backwards.root() == root)
        #expect(bulk.root() == root)
    }

    @Test func extremesOfDepth() throws {
        var tree = SparseTree<H>()
        let low = Digest.zero
        let high = Digest(.max, .max, .max, .max)
        let last = Digest(0, 0, 0, 1)
        #expect(tree.root() == .zero)
        try tree.prove(low).verify(keyHash: low, valueHash: nil, root: .zero, using: H.self)
        var map: Map = [:]
        for key in [low, last, high] {
            tree.set(keyHash: key, valueHash: high)
            map[key] = high
            #expect(tree.root() == naiveRoot(map))
            for probe in [low, last, high, Digest(0, 0, 0, 2), Digest(0, 0, 0, 3), Digest(1 << 62, 0, 0, 0)] {
                let proof = tree.prove(probe)
                try proof.verify(keyHash: probe, valueHash: map[probe], root: naiveRoot(map), using: H.self)
                #expect(try SparseProof(encoded: proof.encoded()) == proof)
            }
        }
        // Two keys that differ in the last bit alone: a path of 256 siblings.
        #expect(tree.prove(last).siblings.count == 256)
        #expect(tree.prove(last).encoded().count == 3 + 32 + 2 * 32)
    }

    @Test func ofEqualKeysInBulkTheLastCounts() {
        let key = Digest(1, 2, 3, 4)
        let other = Digest(1, 2, 3, 5)
        var bulk = SparseTree<H>(bulk: [
            (key, Digest(1, 0, 0, 0)), (other, .zero), (key, Digest(2, 0, 0, 0)), (key, Digest(3, 0, 0, 0)),
        ])
        #expect(bulk.count == 2)
        #expect(bulk.value(for: key) == Digest(3, 0, 0, 0))
        #expect(bulk.root() == naiveRoot([key: Digest(3, 0, 0, 0), other: .zero]))
        #expect(SparseTree<H>(bulk: []).count == 0)
    }

    @Test func aCopyIsASnapshot() {
        var tree = SparseTree<H>()
        tree.set(keyHash: Digest(1, 0, 0, 0), valueHash: .zero)
        var snapshot = tree
        let root = tree.root()
        tree.set(keyHash: Digest(2, 0, 0, 0), valueHash: .zero)
        #expect(tree.root() != root)
        #expect(snapshot.root() == root)
    }
}
