package import Primitives

/// What a node keeps beside the ledger: contents of which the ledger knows only the digest, so that they can be masked or
/// destroyed without breaking a proof, and plain totals that nobody could be recognised in.
package protocol BesideLedger: Sendable {
    /// Keeps a content by its SHA-256; keeping it again changes nothing.
    func keep(_ content: [UInt8]) throws
    /// The content with this digest; nil if it is not here (any more).
    func content(_ digest: Digest) throws -> [UInt8]?
    /// A public attachment's media type and size in bytes; nil if it is not here or not public.
    func attachment(_ digest: Digest) throws -> (mediaType: String, size: Int)?
    /// Adds one to a total, such as "notices/water-2026/read".
    func count(_ name: String) throws
    /// A total; 0 if nothing was counted.
    func total(_ name: String) throws -> Int64
}

/// A content that the ledger names by its SHA-256.
package struct NamedContent: Sendable, Hashable {
    /// What it is.
    package enum Kind: Sendable, Hashable {
        /// What somebody wrote.
        case text
        /// A public file of so many bytes.
        case file(mediaType: String, size: Int)
    }

    /// Its SHA-256.
    package let digest: Digest
    /// What it is.
    package let kind: Kind
    /// Leaf of the record that names it.
    package let leaf: Int64

    /// Names a content.
    package init(digest: Digest, kind: Kind, leaf: Int64) {
        self.digest = digest
        self.kind = kind
        self.leaf = leaf
    }
}

/// How a content stands: whether it may be brought, and whether it may be read.
package enum ContentStanding: Sendable {
    /// The ledger knows its digest: it is taken and shown.
    case shown
    /// Masked by decision: it is kept for a dispute, and shown nowhere.
    case masked
}
