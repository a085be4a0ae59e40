package import LedgerCore
package import Primitives

/// A leaf as people and programs are told about it: what it is, who acted, what was signed, what it brought about.
package struct LedgerRecord: Sendable {
    /// The leaf, told apart.
    package let leaf: Leaf
    /// Its place on the ledger.
    package let index: UInt64
    /// Its exact bytes.
    package let bytes: [UInt8]
    /// The transaction's type, the due action's name, or `seal`.
    package let kind: String
    /// In what capacity it was signed; nil for what the ledger does by itself.
    package let actor: String?
    /// The signed payload; nil for what the ledger does by itself.
    package let payload: JSONDocument?

    /// Reads a leaf; nil if it is not one.
    package init?(_ bytes: [UInt8], index: UInt64) {
        guard let leaf = try? Leaf(parsing: bytes) else { return nil }
        self.leaf = leaf
        self.index = index
        self.bytes = bytes
        switch leaf {
        case .transaction(let text, _, _):
            guard let document = try? JSONDocument(text.payload) else { return nil }
            payload = document
            kind = document.root.member("type")?.string ?? ""
            actor = document.root.member("as")?.string
        case .due(let action, _, _):
            payload = nil
            kind = action
            actor = nil
        case .seal:
            payload = nil
            kind = "seal"
            actor = nil
        }
    }

    /// What became of a transaction; nil for other leaves.
    package var outcome: Outcome? {
        if case .transaction(_, let outcome, _) = leaf { outcome } else { nil }
    }

    /// The transaction's id; nil for other leaves.
    package var transactionID: Digest? {
        if case .transaction(let text, _, _) = leaf { CryptoSHA256.hash(text.signedBytes) } else { nil }
    }

    /// The events, as written; nil for a seal.
    package var events: [UInt8]? {
        switch leaf {
        case .transaction(_, _, let events), .due(_, _, let events): events
        case .seal: nil
        }
    }
}
