package import enum Crypto.Curve25519
import FoundationEssentials
package import MerkleLog
package import Primitives

/// Ed25519 checks of note signatures.
package enum CryptoEd25519: Ed25519Verification {
    /// Whether `signature` over `message` was made by `publicKey` (RFC 8032).
    package static func isValid(signature: [UInt8], message: [UInt8], publicKey: [UInt8]) -> Bool {
        guard let key = try? Curve25519.Signing.PublicKey(rawRepresentation: publicKey) else { return false }
        return key.isValidSignature(signature, for: message)
    }
}

/// What a node signs checkpoints with: as the log, and as its party's cosigner.
package struct NodeSigner: Sendable {
    /// The log's origin, which is also the name of its key.
    package let origin: String
    /// The party that runs the node.
    package let party: String
    private let logKey: Curve25519.Signing.PrivateKey
    private let cosignerKey: Curve25519.Signing.PrivateKey
    /// Checks the log's signature on checkpoints.
    package let logVerifier: VerifierKey
    /// Checks the party's cosignature on checkpoints.
    package let cosignerVerifier: VerifierKey

    /// A signer; nil when `origin` or `party` cannot name a key.
    package init?(
        origin: String, party: String, logKey: Curve25519.Signing.PrivateKey,
        cosignerKey: Curve25519.Signing.PrivateKey
    ) {
        guard let logName = SignerName(origin), let cosignerName = SignerName("\(origin)/\(party)"),
            let logVerifier = VerifierKey(
                name: logName, type: .ed25519, publicKey: Array(logKey.publicKey.rawRepresentation),
                using: CryptoSHA256.self),
            let cosignerVerifier = VerifierKey(
                name: cosignerName, type: .cosignature, publicKey: Array(cosignerKey.publicKey.rawRepresentation),
                using: CryptoSHA256.self)
        else { return nil }
        self.origin = origin
        self.party = party
        self.logKey = logKey
        self.cosignerKey = cosignerKey
        self.logVerifier = logVerifier
        self.cosignerVerifier = cosignerVerifier
    }

    /// The signed checkpoint of a log of `size` leaves with this root: the log's signature and the party's cosignature.
    package func checkpoint(size: UInt64, root: Digest, at time: Instant) throws -> SignedCheckpoint {
        guard let checkpoint = Checkpoint(origin: UTF8Text(origin), size: size, root: root)
        else { throw SignerError() }
        var signed = try SignedCheckpoint(checkpoint)
        let seconds = UInt64(clamping: time.milliseconds / 1_000)
        signed.add(
            try NoteSignature(text: signed.note.text, key: logVerifier, time: seconds) { message in
                try Array(logKey.signature(for: message))
            })
        signed.add(
            try NoteSignature(text: signed.note.text, key: cosignerVerifier, time: seconds) { message in
                try Array(cosignerKey.signature(for: message))
            })
        return signed
    }

    /// The policy of a ledger with this one node: its log, its party as the only witness, and a quorum of that one.
    package func soloPolicy() throws -> WitnessPolicy {
        guard let name = PolicyName(party) else { throw SignerError() }
        var policy = WitnessPolicy()
        try policy.addLog(logVerifier)
        try policy.addWitness(name, cosignerVerifier)
        try policy.setQuorum(name)
        return policy
    }

    /// The origin or the party cannot stand in a checkpoint.
    package struct SignerError: Error {}
}
