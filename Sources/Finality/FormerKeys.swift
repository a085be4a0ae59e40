import ContractKit
import Primitives

/// Which cosigner keys parties had before their last change. What is signed with such a key counts for nothing; but a party
/// whose words were on their way while its key changed has done nothing wrong, and must not be accused.
package struct FormerKeys: Sendable, Hashable {
    private struct Entry: Sendable, Hashable {
        let key: String
        let changed: Instant
    }

    private var entries: [String: Entry] = [:]

    /// How long batches of a party that was removed may still have been on their way, in ms.
    static let patience = Instant.minute
    /// Most parties that are remembered.
    static let mostParties = 256

    /// None yet.
    package init() {}

    /// The key that a party had before; nil if it never had another.
    package func key(of party: String) -> String? { entries[party]?.key }

    /// The same, if it could still be in use at `clock`.
    func key(of party: String, at clock: Instant) -> String? {
        entries[party].flatMap { clock < $0.changed.advanced(byMilliseconds: FormerKeys.patience) ? $0.key : nil }
    }

    /// The ledger names other members than before, by a block of this time.
    mutating func note(from before: NetworkRow?, to after: NetworkRow?, at time: Instant) {
        guard let before, before != after else { return }
        for member in before.members where after?.member(member.party)?.cosigner != member.cosigner {
            entries[member.party] = Entry(key: member.cosigner, changed: time)
        }
        while entries.count > FormerKeys.mostParties,
            let oldest = entries.min(by: { $0.value.changed < $1.value.changed })
        {
            entries[oldest.key] = nil
        }
    }

    /// As a node keeps them over a restart: one line for each party with the time of the change and the key.
    package var bytes: [UInt8] {
        Array(
            entries.sorted { $0.key < $1.key }
                .map { "\($0.key) \($0.value.changed.milliseconds) \($0.value.key)\n" }.joined().utf8)
    }

    /// Reads what a node has kept; lines that are none are passed over, for nothing rests on them.
    package init(parsing bytes: [UInt8]) {
        for line in bytes.split(separator: UInt8(ascii: "\n")) {
            let parts = line.split(separator: UInt8(ascii: " "))
            guard parts.count == 3, let time = ASCIIDecimal.parse(parts[1], maximum: UInt64(Int64.max)) else {
                continue
            }
            entries[String(decoding: parts[0], as: UTF8.self)] = Entry(
                key: String(decoding: parts[2], as: UTF8.self), changed: Instant(milliseconds: Int64(time)))
        }
    }
}
