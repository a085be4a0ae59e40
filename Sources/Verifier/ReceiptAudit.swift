import ContractKit
package import LedgerCore
package import MerkleLog
import Primitives

/// Checks one receipt alone and offline, by the policy that the reader trusts.
package enum ReceiptAudit {
    /// What a sound receipt says.
    package struct Report: Sendable {
        /// The leaf.
        package let leaf: Leaf
        /// Index of the leaf.
        package let index: UInt64
        /// The log's size at the checkpoint.
        package let size: UInt64
        /// The ledger's origin.
        package let origin: String
        /// The witnesses that cosigned.
        package let witnesses: [String]
    }

    /// Checks `receipt`; throws an `AuditFailure` that says which check failed.
    package static func check(_ receipt: [UInt8], policy: WitnessPolicy) throws -> Report {
        let proof: TLogProof
        do {
            proof = try TLogProof(parsing: receipt)
        } catch {
            throw AuditFailure(at: "the receipt", check: error.code, expected: "a C2SP tlog-proof", found: "\(error)")
        }
        let evaluation: PolicyEvaluation
        do {
            evaluation = try proof.verify(policy: policy, using: CryptoSHA256.self, ed25519: CryptoEd25519.self)
        } catch {
            throw AuditFailure(
                at: "leaf \(proof.index)", check: error.code, expected: "a proof that the policy accepts",
                found: "\(error)")
        }
        let leaf: Leaf
        do {
            leaf = try Leaf(parsing: proof.extra ?? [])
        } catch {
            throw AuditFailure(
                at: "leaf \(proof.index)", check: error.code, expected: "a Linlian leaf", found: "\(error.code)")
        }
        return Report(
            leaf: leaf, index: proof.index, size: proof.checkpoint.checkpoint.size,
            origin: proof.checkpoint.checkpoint.origin.string,
            witnesses: evaluation.cosigned.map { String(decoding: $0.witness.bytes, as: UTF8.self) })
    }
}
