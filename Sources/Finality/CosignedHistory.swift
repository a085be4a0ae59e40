import LedgerCore
package import MerkleLog
import Primitives

/// What every party has cosigned lately, and where final blocks ended: enough to notice a party that signs two histories.
package struct CosignedHistory: Sendable {
    private struct Signed {
        let root: Digest
        let signature: NoteSignature
    }
    private struct End {
        let root: Digest
        let checkpoint: SignedCheckpoint
    }

    /// Most points of a party that are remembered.
    static let mostPoints = 256
    /// Most ends of final blocks that are remembered.
    static let mostEnds = 1_024

    private let origin: String
    private var signed: [String: [UInt64: Signed]] = [:]
    private var ends: [UInt64: End] = [:]
    private var order: [UInt64] = []

    /// Nothing yet, of the ledger `origin`.
    package init(origin: String) { self.origin = origin }

    /// A party has cosigned a point; its signature was checked. Gives what it contradicts.
    package mutating func heard(_ point: Point, by party: String, _ signature: NoteSignature) -> [Evidence] {
        let new = Signed(root: point.root, signature: signature)
        if let known = signed[party]?[point.size] {
            guard known.root != point.root, let first = note(point.size, new), let second = note(point.size, known)
            else { return [] }
            return [Evidence(party: party, first: first, second: second, root: known.root)]
        }
        signed[party, default: [:]][point.size] = new
        if let count = signed[party]?.count, count > CosignedHistory.mostPoints,
            let oldest = signed[party]?.keys.min()
        {
            signed[party]?[oldest] = nil
        }
        return against(point.size, new, by: party).map { [$0] } ?? []
    }

    /// Blocks that end at these points have become final by a checkpoint. Gives what parties have signed against it.
    package mutating func final(_ points: [Point], checkpoint: SignedCheckpoint) -> [Evidence] {
        var found: [Evidence] = []
        for point in points where ends[point.size] == nil {
            ends[point.size] = End(root: point.root, checkpoint: checkpoint)
            order.append(point.size)
            for (party, entries) in signed.sorted(by: { $0.key < $1.key }) {
                guard let entry = entries[point.size], let evidence = against(point.size, entry, by: party)
                else { continue }
                found.append(evidence)
            }
        }
        if order.count > 2 * CosignedHistory.mostEnds {
            for size in order.dropLast(CosignedHistory.mostEnds) { ends[size] = nil }
            order.removeFirst(order.count - CosignedHistory.mostEnds)
        }
        return found
    }

    private func against(_ size: UInt64, _ entry: Signed, by party: String) -> Evidence? {
        guard let end = ends[size], end.root != entry.root, let first = note(size, entry) else { return nil }
        return Evidence(party: party, first: first, second: end.checkpoint, root: end.root)
    }

    private func note(_ size: UInt64, _ entry: Signed) -> SignedCheckpoint? {
        guard let checkpoint = Checkpoint(origin: UTF8Text(origin), size: size, root: entry.root),
            var note = try? SignedCheckpoint(checkpoint)
        else { return nil }
        note.add(entry.signature)
        return note
    }
}
