package import ContractKit
import struct Crypto.SHA256Digest
package import Primitives

/// In what capacity a key signs: the payload's `as`.
package enum Capacity: Hashable, Sendable {
    /// Staff of a party: `party:<id>`.
    case party(String)
    /// A resident's account.
    case resident
    /// A key without an account, which the transaction introduces.
    case guest

    /// Reads the text of a payload; nil for anything else.
    package init?(_ text: String) {
        if text == "resident" {
            self = .resident
        } else if text == "guest" {
            self = .guest
        } else if text.hasPrefix("party:"), Fields.isIdentifier(String(text.dropFirst(6))) {
            self = .party(String(text.dropFirst(6)))
        } else {
            return nil
        }
    }

    /// The text in a payload.
    package var text: String {
        switch self {
        case .party(let id): "party:\(id)"
        case .resident: "resident"
        case .guest: "guest"
        }
    }
}

/// A transaction whose text, payload and body could be read. Its signatures may not have been checked yet.
///
/// A class, because it is handed from the gate through the pipeline to the block many times and never changes.
package final class Transaction: Sendable {
    /// The signed text.
    package let text: TransactionText
    /// SHA-256 of the signed bytes.
    package let id: Digest
    /// The ledger it is meant for.
    package let ledger: String
    /// The latest block time at which it may be executed.
    package let notAfter: Instant
    /// In what capacity the first signer acts.
    package let capacity: Capacity
    /// The decoded body.
    package let command: any Command
    let payload: JSONDocument
    let sha256: SHA256Digest
    private let callers: Callers

    /// Longest time in ms that `notAfter` may lie after block time.
    package static let longestLife = Instant.day

    /// Reads a signed text. Refuses with the codes of `TransactionText`, `JSONError` and `Fields`, and with
    /// `transaction.type` for an unknown type.
    package init(_ text: TransactionText, catalog: CommandCatalog) throws(Reason) {
        let signed = text.signedBytes
        sha256 = signed.withUnsafeBytes { CryptoSHA256.sha256($0) }
        id = Digest(sha256)
        self.text = text
        do throws(JSONError) {
            payload = try JSONDocument(text.payload)
        } catch {
            throw Reason(error.problem.rawValue, field: "payload")
        }
        var fields = try Fields(payload.root)
        ledger = try fields.string("ledger", bytes: 1...256)
        let type = try Transaction.member("type", of: &fields, payload)
        _ = try fields.base64URL("nonce", bytes: 16...16)
        notAfter = try fields.instant("notAfter")
        guard let capacity = Capacity(try fields.string("as", bytes: 1...72)) else { throw Reason.fieldRange.at("as") }
        self.capacity = capacity
        guard let commandType = catalog.command(type) else { throw Reason("transaction.type", field: "type") }
        callers = commandType.callers
        command = try Transaction.body(commandType, &fields)
        try fields.finish()
        try command.check()
    }

    private static func member(
        _ key: StaticString, of fields: inout Fields, _ payload: JSONDocument
    ) throws(Reason) -> ArraySlice<UInt8> {
        _ = try fields.string(key, bytes: 1...64)
        return payload.root.member(key)?.rawBytes ?? []
    }

    private static func body<C: Command>(_ type: C.Type, _ fields: inout Fields) throws(Reason) -> any Command {
        try fields.record("body", as: C.self)
    }

    /// The transaction's type, such as `assembly.castBallot`.
    package var type: String { "\(Swift.type(of: command).type)" }

    /// Checks every signature against the key that `key` gives for its key id, or that the transaction introduces.
    package func checkSignatures(_ key: (Digest) throws(Reason) -> VerificationKey?) throws(Reason) {
        let message = text.signatures.contains { $0.algorithm == .edDSA } ? text.signedBytes : []
        let introduced = command.introducedKey
        var seen: [Digest] = []
        for line in text.signatures {
            guard !seen.contains(line.keyID) else { throw Reason("signature.repeated") }
            seen.append(line.keyID)
            let known: VerificationKey?
            if let introduced, seen.count == 1 {
                known = introduced.keyID == line.keyID ? try VerificationKey(introduced) : nil
            } else {
                known = try key(line.keyID)
            }
            guard let publicKey = known else { throw Reason.unknownKey }
            try Signatures.check(line, key: publicKey, message: message, digest: sha256)
        }
    }

    /// Who signed, by the keys that `key` finds. Refuses with `account.unknown` or `account.role`.
    func caller(_ key: (Digest) throws(Reason) -> KnownKeys.Known?) throws(Reason) -> Caller {
        var signers: [Caller] = []
        for (position, line) in text.signatures.enumerated() {
            if position == 0, capacity == .guest {
                guard callers == .guest else { throw Reason.notAllowed.at("as") }
                signers.append(Caller(keyID: line.keyID, account: "", number: 0, party: nil, roles: []))
                continue
            }
            guard let known = try key(line.keyID), known.row.active else { throw Reason.unknownKey }
            if position == 0 { try Transaction.require(known.row, as: capacity, by: callers) }
            if text.signatures.count == 1 { return known.caller }
            signers.append(known.caller)
        }
        guard let first = signers.first else { throw Reason("signature.missing") }
        return first.joined(by: Array(signers.dropFirst()))
    }

    private static func require(_ row: KeyRow, as capacity: Capacity, by callers: Callers) throws(Reason) {
        switch (callers, capacity) {
        case (.staff(let role), .party(let party)):
            guard row.party == party, row.roles.contains(role) else { throw Reason.notAllowed.at("as") }
        case (.anyStaff, .party(let party)):
            guard row.party == party else { throw Reason.notAllowed.at("as") }
        case (.resident, .resident):
            guard row.roles.contains("resident") else { throw Reason.notAllowed.at("as") }
        default: throw Reason.notAllowed.at("as")
        }
    }

    /// Whether block time lets the transaction in.
    package func checkTime(_ time: Instant) throws(Reason) {
        guard notAfter >= time else { throw Reason("transaction.expired", field: "notAfter") }
        guard notAfter <= time.advanced(byMilliseconds: Transaction.longestLife)
        else { throw Reason("transaction.notAfterTooLate", field: "notAfter") }
    }

    /// Builds and signs a transaction.
    package static func signedText(
        ledger: String, type: String, capacity: Capacity, body: [UInt8], nonce: [UInt8], notAfter: Instant,
        keys: [SigningKey]
    ) throws -> TransactionText {
        var writer = JSONWriter(capacity: body.count + 200)
        writer.object { fields in
            fields.field("as", capacity.text)
            fields.field("body", canonical: body)
            fields.field("ledger", ledger)
            fields.field("nonce", Base64.url.encode(nonce))
            fields.field("notAfter", notAfter.milliseconds)
            fields.field("type", type)
        }
        let lines = try keys.map { try $0.sign(payload: writer.bytes) }
        return TransactionText(signatures: lines, payload: writer.bytes)
    }
}
