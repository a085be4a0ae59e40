import PageKit
import Primitives
import Storage

/// What the modules keep beside the ledger, in the node's file of contents.
struct NodeBesideLedger: BesideLedger {
    let store: AttachmentStore

    func keep(_ content: [UInt8]) throws {
        _ = try store.put(content, mediaType: "text/plain", isPublic: false)
    }

    func content(_ digest: Digest) throws -> [UInt8]? { try store.find(digest)?.bytes }

    func attachment(_ digest: Digest) throws -> (mediaType: String, size: Int)? {
        guard let found = try store.find(digest), found.isPublic else { return nil }
        return (found.mediaType, found.bytes.count)
    }

    func count(_ name: String) throws { try store.count(name) }

    func total(_ name: String) throws -> Int64 { try store.total(name) }
}
