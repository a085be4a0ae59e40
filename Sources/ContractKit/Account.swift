package import Primitives

/// The signature algorithms of a transaction (`ledger.md`, Leaves).
package enum SignatureAlgorithm: String, Sendable {
    /// ECDSA on P-256 with SHA-256, signature r‖s with low s; public key 65 bytes, uncompressed point.
    case es256 = "ES256"
    /// Ed25519 (RFC 8032); public key 32 bytes.
    case edDSA = "EdDSA"

    /// Length of the recorded public key in bytes.
    package var keyLength: Int { self == .es256 ? 65 : 32 }

    /// The DER header of a SubjectPublicKeyInfo with such a key (RFC 5480, RFC 8410); the key's bytes follow it.
    package var subjectPublicKeyInfoHeader: [UInt8] {
        switch self {
        case .es256:
            [
                0x30, 0x59, 0x30, 0x13, 0x06, 0x07, 0x2A, 0x86, 0x48, 0xCE, 0x3D, 0x02, 0x01, 0x06, 0x08, 0x2A, 0x86,
                0x48, 0xCE, 0x3D, 0x03, 0x01, 0x07, 0x03, 0x42, 0x00,
            ]
        case .edDSA: [0x30, 0x2A, 0x30, 0x05, 0x06, 0x03, 0x2B, 0x65, 0x70, 0x03, 0x21, 0x00]
        }
    }
}

/// A public key that signs transactions.
package struct PublicKey: Hashable, Sendable {
    /// Which algorithm it belongs to.
    package let algorithm: SignatureAlgorithm
    /// The key's bytes: an uncompressed P-256 point (65) or an Ed25519 key (32).
    package let bytes: [UInt8]

    /// Refuses a key of the wrong length or point form. Whether the point lies on the curve is checked when it verifies.
    package init(_ algorithm: SignatureAlgorithm, _ bytes: [UInt8]) throws(Reason) {
        guard bytes.count == algorithm.keyLength, algorithm == .edDSA || bytes[0] == 4
        else { throw Reason.fieldRange.at("publicKey") }
        self.algorithm = algorithm
        self.bytes = bytes
    }

    /// SubjectPublicKeyInfo in DER.
    package var subjectPublicKeyInfo: [UInt8] { algorithm.subjectPublicKeyInfoHeader + bytes }

    /// SHA-256 of the SubjectPublicKeyInfo; in text form unpadded base64url, the `keyid` of `ledger.md`.
    package var keyID: Digest { PortableSHA256.hash(subjectPublicKeyInfo) }
}

/// An account's key as the ledger knows it: row `ledger/key/<keyid>` of the state.
package struct KeyRow: Record {
    /// Pseudonymous account id; several keys may belong to one account.
    package var account: String
    /// Running number of the account, from 1, dense: lets rules walk over all accounts.
    package var number: Int64
    /// Party that the account acts for, if it is a staff account.
    package var party: String?
    /// The public key.
    package var key: PublicKey
    /// Roles that the account holds, sorted: `resident`, or staff roles such as `registrar`.
    package var roles: [String]
    /// Whether the key may still sign.
    package var active: Bool

    /// A row for a new key.
    package init(account: String, number: Int64, party: String?, key: PublicKey, roles: [String], active: Bool = true) {
        self.account = account
        self.number = number
        self.party = party
        self.key = key
        self.roles = roles.sorted()
        self.active = active
    }

    /// Reads the row.
    package init(_ fields: inout Fields) throws(Reason) {
        account = try fields.identifier("account")
        active = try fields.bool("active")
        let algorithm = try fields.word("algorithm", as: SignatureAlgorithm.self)
        number = try fields.integer("number", in: 0...Int64(1) << 53)
        party = try fields.optionalIdentifier("party")
        key = try PublicKey(algorithm, try fields.base64URL("publicKey", bytes: 32...65))
        roles = try fields.strings("roles", count: 0...16, bytes: 1...64)
    }

    /// Writes the row.
    package func write(to fields: inout JSONWriter) {
        fields.field("account", account)
        fields.field("active", active)
        fields.field("algorithm", key.algorithm.rawValue)
        fields.field("number", number)
        if let party { fields.field("party", party) }
        fields.field("publicKey", Base64.url.encode(key.bytes))
        fields.field("roles", array: roles) { $0.string($1) }
    }
}

/// Number of accounts so far: row `ledger/count/accounts`.
package struct CountRow: Record {
    /// The count.
    package var count: Int64

    /// Wraps a count.
    package init(count: Int64) { self.count = count }
    /// Reads the row.
    package init(_ fields: inout Fields) throws(Reason) { count = try fields.integer("count", in: 0...Int64(1) << 53) }
    /// Writes the row.
    package func write(to fields: inout JSONWriter) { fields.field("count", count) }
}

