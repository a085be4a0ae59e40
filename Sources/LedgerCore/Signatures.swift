package import ContractKit
package import enum Crypto.Curve25519
package import enum Crypto.P256
package import struct Crypto.SHA256Digest
import FoundationEssentials
import Primitives

/// Checks and makes transaction signatures.
package enum Signatures {
    /// Half of the order of P-256, big-endian: a larger s is the mirror image of a smaller one and is refused, so that
    /// one signature has one form (`ledger.md`).
    static let halfOrder: [UInt8] = [
        0x7F, 0xFF, 0xFF, 0xFF, 0x80, 0x00, 0x00, 0x00, 0x7F, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF,
        0xDE, 0x73, 0x7D, 0x56, 0xD3, 0x8B, 0xCF, 0x42, 0x79, 0xDC, 0xE5, 0x61, 0x7E, 0x31, 0x92, 0xA8,
    ]
    static let order: [UInt8] = [
        0xFF, 0xFF, 0xFF, 0xFF, 0x00, 0x00, 0x00, 0x00, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF,
        0xBC, 0xE6, 0xFA, 0xAD, 0xA7, 0x17, 0x9E, 0x84, 0xF3, 0xB9, 0xCA, 0xC2, 0xFC, 0x63, 0x25, 0x51,
    ]

    /// Whether the s of a 64-byte r‖s is at most half the order.
    package static func hasLowS(_ signature: [UInt8]) -> Bool {
        guard signature.count == 64 else { return false }
        for at in 0..<32 where signature[32 + at] != halfOrder[at] { return signature[32 + at] < halfOrder[at] }
        return true
    }

    /// The same signature with its low s.
    package static func lowS(_ signature: [UInt8]) -> [UInt8] {
        guard signature.count == 64, !hasLowS(signature) else { return signature }
        var result = signature
        var borrow = 0
        for at in stride(from: 31, through: 0, by: -1) {
            var difference = Int(order[at]) - Int(signature[32 + at]) - borrow
            borrow = difference < 0 ? 1 : 0
            if difference < 0 { difference += 256 }
            result[32 + at] = UInt8(truncatingIfNeeded: difference)
        }
        return result
    }

    /// Checks a signature over `message`, whose SHA-256 is `digest`.
    static func check(
        _ line: SignatureLine, key: VerificationKey, message: [UInt8], digest: SHA256Digest
    ) throws(Reason) {
        switch (line.algorithm, key) {
        case (.es256, .es256(let key)):
            guard hasLowS(line.signature) else { throw Reason("signature.highS") }
            guard let signature = try? P256.Signing.ECDSASignature(rawRepresentation: line.signature),
                key.isValidSignature(signature, for: digest)
            else { throw Reason("signature.invalid") }
        case (.edDSA, .edDSA(let key)):
            guard key.isValidSignature(line.signature, for: message) else { throw Reason("signature.invalid") }
        default: throw Reason("signature.algorithm")
        }
    }
}

/// A private key that signs transactions: a party's staff on a server, tests, imports.
package enum SigningKey: Sendable {
    case es256(P256.Signing.PrivateKey)
    case edDSA(Curve25519.Signing.PrivateKey)

    /// A new random key.
    package init(generating algorithm: SignatureAlgorithm) {
        switch algorithm {
        case .es256: self = .es256(P256.Signing.PrivateKey())
        case .edDSA: self = .edDSA(Curve25519.Signing.PrivateKey())
        }
    }

    /// The public key.
    package var publicKey: PublicKey {
        get throws(Reason) {
            switch self {
            case .es256(let key): try PublicKey(.es256, Array(key.publicKey.x963Representation))
            case .edDSA(let key): try PublicKey(.edDSA, Array(key.publicKey.rawRepresentation))
            }
        }
    }

    /// Signs a payload: the line that stands in the transaction's text.
    package func sign(payload: [UInt8]) throws -> SignatureLine {
        try sign(message: TransactionText.preAuthenticationEncoding(payload))
    }

    /// Signs the bytes that a signature covers.
    func sign(message: [UInt8]) throws -> SignatureLine {
        let id = try publicKey.keyID
        switch self {
        case .es256(let key):
            let signature = try Array(key.signature(for: message).rawRepresentation)
            return SignatureLine(algorithm: .es256, keyID: id, signature: Signatures.lowS(signature))
        case .edDSA(let key):
            return SignatureLine(algorithm: .edDSA, keyID: id, signature: try Array(key.signature(for: message)))
        }
    }

    /// The key as one line of text: the algorithm and the secret in base64url. Kept in files that only the owner reads.
    package var text: String {
        switch self {
        case .es256(let key): "ES256 " + Base64.url.encode(Array(key.rawRepresentation))
        case .edDSA(let key): "EdDSA " + Base64.url.encode(Array(key.rawRepresentation))
        }
    }

    /// Reads what `text` wrote; nil for anything else.
    package init?(text: String) {
        let parts = text.split(separator: " ", maxSplits: 1)
        guard parts.count == 2, let secret = Base64.url.decode(String(parts[1])) else { return nil }
        switch parts[0] {
        case "ES256":
            guard let key = try? P256.Signing.PrivateKey(rawRepresentation: secret) else { return nil }
            self = .es256(key)
        case "EdDSA":
            guard let key = try? Curve25519.Signing.PrivateKey(rawRepresentation: secret) else { return nil }
            self = .edDSA(key)
        default: return nil
        }
    }
}

extension Signatures {
    /// Verifies P-256 signatures over and over for `duration`, with keys parsed once and
    /// nothing else done: the yardstick of the benchmarks. Returns how many were verified.
    package static func bareChecks(
        _ checks: [(line: SignatureLine, message: [UInt8], key: PublicKey)], for duration: Duration
    ) throws -> Int {
        let ready = try checks.map { check in
            (
                try P256.Signing.ECDSASignature(rawRepresentation: check.line.signature),
                check.message.withUnsafeBytes { CryptoSHA256.sha256($0) },
                try P256.Signing.PublicKey(x963Representation: check.key.bytes)
            )
        }
        var count = 0
        let deadline = ContinuousClock.now + duration
        while ContinuousClock.now < deadline {
            for (signature, digest, key) in ready {
                guard key.isValidSignature(signature, for: digest) else { throw Reason("signature.invalid") }
                count += 1
            }
        }
        return count
    }
}
