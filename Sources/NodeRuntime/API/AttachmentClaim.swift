package import ContractKit
import LedgerCore
package import Primitives

/// What a member of staff signs to upload an attachment: which content, to which ledger, until when.
///
/// The request carries the claim's JSON in base64url in the header `Linlian-Attachment`, and in `Linlian-Signature` a line
/// `ES256 <keyid> <signature>` over DSSE's PAE of `payloadType` and that JSON.
package struct AttachmentClaim: Record {
    /// DSSE payload type.
    package static let payloadType = "application/vnd.linlian.attachment"

    /// SHA-256 of the content.
    package let digest: Digest
    /// The ledger's origin.
    package let ledger: String
    /// Its media type, one of those that may be stored.
    package let mediaType: String
    /// Until when the claim may be used; at most 24 h ahead.
    package let notAfter: Instant
    /// Whether anyone may read the content.
    package let isPublic: Bool

    /// A claim to be signed.
    package init(digest: Digest, ledger: String, mediaType: String, notAfter: Instant, isPublic: Bool) {
        self.digest = digest
        self.ledger = ledger
        self.mediaType = mediaType
        self.notAfter = notAfter
        self.isPublic = isPublic
    }

    /// Reads a claim.
    package init(_ fields: inout Fields) throws(Reason) {
        digest = try fields.digest("digest")
        ledger = try fields.string("ledger", bytes: 1...256)
        mediaType = try fields.string("mediaType", bytes: 1...64)
        notAfter = try fields.instant("notAfter")
        isPublic = try fields.bool("public")
    }

    /// Writes a claim.
    package func write(to fields: inout JSONWriter) {
        fields.field("digest", digest.hex)
        fields.field("ledger", ledger)
        fields.field("mediaType", mediaType)
        fields.field("notAfter", notAfter.milliseconds)
        fields.field("public", isPublic)
    }

    /// Reads and checks a claim: its signature, the signer's account (active staff of a party), ledger and time.
    package static func check(
        payload header: String, signature: String, node: Node
    ) throws(Reason) -> AttachmentClaim {
        guard header.utf8.count <= 2_048, let payload = Base64.url.decode(header)
        else { throw Reason("attachment.claim", field: "Linlian-Attachment") }
        let claim = try AttachmentClaim(json: payload)
        let line = try DetachedSignature.parse(line: Array(signature.utf8))
        let name = line.keyID.withBytes { Base64.url.encode($0) }
        guard let row = try LedgerTables.keys.find(name, in: node.state), row.active else { throw Reason.unknownKey }
        try DetachedSignature.check(line, key: row.key, type: payloadType, payload: payload)
        guard row.party != nil else { throw Reason.notAllowed }
        guard claim.ledger == node.origin else { throw Reason("ledger.wrong", field: "ledger") }
        let now = node.clock()
        guard claim.notAfter >= now, claim.notAfter <= now.advanced(byMilliseconds: Transaction.longestLife)
        else { throw Reason("attachment.expired", field: "notAfter") }
        return claim
    }
}
