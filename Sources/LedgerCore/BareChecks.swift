package import ContractKit
import enum Crypto.P256
import FoundationEssentials
import Foundation

extension Signatures {
    /// Verifies P-256 signatures over and over until the system's uptime reaches `deadline`, with keys parsed once and
    /// nothing else done: the yardstick of the benchmarks. Returns how many were verified.
    package static func bareChecks(
        _ checks: [(line: SignatureLine, message: [UInt8], key: PublicKey)], until deadline: Double
    ) throws -> Int {
        let ready = try checks.map { check in
            (
                try P256.Signing.ECDSASignature(rawRepresentation: check.line.signature),
                check.message.withUnsafeBytes { CryptoSHA256.sha256($0) },
                try P256.Signing.PublicKey(x963Representation: check.key.bytes)
            )
        }
        var count = 0
        while ProcessInfo.processInfo.systemUptime < deadline {
            for (signature, digest, key) in ready {
                guard key.isValidSignature(signature, for: digest) else { throw Reason("signature.invalid") }
                count += 1
            }
        }
        return count
    }
}
