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

    /// The same log and party with another cosigner key.
    package func withCosignerKey(_ key: Curve25519.Signing.PrivateKey) -> NodeSigner? {
        NodeSigner(origin: origin, party: party, logKey: logKey, cosignerKey: key)
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

    /// The text of a log's checkpoint, which nobody has signed.
    package func checkpointText(size: UInt64, root: Digest) throws -> [UInt8] {
        guard let checkpoint = Checkpoint(origin: UTF8Text(origin), size: size, root: root)
        else { throw SignerError() }
        return checkpoint.text
    }

    /// The checkpoint of a log, signed by the log alone.
    package func logCheckpoint(size: UInt64, root: Digest) throws -> SignedCheckpoint {
        guard let checkpoint = Checkpoint(origin: UTF8Text(origin), size: size, root: root)
        else { throw SignerError() }
        var signed = try SignedCheckpoint(checkpoint)
        signed.add(
            try NoteSignature(text: signed.note.text, key: logVerifier, time: 0) { message in
                try Array(logKey.signature(for: message))
            })
        return signed
    }

    /// The party's cosignature on a checkpoint (C2SP tlog-cosignature). Whoever asks for it must have recorded durably
    /// that the party has signed this size and root.
    package func cosign(_ checkpoint: SignedCheckpoint, at time: Instant) throws -> NoteSignature {
        let seconds = UInt64(clamping: time.milliseconds / 1_000)
        return try NoteSignature(text: checkpoint.note.text, key: cosignerVerifier, time: seconds) { message in
            try Array(cosignerKey.signature(for: message))
        }
    }

    /// The party's signature on lines that begin with a name of what they are, so that they can never be taken for a
    /// cosignature: batches and statements.
    package func sign(lines: [UInt8]) throws -> [UInt8] { try Array(cosignerKey.signature(for: lines)) }

    /// Whether the holder of a cosigner key, given as verifier key text, signed the lines.
    package static func isSigned(_ lines: [UInt8], _ signature: [UInt8], by cosigner: String) -> Bool {
        guard let key = try? VerifierKey(parsing: cosigner, using: CryptoSHA256.self), key.type == .cosignature
        else { return false }
        return CryptoEd25519.isValid(signature: signature, message: lines, publicKey: key.publicKey)
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

    /// The policy that asks for the log's own signature alone; of cosignatures those of this party must hold if they are
    /// there.
    package func logPolicy() throws -> WitnessPolicy {
        var policy = WitnessPolicy()
        try policy.addLog(logVerifier)
        if let name = PolicyName(party), let none = PolicyName("none") {
            try policy.addWitness(name, cosignerVerifier)
            try policy.setQuorum(none)
        }
        return policy
    }

    /// The origin or the party cannot stand in a checkpoint.
    package struct SignerError: Error {}
}
