package import ContractKit
import Primitives

/// Signatures over something that is not a transaction, in the same encoding: DSSE's PAE of a payload type and a payload.
package enum DetachedSignature {
    /// DSSE v1 pre-authentication encoding.
    package static func preAuthenticationEncoding(type: String, payload: [UInt8]) -> [UInt8] {
        var bytes = Array("DSSEv1 \(type.utf8.count) \(type) \(payload.count) ".utf8)
        bytes.append(contentsOf: payload)
        return bytes
    }

    /// Reads `ES256 <keyid> <signature>` or `EdDSA <keyid> <signature>`; refuses with `signature.encoding` or
    /// `signature.algorithm`.
    package static func parse(line: [UInt8]) throws(Reason) -> SignatureLine {
        let parts = line.split(separator: UInt8(ascii: " "), omittingEmptySubsequences: false)
        guard parts.count == 3 else { throw Reason("signature.encoding") }
        guard let algorithm = SignatureAlgorithm(rawValue: String(decoding: parts[0], as: UTF8.self))
        else { throw Reason("signature.algorithm") }
        guard let key = Base64.url.decode(parts[1]), let keyID = Digest(bytes: key),
            let signature = Base64.url.decode(parts[2]), signature.count == 64
        else { throw Reason("signature.encoding") }
        return SignatureLine(algorithm: algorithm, keyID: keyID, signature: signature)
    }

    /// Checks a signature over a payload; refuses as for a transaction.
    package static func check(
        _ line: SignatureLine, key: PublicKey, type: String, payload: [UInt8]
    ) throws(Reason) {
        let message = preAuthenticationEncoding(type: type, payload: payload)
        let digest = message.withUnsafeBytes { CryptoSHA256.sha256($0) }
        try Signatures.check(line, key: VerificationKey(key), message: message, digest: digest)
    }

    /// Signs a payload; the line stands in a header.
    package static func sign(_ payload: [UInt8], type: String, with key: SigningKey) throws -> SignatureLine {
        try key.sign(message: preAuthenticationEncoding(type: type, payload: payload))
    }
}

extension SignatureLine {
    /// The line's text: algorithm, key id and signature, parted by spaces.
    package var line: String {
        "\(algorithm.rawValue) \(keyID.withBytes { Base64.url.encode($0) }) \(Base64.url.encode(signature))"
    }
}
