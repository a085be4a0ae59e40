package import ContractKit
package import Primitives

/// The gate to the chain 上链关: everything that can be checked before a transaction is ordered, one code per refusal.
package struct Admission: Sendable {
    private let catalog: CommandCatalog
    private let origin: String
    private let state: StateStore
    private let keys: KnownKeys

    /// A gate for a ledger, which looks accounts up in its committed state.
    package init(_ machine: LedgerMachine) {
        catalog = machine.catalog
        origin = machine.origin
        state = machine.state
        keys = machine.keys
    }

    /// Reads the signed text and checks it: size and form, ledger, time, body, personal data, signatures, role.
    package func admit(_ bytes: [UInt8], now: Instant) throws(Reason) -> Transaction {
        try admit(TransactionText(parsing: bytes), now: now)
    }

    /// Checks a signed text.
    package func admit(_ text: TransactionText, now: Instant) throws(Reason) -> Transaction {
        let transaction = try Transaction(text, catalog: catalog)
        guard transaction.ledger == origin else { throw Reason("ledger.wrong", field: "ledger") }
        try transaction.checkTime(now)
        if let body = transaction.payload.root.member("body") { try PersonalDataScreen.check(body) }
        let (keys, state) = (keys, state)
        // Signature and role ask for the same key; it is looked up once.
        var last: (id: Digest, known: KnownKeys.Known?)?
        try transaction.checkSignatures { (id) throws(Reason) in
            let known = try keys.find(id, in: state)
            last = (id, known)
            return try known?.verificationKey()
        }
        _ = try transaction.caller { (id) throws(Reason) in
            if let last, last.id == id { return last.known }
            return try keys.find(id, in: state)
        }
        return transaction
    }

    /// What the gate of another party's node let in is checked again, all but the time, which its block decides. Nil for
    /// what may not stand on the ledger; `isChecked` is false where a signing key is not known yet.
    package func recheck(_ bytes: [UInt8]) -> (transaction: Transaction, isChecked: Bool)? {
        let (keys, state) = (keys, state)
        do throws(Reason) {
            let transaction = try Transaction(TransactionText(parsing: bytes), catalog: catalog)
            guard transaction.ledger == origin else { return nil }
            if let body = transaction.payload.root.member("body") { try PersonalDataScreen.check(body) }
            var isKnown = true
            do throws(Reason) {
                try transaction.checkSignatures { (id) throws(Reason) in
                    let known = try keys.find(id, in: state)
                    if known == nil { isKnown = false }
                    return try known?.verificationKey()
                }
            } catch {
                guard !isKnown else { throw error }
            }
            return (transaction, isKnown)
        } catch {
            return nil
        }
    }

    /// The algorithm of a known key, for envelopes that do not name it.
    package func algorithm(of id: Digest) -> SignatureAlgorithm? {
        (try? keys.find(id, in: state))?.row.key.algorithm
    }
}
