package import ContractKit
import Primitives

/// Checks the form of a verifier key, `<name>+<hash>+<key>` (C2SP signed-note, Verifier keys).
///
/// The name is kept to printable ASCII without `+`, so that it reads the same everywhere.
package enum VerifierKeyText {
    /// What a verifier key signs.
    package enum Purpose: UInt8, Sendable {
        /// The log's own signature on a checkpoint: Ed25519, type 0x01 (C2SP signed-note).
        case log = 0x01
        /// A cosignature with its time: Ed25519, type 0x04 (C2SP tlog-cosignature).
        case cosigner = 0x04
    }

    /// Longest verifier key in bytes.
    package static let longest = 256

    /// Whether two verifier keys hold the same public key, whatever their names.
    ///
    /// The key's base64 has one spelling, so its text stands for it.
    static func haveSameKey(_ one: String, _ other: String) -> Bool { publicKey(of: one) == publicKey(of: other) }

    /// The name in a verifier key.
    static func name(of text: String) -> String { String(text.prefix { $0 != "+" }) }

    private static func publicKey(of text: String) -> [UInt8]? {
        Array(text.utf8).split(separator: UInt8(ascii: "+"), maxSplits: 2).last.map(Array.init)
    }

    /// Refuses `text` unless it is a verifier key for `purpose` whose hash is the one of its name and key.
    package static func check(_ text: String, for purpose: Purpose) throws(Reason) {
        let bytes = Array(text.utf8)
        let parts = bytes.split(separator: UInt8(ascii: "+"), maxSplits: 2, omittingEmptySubsequences: false)
        // The key's base64 may hold a "+" itself, so only the first two separate.
        guard bytes.count <= longest, parts.count == 3, let name = parts.first, !name.isEmpty,
            name.allSatisfy({ $0 > 0x20 && $0 < 0x7F }), let encoded = parts.last,
            let key = Base64.standard.decode(encoded), key.count == 33, key.first == purpose.rawValue
        else { throw ConstitutionReason.verifierKey }
        let hash = PortableSHA256.hash(Array(name) + [0x0A] + key).bytes.prefix(4)
        guard Hex.encodeBytes(Array(hash)) == Array(parts[1]) else { throw ConstitutionReason.verifierKey }
    }
}
