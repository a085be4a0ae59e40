import ContractKit
import Crypto
import Foundation
import Primitives
import Testing

@testable import LedgerCore

/// Signature vectors (C2SP/wycheproof), read where they lie beside the package.
@Suite("Wycheproof vectors")
struct WycheproofTests {
    private static let folder = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().deletingLastPathComponent().appending(path: "shared/data/wycheproof")

    private struct File: Decodable {
        struct Group: Decodable {
            struct Key: Decodable {
                var uncompressed: String?
                var pk: String?
            }
            struct Vector: Decodable {
                var tcId: Int
                var comment: String
                var msg: String
                var sig: String
                var result: String
            }
            var publicKey: Key
            var tests: [Vector]
        }
        var numberOfTests: Int
        var testGroups: [Group]
    }

    private struct Count {
        var accepted = 0
        var refused = 0
        var highS = 0
        var acceptable: [String] = []
    }

    private func check(
        _ name: String, _ algorithm: SignatureAlgorithm, key: (File.Group.Key) -> String?,
        signature: ([UInt8]) -> [UInt8]?
    ) throws -> (Count, File) {
        let file = try JSONDecoder().decode(File.self, from: Data(contentsOf: Self.folder.appending(path: name)))
        var count = Count()
        for group in file.testGroups {
            let text = try #require(key(group.publicKey))
            let bytes = try #require(Hex.decode(text))
            for vector in group.tests {
                let message = try #require(Hex.decode(vector.msg))
                let encoded = try #require(Hex.decode(vector.sig))
                let given = signature(encoded)
                let verdict = verdict(algorithm, bytes, message, given)
                let label: Comment = "\(name) \(vector.tcId): \(vector.comment)"
                switch (vector.result, verdict) {
                case ("valid", nil): count.accepted += 1
                case ("valid", "signature.highS"):
                    // The only valid ones that may be refused; their mirror image with the low s must be accepted.
                    count.highS += 1
                    #expect(algorithm == .es256 && !Signatures.hasLowS(given ?? []), label)
                    #expect(self.verdict(algorithm, bytes, message, Signatures.lowS(given ?? [])) == nil, label)
                case ("invalid", .some): count.refused += 1
                case ("acceptable", _):
                    count.acceptable.append("\(vector.tcId) \(vector.comment): \(verdict ?? "accepted")")
                default: Issue.record("\(label): \(vector.result), but \(verdict ?? "accepted")")
                }
            }
        }
        print(
            "\(name): \(count.accepted) accepted, \(count.refused) refused, \(count.highS) valid but with a high s,",
            "acceptable: \(count.acceptable)")
        #expect(file.testGroups.map(\.tests.count).reduce(0, +) == file.numberOfTests)
        return (count, file)
    }

    /// The refusal's code; nil if the signature holds.
    private func verdict(
        _ algorithm: SignatureAlgorithm, _ key: [UInt8], _ message: [UInt8], _ signature: [UInt8]?
    ) -> String? {
        guard let signature, signature.count == 64 else { return "signature.encoding" }
        do throws(Reason) {
            let publicKey = try PublicKey(algorithm, key)
            let line = SignatureLine(algorithm: algorithm, keyID: publicKey.keyID, signature: signature)
            let digest = message.withUnsafeBytes { CryptoSHA256.sha256($0) }
            try Signatures.check(line, key: VerificationKey(publicKey), message: message, digest: digest)
            return nil
        } catch {
            return error.code
        }
    }

    @Test("P-256 with r‖s")
    func p1363() throws {
        let (count, file) = try check(
            "ecdsa_secp256r1_sha256_p1363_test.json", .es256, key: \.uncompressed, signature: { $0 })
        #expect(file.numberOfTests == 262)
        #expect(count.accepted + count.highS == 173)
        #expect(count.accepted > 50)
    }

    @Test("P-256 with DER, turned into r‖s")
    func der() throws {
        let (count, file) = try check(
            "ecdsa_secp256r1_sha256_test.json", .es256, key: \.uncompressed, signature: StrictDER.rawSignature)
        #expect(file.numberOfTests == 484)
        #expect(count.accepted + count.highS == 174)
        #expect(count.accepted > 50)
    }

    @Test("Ed25519")
    func ed25519() throws {
        let (count, file) = try check("ed25519_test.json", .edDSA, key: \.pk, signature: { $0 })
        #expect(file.numberOfTests == 151)
        #expect(count.accepted == 88)
    }

    @Test("The low s of a signature is at most half the order, and lowering it twice changes nothing")
    func lowS() throws {
        let key = P256.Signing.PrivateKey()
        for number in 0..<50 {
            let raw = Array(try key.signature(for: [UInt8(number)]).rawRepresentation)
            let low = Signatures.lowS(raw)
            #expect(Signatures.hasLowS(low))
            #expect(Signatures.lowS(low) == low)
        }
        let half = [UInt8](repeating: 1, count: 32) + Signatures.halfOrder
        #expect(Signatures.hasLowS(half))
        var above = half
        above[63] += 1
        #expect(!Signatures.hasLowS(above))
        #expect(Signatures.lowS(above) == half)
        #expect(!Signatures.hasLowS([1, 2, 3]))
    }
}

/// ECDSA-Sig-Value in DER, read strictly (X.690): one form per number, nothing after the end.
enum StrictDER {
    /// r‖s, 32 bytes each; nil where the encoding is not DER or a number does not fit.
    static func rawSignature(_ der: [UInt8]) -> [UInt8]? {
        var rest = der[...]
        guard let body = take(0x30, &rest), rest.isEmpty else { return nil }
        rest = body
        guard let r = take(0x02, &rest), let s = take(0x02, &rest), rest.isEmpty, let left = number(r),
            let right = number(s)
        else { return nil }
        return left + right
    }

    private static func take(_ tag: UInt8, _ rest: inout ArraySlice<UInt8>) -> ArraySlice<UInt8>? {
        guard rest.popFirst() == tag, let length = rest.popFirst(), length < 0x80, rest.count >= Int(length)
        else { return nil }
        defer { rest = rest.dropFirst(Int(length)) }
        return rest.prefix(Int(length))
    }

    private static func number(_ integer: ArraySlice<UInt8>) -> [UInt8]? {
        guard let first = integer.first, first < 0x80 else { return nil }
        var digits = integer
        if first == 0, digits.count > 1 {
            digits = digits.dropFirst()
            guard let next = digits.first, next >= 0x80 else { return nil }
        }
        guard digits.count <= 32 else { return nil }
        return [UInt8](repeating: 0, count: 32 - digits.count) + digits
    }
}