/// The tables that the ledger itself reads, whatever modules there are.
package enum LedgerTables {
    /// Keys by keyid in base64url.
    package static let keys = Table<KeyRow>("ledger", "key")
    /// Running counts; `accounts` is the number of accounts.
    package static let counts = Table<CountRow>("ledger", "count")
}

/// Who signed a transaction.
package struct Caller: Sendable {
    /// The signing key; nil for a due action.
    package let keyID: Digest?
    /// The account; empty for a guest (a key that the transaction itself introduces) and for a due action.
    package let account: String
    /// The account's running number; 0 for a guest.
    package let number: Int64
    /// The party acted for, when `as` is `party:<id>`.
    package let party: String?
    /// The roles held.
    package let roles: [String]
    /// Accounts and parties of further signers, in the order of their signature lines.
    package let cosigners: [Caller]

    /// A signer.
    package init(
        keyID: Digest?, account: String, number: Int64, party: String?, roles: [String], cosigners: [Caller] = []
    ) {
        self.keyID = keyID
        self.account = account
        self.number = number
        self.party = party
        self.roles = roles
        self.cosigners = cosigners
    }

    /// The same signer with further ones.
    package func joined(by cosigners: [Caller]) -> Caller {
        Caller(
            keyID: keyID, account: account, number: number, party: party, roles: roles, cosigners: cosigners)
    }

    /// The ledger itself, in due actions.
    package static let ledger = Caller(keyID: nil, account: "", number: 0, party: nil, roles: [])
}

/// A key was opened for an account; an outsider who replays the log learns every public key from these.
package struct KeyOpened: Event {
    package static let name: StaticString = "ledger.keyOpened"
    /// The account.
    package let account: String
    /// The key.
    package let key: PublicKey
    /// The account's running number.
    package let number: Int64

    /// Describes a key that was opened.
    package init(account: String, key: PublicKey, number: Int64) {
        self.account = account
        self.key = key
        self.number = number
    }

    /// Reads the event.
    package init(_ fields: inout Fields) throws(Reason) {
        account = try fields.identifier("account")
        let algorithm = try fields.word("algorithm", as: SignatureAlgorithm.self)
        _ = try fields.string("keyid", bytes: 43...43)
        number = try fields.integer("number", in: 0...Int64(1) << 53)
        let spki = try fields.base64URL("publicKey", bytes: 44...91)
        key = try PublicKey(algorithm, Array(spki.dropFirst(algorithm.subjectPublicKeyInfoHeader.count)))
    }

    /// Writes the event.
    package func write(to fields: inout JSONWriter) {
        fields.field("account", account)
        fields.field("algorithm", key.algorithm.rawValue)
        fields.field("keyid", Base64.url.encode(key.keyID.bytes))
        fields.field("number", number)
        fields.field("publicKey", Base64.url.encode(key.subjectPublicKeyInfo))
    }
}

/// A key may no longer sign.
package struct KeyClosed: Event {
    package static let name: StaticString = "ledger.keyClosed"
    /// The key's id in base64url.
    package let keyID: String

    /// Describes a key that was closed.
    package init(keyID: String) { self.keyID = keyID }
    /// Reads the event.
    package init(_ fields: inout Fields) throws(Reason) { keyID = try fields.string("keyid", bytes: 43...43) }
    /// Writes the event.
    package func write(to fields: inout JSONWriter) { fields.field("keyid", keyID) }
}

extension Execution {
    /// Opens a key. Without `number` it belongs to a new account, which gets the next running number; a further key of
    /// an existing account names that account's `account` and `number`, so that one person never counts as two.
    /// Refuses a key that is known already.
    @discardableResult
    package mutating func openKey(
        _ key: PublicKey, account: String? = nil, number: Int64? = nil, party: String? = nil, roles: [String]
    ) throws(Reason) -> KeyRow {
        let id = Base64.url.encode(key.keyID.bytes)
        guard !LedgerTables.keys.contains(id, in: self) else { throw Reason("account.keyKnown", field: "publicKey") }
        let running: Int64
        if let number {
            running = number
        } else {
            var count = try LedgerTables.counts.find("accounts", in: self) ?? CountRow(count: 0)
            count.count = try count.count.adding(1)
            LedgerTables.counts.put("accounts", count, in: &self)
            running = count.count
        }
        let row = KeyRow(account: account ?? "a\(running)", number: running, party: party, key: key, roles: roles)
        LedgerTables.keys.put(id, row, in: &self)
        emit(KeyOpened(account: row.account, key: key, number: row.number))
        return row
    }

    /// Closes a key: what it signs from now on is refused.
    package mutating func closeKey(_ keyID: String) throws(Reason) {
        var row = try LedgerTables.keys.require(keyID, in: self, else: .unknownKey)
        row.active = false
        LedgerTables.keys.put(keyID, row, in: &self)
        emit(KeyClosed(keyID: keyID))
    }
}
