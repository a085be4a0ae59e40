/// Ed25519 signature checking (RFC 8032), given by whoever has an implementation: this layer has none.
public protocol Ed25519Verification {
    /// Whether `signature` (64 bytes) over `message` is valid under `publicKey` (32 bytes). Wrong lengths are invalid.
    static func isValid(signature: [UInt8], message: [UInt8], publicKey: [UInt8]) -> Bool
}

/// What a note says about one key.
public enum SignatureStatus: Hashable, Sendable {
    /// No signature by this key.
    case absent
    /// A signature in this key's name that is not valid: the whole note is to be rejected.
    case invalid
    /// Signed; for a cosignature with its time in seconds since 1970 UTC, the latest if there are several.
    case valid(time: UInt64?)
}

extension SignedNote {
    /// Looks for signatures by `key` and checks every one: name and key id choose them, as C2SP signed-note asks.
    public func status<Verifier: Ed25519Verification>(of key: VerifierKey, using _: Verifier.Type) -> SignatureStatus {
        var status = SignatureStatus.absent
        for signature in signatures where signature.keyID == key.keyID && signature.name == key.name {
            var time: UInt64?
            var message = text
            var raw = signature.bytes
            if key.type == .cosignature {
                guard let cosignature = Cosignature(bytes: raw) else { return .invalid }
                time = cosignature.time
                raw = cosignature.signature
                message = Cosignature.message(time: cosignature.time, text: text)
            }
            guard raw.count == 64, Verifier.isValid(signature: raw, message: message, publicKey: key.publicKey) else {
                return .invalid
            }
            if case .valid(.some(let earlier)) = status, let later = time, later < earlier { continue }
            status = .valid(time: time)
        }
        return status
    }
}
