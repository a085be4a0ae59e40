package import ContractKit
import Primitives

/// What became of an ordered transaction.
package enum Outcome: Hashable, Sendable {
    /// The rule ran; its changes and events stand.
    case accepted
    /// The rule refused; nothing changed. The refusal is recorded.
    case rejected(code: String)

    /// The outcome line of a leaf, without its newline.
    package var line: String {
        switch self {
        case .accepted: "accepted"
        case .rejected(let code): "rejected \(code)"
        }
    }

    init?(line: ArraySlice<UInt8>) {
        if line.elementsEqual("accepted".utf8) {
            self = .accepted
        } else if line.starts(with: "rejected ".utf8), line.count > 9, line.count <= 73 {
            self = .rejected(code: String(decoding: line.dropFirst(9), as: UTF8.self))
        } else {
            return nil
        }
    }
}

/// A leaf of the log, told apart by its first line (`ledger.md`, Leaves).
package enum Leaf: Sendable {
    /// An executed transaction: its signed text, outcome and events line.
    case transaction(TransactionText, Outcome, events: [UInt8])
    /// A due action: its name, what it is about, and its events line.
    case due(action: String, id: String, events: [UInt8])
    /// The end of a block.
    case seal(Seal)

    /// Largest leaf in bytes, for the 16-bit length in entry bundles.
    package static let largest = 65_535

    static let dueFirstLine: [UInt8] = Array("linlian/due/v1\n".utf8)
    /// How every seal leaf begins.
    package static let sealFirstLine: [UInt8] = Array("linlian/seal/v1\n".utf8)

    /// Parses a leaf. Refuses with `leaf.form` or the refusals of `TransactionText`.
    package init(parsing bytes: [UInt8]) throws(Reason) {
        if bytes.starts(with: TransactionText.firstLine) {
            let (text, at) = try TransactionText.parsingLeaf(bytes)
            let lines = try Leaf.lines(bytes, from: at, count: 2)
            guard let outcome = Outcome(line: lines[0]) else { throw Reason("leaf.form", field: "outcome") }
            self = .transaction(text, outcome, events: Array(lines[1]))
        } else if bytes.starts(with: Leaf.dueFirstLine) {
            let lines = try Leaf.lines(bytes, from: Leaf.dueFirstLine.count, count: 2)
            guard let space = lines[0].firstIndex(of: UInt8(ascii: " ")) else {
                throw Reason("leaf.form", field: "due")
            }
            self = .due(
                action: String(decoding: lines[0][..<space], as: UTF8.self),
                id: String(decoding: lines[0][(space + 1)...], as: UTF8.self), events: Array(lines[1]))
        } else if bytes.starts(with: Leaf.sealFirstLine) {
            self = .seal(try Seal(parsing: bytes))
        } else {
            throw Reason("leaf.form")
        }
    }

    /// Exactly `count` lines, each ended by a newline, from `start` to the end.
    static func lines(_ bytes: [UInt8], from start: Int, count: Int) throws(Reason) -> [ArraySlice<UInt8>] {
        var found: [ArraySlice<UInt8>] = []
        var at = start
        while at < bytes.count, found.count < count {
            guard let newline = bytes[at...].firstIndex(of: UInt8(ascii: "\n")) else { throw Reason("leaf.form") }
            found.append(bytes[at..<newline])
            at = newline + 1
        }
        guard found.count == count, at == bytes.count else { throw Reason("leaf.form") }
        return found
    }

    static let acceptedLine: [UInt8] = Array("accepted\n".utf8)

    /// The bytes of a transaction leaf. `events` is the inside of the events array.
    static func transactionBytes(_ text: TransactionText, _ outcome: Outcome, events: [UInt8]) -> [UInt8] {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(text.bytes.count + events.count + 96)
        bytes.append(contentsOf: text.bytes)
        if outcome == .accepted {
            bytes.append(contentsOf: acceptedLine)
        } else {
            bytes.append(contentsOf: outcome.line.utf8)
            bytes.append(UInt8(ascii: "\n"))
        }
        appendEvents(events, to: &bytes)
        return bytes
    }

    /// The bytes of a due leaf.
    static func dueBytes(action: String, id: String, events: [UInt8]) -> [UInt8] {
        var bytes = dueFirstLine
        bytes.append(contentsOf: "\(action) \(id)\n".utf8)
        appendEvents(events, to: &bytes)
        return bytes
    }

    private static func appendEvents(_ events: [UInt8], to bytes: inout [UInt8]) {
        bytes.append(UInt8(ascii: "["))
        bytes.append(contentsOf: events)
        bytes.append(UInt8(ascii: "]"))
        bytes.append(UInt8(ascii: "\n"))
    }
}
