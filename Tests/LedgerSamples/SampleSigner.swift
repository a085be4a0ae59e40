package import ContractKit
package import LedgerCore
package import Primitives

/// Signs sample transactions with keys and nonces that follow from numbers, so that a test's ledger is the same each
/// time. Only Ed25519 signatures are repeatable; the ES256 key makes other bytes each time.
package struct SampleSigner: Sendable {
    /// The ledger that the transactions are for.
    package let origin: String
    private var count: UInt64

    /// 2026-01-01T00:00:00Z.
    package static let start = Instant(milliseconds: 1_767_225_600_000)
    /// The origin of sample ledgers.
    package static let origin = "example.org/board"
    /// The rules of sample ledgers.
    package static var catalog: CommandCatalog { CommandCatalog([BoardContract.self]) }

    /// A signer whose nonces begin with `first`.
    package init(origin: String = SampleSigner.origin, first: UInt64 = 0) {
        self.origin = origin
        count = first
    }

    /// The key number `number`: Ed25519, its secret the SHA-256 of a text with the number.
    package static func key(_ number: Int) throws -> SigningKey { try key("EdDSA", number) }

    /// The P-256 key number `number`.
    package static func p256Key(_ number: Int) throws -> SigningKey { try key("ES256", number) }

    private static func key(_ algorithm: String, _ number: Int) throws -> SigningKey {
        let secret = PortableSHA256.hash(utf8: "sample key \(algorithm) \(number)").bytes
        guard let key = SigningKey(text: "\(algorithm) \(Base64.url.encode(secret))") else { throw SampleError() }
        return key
    }

    /// A sample could not be made.
    package struct SampleError: Error {}

    /// Signs a command; valid for an hour after `time`.
    package mutating func sign(
        _ command: some Command, as capacity: Capacity = .resident, by keys: [SigningKey], at time: Instant = start,
        notAfter: Instant? = nil, ledger: String? = nil
    ) throws -> TransactionText {
        try sign(
            type: "\(type(of: command).type)", body: command.canonicalJSON, as: capacity, by: keys, at: time,
            notAfter: notAfter, ledger: ledger)
    }

    /// Signs a body of any type.
    package mutating func sign(
        type: String, body: [UInt8], as capacity: Capacity = .resident, by keys: [SigningKey],
        at time: Instant = start, notAfter: Instant? = nil, ledger: String? = nil
    ) throws -> TransactionText {
        count += 1
        let nonce = Array(PortableSHA256.hash(utf8: "sample nonce \(count)").bytes.prefix(16))
        return try Transaction.signedText(
            ledger: ledger ?? origin, type: type, capacity: capacity, body: body, nonce: nonce,
            notAfter: notAfter ?? time.advanced(byMilliseconds: Instant.hour), keys: keys)
    }

    /// A key's introduction of itself.
    package mutating func join(
        _ key: SigningKey, party: String? = nil, at time: Instant = start
    ) throws -> TransactionText {
        try sign(Join(key: key.publicKey, party: party), as: .guest, by: [key], at: time)
    }
}
