package import ContractKit
import LedgerCore
package import MerkleLog
package import Ordering
import Primitives

/// A statement that its party has signed.
package struct CheckedStatement: Sendable {
    /// What it says.
    package enum Content: Sendable {
        /// Which points the party has reached.
        case seen(SeenStatement)
        /// Which point it has cosigned, and its cosignature.
        case cosigned(Point, NoteSignature)
    }

    /// The party.
    package let party: String
    /// What it says.
    package let content: Content

    /// Reads a statement about the ledger `origin` and checks its signature by the key that `network` names; nil if it is
    /// none, or its party did not sign it.
    package init?(_ statement: Statement, origin: String, network: NetworkRow) {
        guard let cosigner = network.member(statement.party)?.cosigner else { return nil }
        party = statement.party
        switch statement.kind {
        case .status: return nil
        case .seen:
            guard
                let seen = SeenStatement(
                    parsing: statement.text, origin: origin,
                    isSigned: { party, lines, signature in
                        party == statement.party && NodeSigner.isSigned(lines, signature, by: cosigner)
                    })
            else { return nil }
            content = .seen(seen)
        case .cosigned:
            guard let key = try? VerifierKey(parsing: cosigner, using: CryptoSHA256.self),
                let head = try? SignedCheckpoint(parsing: statement.text),
                head.checkpoint.origin == UTF8Text(origin),
                case .valid = head.note.status(of: key, using: CryptoEd25519.self),
                let signature = head.note.signatures.last(where: { $0.keyID == key.keyID && $0.name == key.name })
            else { return nil }
            content = .cosigned(Point(size: head.checkpoint.size, root: head.checkpoint.root), signature)
        }
    }
}
