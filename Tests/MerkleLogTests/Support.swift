import Crypto
import MerkleLog
import Primitives

typealias Digest = Primitives.Digest

/// The accelerated function that a server would use; it also makes these tests quick in debug builds.
enum BoringSHA256: SHA256Function {
    static func hash(_ bytes: UnsafeRawBufferPointer) -> Digest {
        var hasher = SHA256()
        hasher.update(bufferPointer: bytes)
        return hasher.finalize().withUnsafeBytes { Digest(bytes: $0) ?? .zero }
    }
}

typealias H = BoringSHA256

enum CryptoEd25519: Ed25519Verification {
    static func isValid(signature: [UInt8], message: [UInt8], publicKey: [UInt8]) -> Bool {
        guard let key = try? Curve25519.Signing.PublicKey(rawRepresentation: publicKey) else { return false }
        return key.isValidSignature(signature, for: message)
    }
}

/// SplitMix64: the same numbers from the same seed everywhere, so that a failure can be repeated.
struct SeededRandom: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) {
        state = seed
    }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var value = state
        value = (value ^ (value >> 30)) &* 0xBF58_476D_1CE4_E5B9
        value = (value ^ (value >> 27)) &* 0x94D0_49BB_1331_11EB
        return value ^ (value >> 31)
    }

    mutating func bytes(_ count: Int) -> [UInt8] {
        (0..<count).map { _ in UInt8.random(in: 0...255, using: &self) }
    }

    mutating func digest() -> Digest { Digest(next(), next(), next(), next()) }

    mutating func below(_ bound: Int) -> Int { Int.random(in: 0..<bound, using: &self) }
}

/// A signing party with a key from a seed.
struct Signer {
    let key: VerifierKey
    private let secret: Curve25519.Signing.PrivateKey

    init(_ name: String, _ type: NoteSignatureType, seed: UInt8) throws {
        secret = try Curve25519.Signing.PrivateKey(rawRepresentation: [UInt8](repeating: seed, count: 32))
        let publicKey = [UInt8](secret.publicKey.rawRepresentation)
        guard let name = SignerName(name),
            let key = VerifierKey(name: name, type: type, publicKey: publicKey, using: H.self)
        else { throw SetupError() }
        self.key = key
    }

    func sign(_ text: [UInt8], time: UInt64 = 1_767_225_600) throws -> NoteSignature {
        try NoteSignature(text: text, key: key, time: time) { [UInt8](try secret.signature(for: $0)) }
    }
}

struct SetupError: Error {}

func ascii(_ text: String) -> [UInt8] { [UInt8](text.utf8) }

/// RFC 6962 §2.1, word for word.
func naiveRoot(_ leaves: ArraySlice<Digest>) -> Digest {
    if leaves.isEmpty { return H.hash([]) }
    if leaves.count == 1 { return leaves[leaves.startIndex] }
    var split = 1
    while split * 2 < leaves.count { split *= 2 }
    let middle = leaves.startIndex + split
    return H.hash([1] + naiveRoot(leaves[..<middle]).bytes + naiveRoot(leaves[middle...]).bytes)
}

/// Tiles of a tree, worked out from its leaves: C2SP tlog-tiles' formula, word for word.
struct NaiveTiles: TileReader {
    let leaves: [Digest]

    func tile(level: Int, index: UInt64, width: Int) throws(TileError) -> [UInt8] {
        let span = 1 << (8 * level)
        var bytes: [UInt8] = []
        for place in 0..<width {
            let start = (Int(index) * 256 + place) * span
            guard start + span <= leaves.count else {
                throw .unavailable(TileCoordinate(level: level, index: index), reason: "beyond the tree")
            }
            naiveRoot(leaves[start..<start + span]).append(to: &bytes)
        }
        return bytes
    }
}

/// Full tiles as a store keeps them.
final class TileStore {
    var tiles: [TileCoordinate: [UInt8]] = [:]

    func keep(_ completed: [CompletedTile]) {
        for tile in completed { tiles[tile.coordinate] = tile.bytes }
    }

    var reader: ClosureTileReader {
        let tiles = tiles
        return ClosureTileReader { (level, index, width) throws(TileError) in
            let coordinate = TileCoordinate(level: level, index: index)
            guard let bytes = tiles[coordinate] else { throw .unavailable(coordinate, reason: "not stored") }
            return Array(bytes.prefix(width * 32))
        }
    }
}
