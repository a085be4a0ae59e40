package import ContractKit
package import Primitives

/// One row of an import.
package struct ImportedUnit: Record, Hashable {
    /// The unit's id.
    package var unit: String
    /// What the roll is to say of it.
    package var entry: UnitEntry

    /// A row.
    package init(unit: String, entry: UnitEntry) {
        self.unit = unit
        self.entry = entry
    }

    /// Reads the row.
    package init(_ fields: inout Fields) throws(Reason) {
        entry = try UnitEntry(&fields)
        unit = try fields.identifier("unit")
    }

    /// Writes the row.
    package func write(to fields: inout JSONWriter) {
        entry.write(to: &fields)
        fields.field("unit", unit)
    }
}

/// `registry.importUnits`: units come onto the roll or change; what the roll says already changes nothing.
package struct ImportUnits: Command {
    package static let type: StaticString = "registry.importUnits"
    package static let callers = Callers.staff(role: RegistryRoles.registrar)
    /// The rows, each unit once.
    package var rows: [ImportedUnit]

    /// An import.
    package init(rows: [ImportedUnit]) { self.rows = rows }

    /// Reads the body.
    package init(_ fields: inout Fields) throws(Reason) {
        rows = try fields.list("rows", count: 1...RegistryLimits.rows, ImportedUnit.init)
    }

    /// Writes the body.
    package func write(to fields: inout JSONWriter) {
        fields.field("rows", array: rows) { writer, row in writer.object { row.write(to: &$0) } }
    }

    /// Each unit stands once.
    package func check() throws(Reason) {
        var seen: Set<String> = []
        var at = 0
        for row in rows {
            guard seen.insert(row.unit).inserted else { throw RegistryReason.unitRepeated.at("rows[\(at)].unit") }
            at += 1
        }
    }
}

/// One enrolment code to be issued; the code itself goes to the owner on paper.
package struct IssuedCode: Record, Hashable {
    /// SHA-256(0x03 ‖ code).
    package var codeHash: Digest
    /// When it stops being good.
    package var expires: Instant
    /// The owner it is for.
    package var owner: String

    /// A code.
    package init(codeHash: Digest, expires: Instant, owner: String) {
        self.codeHash = codeHash
        self.expires = expires
        self.owner = owner
    }

    /// Reads the code.
    package init(_ fields: inout Fields) throws(Reason) {
        codeHash = try fields.digest("codeHash")
        expires = try fields.instant("expires")
        owner = try fields.identifier("owner")
    }

    /// Writes the code.
    package func write(to fields: inout JSONWriter) {
        fields.field("codeHash", codeHash.hex)
        fields.field("expires", expires.milliseconds)
        fields.field("owner", owner)
    }
}

/// `registry.issueCodes`: enrolment codes for owners. An owner's earlier unused code is void from then on.
package struct IssueCodes: Command {
    package static let type: StaticString = "registry.issueCodes"
    package static let callers = Callers.staff(role: RegistryRoles.registrar)
    /// The codes.
    package var codes: [IssuedCode]

    /// Codes to issue.
    package init(codes: [IssuedCode]) { self.codes = codes }

    /// Reads the body.
    package init(_ fields: inout Fields) throws(Reason) {
        codes = try fields.list("codes", count: 1...RegistryLimits.codes, IssuedCode.init)
    }

    /// Writes the body.
    package func write(to fields: inout JSONWriter) {
        fields.field("codes", array: codes) { writer, code in writer.object { code.write(to: &$0) } }
    }
}

/// `registry.enrol`: somebody who holds an owner's code opens a key for the owner's account.
package struct Enrol: Command {
    package static let type: StaticString = "registry.enrol"
    package static let callers = Callers.guest
    /// The code as on paper, without separators: 16 characters of Crockford's base 32.
    package var code: EnrolmentCode
    /// The key to open; it signs this transaction.
    package var key: PublicKey

    /// An enrolment.
    package init(code: EnrolmentCode, key: PublicKey) {
        self.code = code
        self.key = key
    }

    /// Reads the body.
    package init(_ fields: inout Fields) throws(Reason) {
        let algorithm = try fields.word("algorithm", as: SignatureAlgorithm.self)
        code = try EnrolmentCode(try fields.string("code", bytes: 16...16))
        key = try PublicKey(algorithm, try fields.base64URL("publicKey", bytes: 32...65))
    }

    /// Writes the body.
    package func write(to fields: inout JSONWriter) {
        fields.field("algorithm", key.algorithm.rawValue)
        fields.field("code", code.text)
        fields.field("publicKey", Base64.url.encode(key.bytes))
    }

    /// The key to open.
    package var introducedKey: PublicKey? { key }
}

/// One account to be opened with the registrar's help.
package struct AssistedAccount: Record, Hashable {
    /// The key that the resident signs with.
    package var key: PublicKey
    /// The owner it is for; nil for a resident who owns nothing.
    package var owner: String?

    /// An account.
    package init(key: PublicKey, owner: String? = nil) {
        self.key = key
        self.owner = owner
    }

    /// Reads the account.
    package init(_ fields: inout Fields) throws(Reason) {
        let algorithm = try fields.word("algorithm", as: SignatureAlgorithm.self)
        owner = try fields.optionalIdentifier("owner")
        key = try PublicKey(algorithm, try fields.base64URL("publicKey", bytes: 32...65))
    }

    /// Writes the account.
    package func write(to fields: inout JSONWriter) {
        fields.field("algorithm", key.algorithm.rawValue)
        if let owner { fields.field("owner", owner) }
        fields.field("publicKey", Base64.url.encode(key.bytes))
    }
}

/// `registry.openAccounts`: residents enrol with the registrar's help, many in one transaction.
package struct OpenAccounts: Command {
    package static let type: StaticString = "registry.openAccounts"
    package static let callers = Callers.staff(role: RegistryRoles.registrar)
    /// The accounts.
    package var accounts: [AssistedAccount]

    /// Accounts to open.
    package init(accounts: [AssistedAccount]) { self.accounts = accounts }

    /// Reads the body.
    package init(_ fields: inout Fields) throws(Reason) {
        accounts = try fields.list("accounts", count: 1...RegistryLimits.accounts, AssistedAccount.init)
    }

    /// Writes the body.
    package func write(to fields: inout JSONWriter) {
        fields.field("accounts", array: accounts) { writer, account in writer.object { account.write(to: &$0) } }
    }
}

/// `registry.closeKey`: a resident's key that was lost may not sign any more.
package struct CloseResidentKey: Command {
    package static let type: StaticString = "registry.closeKey"
    package static let callers = Callers.staff(role: RegistryRoles.registrar)
    /// The key's id in base64url.
    package var key: String

    /// A key to close.
    package init(key: String) { self.key = key }
    /// Reads the body.
    package init(_ fields: inout Fields) throws(Reason) { key = try fields.keyID("key") }
    /// Writes the body.
    package func write(to fields: inout JSONWriter) { fields.field("key", key) }
}
