import ContractKit
import LedgerCore
import Primitives
import Synchronization

/// The public keys that a log's `ledger.keyOpened` events introduce. A key proves itself: its id is its hash.
final class KeyBook: Sendable {
    private let keys = Mutex<[Digest: PublicKey]>([:])
    private let parsed = RecentCache<VerificationKey>(capacity: 16_384)

    private static let marker: [UInt8] = Array("\"ledger.keyOpened\"".utf8)

    /// Learns the keys that a leaf's events open.
    func learn(from leaf: [UInt8]) {
        // The events are the leaf's last line; most of them open no key.
        let line = leaf.dropLast()
        guard let start = line.lastIndex(of: UInt8(ascii: "\n")), line.count - start > 60,
            KeyBook.contains(line[(start + 1)...], KeyBook.marker),
            let document = try? JSONDocument(Array(line[(start + 1)...]))
        else { return }
        for event in document.root.elements where event.member("event")?.string == "ledger.keyOpened" {
            guard let opened = try? KeyOpened(event: event) else { continue }
            keys.withLock { $0[opened.key.keyID] = opened.key }
        }
    }

    func key(_ id: Digest) throws(Reason) -> VerificationKey? {
        if let known = parsed.find(id) { return known }
        guard let key = keys.withLock({ $0[id] }) else { return nil }
        let verification = try VerificationKey(key)
        parsed.keep(id, verification)
        return verification
    }

    private static func contains(_ text: ArraySlice<UInt8>, _ word: [UInt8]) -> Bool {
        text.withUnsafeBufferPointer { buffer in
            var at = 0
            while at + word.count <= buffer.count {
                if buffer[at] == word[0], buffer[at..<at + word.count].elementsEqual(word) { return true }
                at += 1
            }
            return false
        }
    }
}

/// Reads and checks the transactions of a run of leaves; many runs are checked at the same time.
struct SignatureAudit: Sendable {
    let catalog: CommandCatalog
    let origin: String
    let keys: KeyBook

    /// The transactions of `leaves`, in order; nil where a leaf is not a transaction. The first fault is thrown.
    func check(_ leaves: [[UInt8]], from first: UInt64) throws -> [Transaction?] {
        var found: [Transaction?] = []
        found.reserveCapacity(leaves.count)
        for (offset, leaf) in leaves.enumerated() {
            let place = "leaf \(first + UInt64(offset))"
            guard leaf.count <= Leaf.largest else {
                throw AuditFailure(
                    at: place, check: "audit.size", expected: "at most \(Leaf.largest) bytes", found: "\(leaf.count)")
            }
            guard leaf.starts(with: TransactionText.firstLine) else {
                found.append(nil)
                continue
            }
            do throws(Reason) {
                let (text, _) = try TransactionText.parsingLeaf(leaf)
                let transaction = try Transaction(text, catalog: catalog)
                guard transaction.ledger == origin else { throw Reason("ledger.wrong") }
                try transaction.checkSignatures { (id) throws(Reason) in try keys.key(id) }
                found.append(transaction)
            } catch {
                throw AuditFailure(
                    at: place, check: "audit.transaction", expected: "a transaction signed by a known key",
                    found: error.field.map { "\(error.code) (\($0))" } ?? error.code)
            }
        }
        return found
    }
}
