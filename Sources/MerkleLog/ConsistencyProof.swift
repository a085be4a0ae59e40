public import Primitives

/// A proof that a tree is the beginning of a larger one (RFC 6962 §2.1.2, RFC 9162 §2.1.4).
public struct ConsistencyProof: Hashable, Sendable {
    /// The number of leaves of the smaller tree, at least 1: every tree extends the empty one, without a proof.
    public let firstSize: UInt64
    /// The number of leaves of the larger tree.
    public let secondSize: UInt64
    /// The proof's hashes; none when the sizes are equal.
    public let hashes: [Digest]

    /// A proof from its parts, checked only by ``verify(firstRoot:secondRoot:using:)``.
    public init(firstSize: UInt64, secondSize: UInt64, hashes: [Digest]) {
        self.firstSize = firstSize
        self.secondSize = secondSize
        self.hashes = hashes
    }

    /// Makes the proof between two sizes of one tree from its tiles.
    /// - Throws: ``TileError/outOfRange`` unless 0 < first ≤ second; otherwise what `tiles` throws.
    public init<H: SHA256Function, Reader: TileReader>(
        firstSize: UInt64, secondSize: UInt64, tiles: Reader, using _: H.Type
    ) throws(TileError) {
        guard firstSize > 0, firstSize <= secondSize, secondSize <= Tiles.maximumTreeSize else { throw .outOfRange }
        var hasher = TileHasher<H, Reader>(reader: tiles)
        var hashes: [Digest] = []
        var low: UInt64 = 0
        var high = secondSize
        // RFC 6962's SUBPROOF, from the top: go down to the subtree that ends where the smaller tree does.
        while firstSize < high {
            let middle = low + Tiles.split(high - low)
            if firstSize <= middle {
                hashes.append(try hasher.rangeHash(middle, high, size: secondSize))
                high = middle
            } else {
                hashes.append(try hasher.rangeHash(low, middle, size: secondSize))
                low = middle
            }
        }
        // That subtree is the smaller tree itself, which the checker knows, unless something lies left of it.
        if low > 0 { hashes.append(try hasher.rangeHash(low, high, size: secondSize)) }
        self.init(firstSize: firstSize, secondSize: secondSize, hashes: hashes.reversed())
    }

    /// Checks the proof between the trees with these roots (RFC 9162 §2.1.4.2).
    public func verify<H: SHA256Function>(
        firstRoot: Digest, secondRoot: Digest, using _: H.Type
    ) throws(MerkleProofError) {
        guard firstSize > 0, firstSize <= secondSize else {
            throw .sizesOutOfRange(first: firstSize, second: secondSize)
        }
        guard firstSize < secondSize else {
            guard hashes.isEmpty else { throw .wrongLength(found: hashes.count) }
            guard firstRoot == secondRoot else { throw .rootMismatch(expected: secondRoot, found: firstRoot) }
            return
        }
        let path = firstSize & (firstSize - 1) == 0 ? [firstRoot] + hashes : hashes
        // An empty path is refused even where the first root was to stand for its first hash.
        guard !hashes.isEmpty, var older = path.first else { throw .wrongLength(found: hashes.count) }
        var first = firstSize - 1
        var last = secondSize - 1
        while first & 1 == 1 {
            first >>= 1
            last >>= 1
        }
        var newer = older
        for hash in path.dropFirst() {
            guard last > 0 else { throw .wrongLength(found: hashes.count) }
            if first & 1 == 1 || first == last {
                older = H.nodeHash(hash, older)
                newer = H.nodeHash(hash, newer)
                while first & 1 == 0, first > 0 {
                    first >>= 1
                    last >>= 1
                }
            } else {
                newer = H.nodeHash(newer, hash)
            }
            first >>= 1
            last >>= 1
        }
        guard last == 0 else { throw .wrongLength(found: hashes.count) }
        guard older == firstRoot else { throw .firstRootMismatch(expected: firstRoot, found: older) }
        guard newer == secondRoot else { throw .rootMismatch(expected: secondRoot, found: newer) }
    }
}
