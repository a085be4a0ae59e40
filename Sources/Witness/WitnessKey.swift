package import enum Crypto.Curve25519
import FoundationEssentials
import LedgerCore
package import MerkleLog

/// What a witness cosigns with: an Ed25519 key and its name (C2SP tlog-cosignature, type 0x04).
///
/// The signed message does not hold the name, so a key serves one witness only.
package struct WitnessKey: Sendable {
    /// Checks this witness's cosignatures.
    package let verifier: VerifierKey
    private let secret: Curve25519.Signing.PrivateKey

    /// A key; nil when its public part is not one.
    package init?(name: SignerName, secret: Curve25519.Signing.PrivateKey) {
        guard
            let verifier = VerifierKey(
                name: name, type: .cosignature, publicKey: Array(secret.publicKey.rawRepresentation),
                using: CryptoSHA256.self)
        else { return nil }
        self.verifier = verifier
        self.secret = secret
    }

    /// The cosignature of a checkpoint's text at `time`, in seconds since 1970 UTC.
    func cosign(_ text: [UInt8], at time: UInt64) throws -> NoteSignature {
        try NoteSignature(text: text, key: verifier, time: time) { message in try Array(secret.signature(for: message))
        }
    }
}
