package import ContractKit
package import Primitives

/// An event as it stands in the log, with where and when it was recorded.
package struct RecordedEvent: Sendable {
    /// The event's name, such as `assembly.ballotCast`.
    package let name: String
    /// The event's object.
    package let value: JSONValue
    /// Index of the leaf that holds it.
    package let leaf: UInt64
    private let record: [UInt8]
    /// Height of the block.
    package let height: UInt64
    /// Block time.
    package let time: Instant

    init(value: JSONValue, leaf: UInt64, record: [UInt8], seal: Seal) {
        name = value.member("event")?.string ?? ""
        self.value = value
        self.leaf = leaf
        self.record = record
        height = seal.height
        time = seal.time
    }

    /// Id of the transaction that caused it; nil for a due action. Worked out from the leaf each time: few ask.
    package var transaction: Digest? {
        guard record.starts(with: TransactionText.firstLine), let (text, _) = try? TransactionText.parsingLeaf(record)
        else { return nil }
        return CryptoSHA256.hash(text.signedBytes)
    }

    /// Reads the event as `E`.
    package func decode<E: Event>(_ type: E.Type) throws(Reason) -> E { try E(event: value) }
}

/// Takes the events out of leaves, block by block.
package struct EventReader {
    private var open: [(leaf: UInt64, record: [UInt8], events: JSONDocument)] = []

    /// A reader at the beginning of a block.
    package init() {}

    /// Takes the next leaf. At a seal it gives the block's events and the seal; otherwise nil.
    package mutating func take(_ bytes: [UInt8], index: UInt64) throws(Reason) -> (Seal, [RecordedEvent])? {
        if bytes.starts(with: Leaf.sealFirstLine) {
            let seal = try Seal(parsing: bytes)
            var events: [RecordedEvent] = []
            for entry in open {
                for value in entry.events.root.elements {
                    events.append(RecordedEvent(value: value, leaf: entry.leaf, record: entry.record, seal: seal))
                }
            }
            open.removeAll(keepingCapacity: true)
            return (seal, events)
        }
        // The events are the last line. A line of "[]" is not parsed at all.
        let line = bytes.dropLast()
        guard let start = line.lastIndex(of: UInt8(ascii: "\n")), line.count - start > 3 else { return nil }
        do throws(JSONError) {
            let document = try JSONDocument(Array(line[(start + 1)...]))
            open.append((index, bytes, document))
        } catch {
            throw Reason("leaf.events", field: "leaf \(index)")
        }
        return nil
    }
}
