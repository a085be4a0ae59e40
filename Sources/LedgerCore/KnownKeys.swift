package import ContractKit
package import enum Crypto.Curve25519
package import enum Crypto.P256
import Primitives

/// A public key ready to check signatures with.
package enum VerificationKey: Sendable {
    /// A point on P-256.
    case es256(P256.Signing.PublicKey)
    /// An Ed25519 key.
    case edDSA(Curve25519.Signing.PublicKey)

    /// Parses a key. Refuses with `signature.invalid` where its point is not on the curve.
    package init(_ key: PublicKey) throws(Reason) {
        switch key.algorithm {
        case .es256:
            guard let parsed = try? P256.Signing.PublicKey(x963Representation: key.bytes)
            else { throw Reason("signature.invalid") }
            self = .es256(parsed)
        case .edDSA:
            guard let parsed = try? Curve25519.Signing.PublicKey(rawRepresentation: key.bytes)
            else { throw Reason("signature.invalid") }
            self = .edDSA(parsed)
        }
    }
}

/// The keys of accounts, read from the state and parsed once while they are in use: an act asks for its key at the gate
/// and again in its block.
///
/// What is kept is used only while the state still holds the very bytes it was read from, so a closed or changed key can
/// never be answered from here.
package final class KnownKeys: Sendable {
    /// A row of the table of keys, ready for use.
    final class Known: Sendable {
        let row: KeyRow
        private let parsed: VerificationKey?
        /// Who signs with it.
        let caller: Caller
        fileprivate let stateHash: Digest
        fileprivate let bytes: [UInt8]

        fileprivate init(_ bytes: [UInt8], at stateHash: Digest) throws(Reason) {
            row = try KeyRow(stored: bytes)
            parsed = try? VerificationKey(row.key)
            caller = Caller(
                keyID: row.key.keyID, account: row.account, number: row.number, party: row.party, roles: row.roles)
            self.stateHash = stateHash
            self.bytes = bytes
        }

        /// The key itself. Refuses with `signature.invalid` where its point is not on the curve: such a key checks nothing.
        func verificationKey() throws(Reason) -> VerificationKey {
            guard let parsed else { throw Reason("signature.invalid") }
            return parsed
        }
    }

    private let cache = RecentCache<Known>(capacity: 16_384)

    /// Nothing known yet.
    init() {}

    /// The row of key `id` as `state` holds it now; nil if there is none.
    func find(_ id: Digest, in state: some HashedState) throws(Reason) -> Known? {
        if let known = cache.find(id), state.holds(known.bytes, at: known.stateHash) { return known }
        let hash = CryptoSHA256.hash(LedgerTables.keys.key(id.withBytes { Base64.url.encode($0) }))
        guard let bytes = state.read(hash: hash) else { return nil }
        let known = try Known(bytes, at: hash)
        cache.keep(id, known)
        return known
    }
}
