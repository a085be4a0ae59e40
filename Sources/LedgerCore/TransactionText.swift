package import ContractKit
package import Primitives

/// One signature line of a transaction: `ES256 <keyid> <signature>` or `EdDSA <keyid> <signature>`.
package struct SignatureLine: Hashable, Sendable {
    /// The algorithm named on the line.
    package let algorithm: SignatureAlgorithm
    /// The key: SHA-256 of its SubjectPublicKeyInfo.
    package let keyID: Digest
    /// 64 bytes: r‖s, or an Ed25519 signature.
    package let signature: [UInt8]

    /// A line from its parts.
    package init(algorithm: SignatureAlgorithm, keyID: Digest, signature: [UInt8]) {
        self.algorithm = algorithm
        self.keyID = keyID
        self.signature = signature
    }
}

/// The signed text of a transaction, as it stands in its leaf up to and including the payload line (`ledger.md`).
package struct TransactionText: Sendable {
    /// The exact bytes: first line, signature lines, payload, each ended by a newline.
    package let bytes: [UInt8]
    /// The signature lines, one to eight.
    package let signatures: [SignatureLine]
    /// Where the payload stands in `bytes`, without its newline.
    package let payloadRange: Range<Int>

    /// First line of a transaction.
    package static let firstLine: [UInt8] = Array("linlian/tx/v1\n".utf8)
    /// DSSE payload type of a transaction (`ledger.md`).
    package static let payloadType = "application/vnd.linlian.tx+json"
    /// Largest signed text in bytes: leaves room for outcome and events in a leaf of 65,535.
    package static let largest = 60_000
    /// Most signature lines.
    package static let mostSignatures = 8

    private static let pae: [UInt8] = Array("DSSEv1 31 application/vnd.linlian.tx+json ".utf8)

    /// The exact payload bytes.
    package var payload: [UInt8] { Array(bytes[payloadRange]) }

    /// Builds the text from its parts.
    package init(signatures: [SignatureLine], payload: [UInt8]) {
        var bytes = TransactionText.firstLine
        bytes.reserveCapacity(payload.count + 160 * signatures.count + 16)
        for line in signatures {
            bytes.append(contentsOf: line.algorithm.rawValue.utf8)
            bytes.append(UInt8(ascii: " "))
            bytes.append(contentsOf: line.keyID.withBytes { Base64.url.encodeBytes($0) })
            bytes.append(UInt8(ascii: " "))
            bytes.append(contentsOf: Base64.url.encodeBytes(line.signature))
            bytes.append(UInt8(ascii: "\n"))
        }
        let start = bytes.count
        bytes.append(contentsOf: payload)
        bytes.append(UInt8(ascii: "\n"))
        self.bytes = bytes
        self.signatures = signatures
        self.payloadRange = start..<start + payload.count
    }

    /// Parses the signed text. Refuses with `envelope.size`, `envelope.form`, `signature.encoding` or
    /// `signature.algorithm`.
    package init(parsing bytes: [UInt8]) throws(Reason) {
        guard bytes.count <= TransactionText.largest else { throw Reason("envelope.size") }
        let (signatures, payload) = try TransactionText.split(bytes, from: 0, to: bytes.count)
        guard payload.upperBound + 1 == bytes.count else { throw Reason("envelope.form") }
        self.bytes = bytes
        self.signatures = signatures
        self.payloadRange = payload
    }

    /// Parses the signed text at the start of a transaction leaf; returns it and where the outcome line begins.
    package static func parsingLeaf(_ leaf: [UInt8]) throws(Reason) -> (TransactionText, Int) {
        let (signatures, payload) = try split(leaf, from: 0, to: leaf.count)
        let end = payload.upperBound + 1
        return (
            TransactionText(bytes: Array(leaf[..<end]), signatures: signatures, payloadRange: payload), end
        )
    }

    private init(bytes: [UInt8], signatures: [SignatureLine], payloadRange: Range<Int>) {
        self.bytes = bytes
        self.signatures = signatures
        self.payloadRange = payloadRange
    }

    private static func split(
        _ bytes: [UInt8], from: Int, to end: Int
    ) throws(Reason) -> ([SignatureLine], Range<Int>) {
        guard bytes.count > firstLine.count, bytes.starts(with: firstLine) else { throw Reason("envelope.form") }
        var at = firstLine.count
        var signatures: [SignatureLine] = []
        while at < end, bytes[at] != UInt8(ascii: "{") {
            guard signatures.count < mostSignatures else { throw Reason("envelope.form") }
            signatures.append(try signatureLine(bytes, &at, end))
        }
        guard !signatures.isEmpty else { throw Reason("signature.missing") }
        let start = at
        guard let newline = bytes[start..<end].firstIndex(of: UInt8(ascii: "\n")), newline > start
        else { throw Reason("envelope.form") }
        return (signatures, start..<newline)
    }

    private static func signatureLine(_ bytes: [UInt8], _ at: inout Int, _ end: Int) throws(Reason) -> SignatureLine {
        // "ES256 " or "EdDSA ", 43 characters of key id, a space, 86 characters of signature, a newline.
        let length = 6 + 43 + 1 + 86 + 1
        guard at + 6 <= end else { throw Reason("envelope.form") }
        let algorithm: SignatureAlgorithm
        if bytes[at..<at + 6].elementsEqual("ES256 ".utf8) {
            algorithm = .es256
        } else if bytes[at..<at + 6].elementsEqual("EdDSA ".utf8) {
            algorithm = .edDSA
        } else {
            throw Reason("signature.algorithm")
        }
        guard at + length <= end, bytes[at + 49] == UInt8(ascii: " "), bytes[at + length - 1] == UInt8(ascii: "\n"),
            let keyBytes = Base64.url.decode(bytes[at + 6..<at + 49]), let keyID = Digest(bytes: keyBytes),
            let signature = Base64.url.decode(bytes[at + 50..<at + length - 1]), signature.count == 64
        else { throw Reason("signature.encoding") }
        at += length
        return SignatureLine(algorithm: algorithm, keyID: keyID, signature: signature)
    }

    /// The bytes that signatures cover: DSSE's pre-authentication encoding of payload type and payload.
    package static func preAuthenticationEncoding(_ payload: some Collection<UInt8>) -> [UInt8] {
        var encoding: [UInt8] = []
        encoding.reserveCapacity(pae.count + 8 + payload.count)
        encoding.append(contentsOf: pae)
        ASCIIDecimal.append(UInt64(payload.count), to: &encoding)
        encoding.append(UInt8(ascii: " "))
        encoding.append(contentsOf: payload)
        return encoding
    }

    /// The bytes that the signatures cover.
    package var signedBytes: [UInt8] { TransactionText.preAuthenticationEncoding(bytes[payloadRange]) }
}
