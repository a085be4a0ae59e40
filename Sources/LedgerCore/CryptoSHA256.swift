import struct Crypto.SHA256
import struct Crypto.SHA256Digest
package import Primitives

/// SHA-256 with the processor's own instructions, for everything the node hashes.
package enum CryptoSHA256: SHA256Function {
    /// The digest of `bytes`.
    package static func hash(_ bytes: UnsafeRawBufferPointer) -> Digest {
        Digest(sha256(bytes))
    }

    /// The digest of `bytes` in the form that signature checks take.
    static func sha256(_ bytes: UnsafeRawBufferPointer) -> SHA256Digest {
        var hasher = SHA256()
        hasher.update(bufferPointer: bytes)
        return hasher.finalize()
    }
}

extension Digest {
    /// The same digest as four words.
    init(_ digest: SHA256Digest) {
        self = digest.withUnsafeBytes { Digest(bytes: $0) ?? .zero }
    }
}
