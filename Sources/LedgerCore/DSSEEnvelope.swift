package import ContractKit
package import Primitives

/// The DSSE v1 JSON envelope of a transaction, the other form that the API takes and that other people's tools check.
package enum DSSEEnvelope {
    /// Largest envelope in bytes: a transaction of the largest size in base64, and room for its signatures.
    package static let largest = 90_000

    /// Reads an envelope into the signed text; both mean the same signed bytes.
    ///
    /// DSSE leaves the algorithm to the key. Here the key's `keyid` is looked up by the caller, so `algorithm` gives
    /// the algorithm of a key id, or nil for an unknown key (then ES256, which every phone makes, is assumed).
    package static func parse(
        _ json: [UInt8], algorithm: (Digest) -> SignatureAlgorithm?
    ) throws(Reason) -> TransactionText {
        guard json.count <= largest else { throw Reason("envelope.size") }
        let document: JSONDocument
        do throws(JSONError) {
            document = try JSONDocument(json, limits: .init(depth: 8, bytes: largest, allowsNewlines: true))
        } catch {
            throw Reason(error.problem.rawValue)
        }
        var fields = try Fields(document.root)
        let type = try fields.string("payloadType", bytes: 1...128)
        guard type == TransactionText.payloadType else { throw Reason("envelope.payloadType", field: "payloadType") }
        let payload = try base64(try fields.string("payload", bytes: 1...largest), field: "payload")
        guard payload.count <= TransactionText.largest else { throw Reason("envelope.size") }
        guard !payload.contains(UInt8(ascii: "\n")), payload.first == UInt8(ascii: "{")
        else { throw Reason("envelope.form", field: "payload") }
        let lines = try fields.list("signatures", count: 1...TransactionText.mostSignatures) {
            (entry: inout Fields) throws(Reason) -> SignatureLine in
            let keyID = try entry.string("keyid", bytes: 43...43)
            guard let bytes = Base64.url.decode(Array(keyID.utf8)), let digest = Digest(bytes: bytes)
            else { throw Reason("signature.encoding", field: "signatures.keyid") }
            let signature = try base64(try entry.string("sig", bytes: 1...256), field: "signatures.sig")
            guard signature.count == 64 else { throw Reason("signature.encoding", field: "signatures.sig") }
            return SignatureLine(algorithm: algorithm(digest) ?? .es256, keyID: digest, signature: signature)
        }
        try fields.finish()
        let text = TransactionText(signatures: lines, payload: payload)
        guard text.bytes.count <= TransactionText.largest else { throw Reason("envelope.size") }
        return text
    }

    /// DSSE allows the standard and the URL-safe alphabet.
    private static func base64(_ text: String, field: String) throws(Reason) -> [UInt8] {
        let ascii = Array(text.utf8)
        if let bytes = Base64.standard.decode(ascii) ?? Base64.url.decode(ascii) { return bytes }
        throw Reason("envelope.base64", field: field)
    }

    /// Writes the envelope of a transaction.
    package static func json(_ text: TransactionText) -> [UInt8] {
        var writer = JSONWriter(capacity: text.bytes.count * 3 / 2)
        writer.object { fields in
            fields.field("payload", Base64.standard.encode(text.payload))
            fields.field("payloadType", TransactionText.payloadType)
            fields.field("signatures", array: text.signatures) { writer, line in
                writer.object { entry in
                    entry.field("keyid", line.keyID.withBytes { Base64.url.encode($0) })
                    entry.field("sig", Base64.standard.encode(line.signature))
                }
            }
        }
        return writer.bytes
    }
}
