import ContractKit
import LedgerCore
import NodeRuntime
import Primitives

/// The block in which two copies part, as each of them has it.
struct BlockPair {
    /// One copy's block: its leaves, the seal last.
    struct Side {
        let leaves: [[UInt8]]
        let seal: Seal?

        /// The block's transactions, as ids, in order.
        var ids: [Digest] {
            leaves.compactMap { leaf in
                (try? TransactionText.parsingLeaf(leaf)).map { CryptoSHA256.hash($0.0.signedBytes) }
            }
        }
    }

    /// Height of the block.
    let height: UInt64
    /// Index of its first leaf.
    let first: UInt64
    /// Index of the first leaf that differs.
    let index: UInt64
    let a: Side
    let b: Side

    /// Most leaves of a block that are looked at: more than any block has.
    private static let mostLeaves = 8_192

    /// Reads the block around the leaf `index`, up to which the copies agree.
    init(around index: UInt64, _ a: any LedgerCopy, _ b: any LedgerCopy) async throws {
        var first = index
        var previous: Seal?
        while first > 0, previous == nil {
            let leaf = try await a.leaf(first - 1)
            if leaf.starts(with: Leaf.sealFirstLine) { previous = try Seal(parsing: leaf) } else { first -= 1 }
        }
        height = previous.map { $0.height + 1 } ?? 0
        self.first = first
        self.index = index
        self.a = try await BlockPair.side(a, from: first)
        self.b = try await BlockPair.side(b, from: first)
    }

    private static func side(_ copy: any LedgerCopy, from first: UInt64) async throws -> Side {
        var leaves: [[UInt8]] = []
        var index = first
        while index < copy.size, leaves.count < mostLeaves {
            let leaf = try await copy.leaf(index)
            leaves.append(leaf)
            index += 1
            if leaf.starts(with: Leaf.sealFirstLine) { return Side(leaves: leaves, seal: try? Seal(parsing: leaf)) }
        }
        return Side(leaves: leaves, seal: nil)
    }

    /// The leaf that differs, as a copy has it; nil past the end of its block.
    func leaf(_ side: KeyPath<BlockPair, Side>) -> [UInt8]? {
        let leaves = self[keyPath: side].leaves
        let place = Int(index - first)
        return place < leaves.count ? leaves[place] : nil
    }
}

/// Puts into words how two leaves at the same place differ.
struct LeafContrast {
    /// A name for programs.
    let kind: String
    /// What it means.
    let meaning: String
    let a: String
    let b: String
    /// The transaction in question, where there is one.
    let transaction: Digest?

    init(_ pair: BlockPair) {
        let (left, right) = (pair.leaf(\.a) ?? [], pair.leaf(\.b) ?? [])
        let (first, second) = (LeafContrast.parse(left), LeafContrast.parse(right))
        (a, b) = (LeafContrast.words(first, left), LeafContrast.words(second, right))
        transaction = LeafContrast.id(first) ?? LeafContrast.id(second)
        guard pair.height > 0 else {
            kind = "genesis"
            meaning = "the founding differs: these are two ledgers, not two copies of one"
            return
        }
        switch (first, second) {
        case (.transaction(let one, let outcome, _), .transaction(let other, let otherOutcome, _)):
            guard LeafContrast.id(first) == LeafContrast.id(second) else {
                let stray = pair.b.ids.contains { $0 == LeafContrast.id(first) }
                (kind, meaning) =
                    stray
                    ? ("order", "the same transactions in another order") : ("transaction", "another transaction here")
                return
            }
            if outcome != otherOutcome {
                (kind, meaning) = ("outcome", "the same transaction with another outcome")
            } else if one.signatures != other.signatures {
                (kind, meaning) = ("signature", "the same transaction with another signature")
            } else {
                (kind, meaning) = ("events", "the same transaction and outcome with other events")
            }
        case (.seal(let one), .seal(let other)):
            let line = LeafContrast.line(one, other)
            kind = line == "state" ? "state" : "seal"
            meaning =
                line == "state"
                ? "the same transactions and outcomes, and another state root"
                : "the same transactions, and the seals differ in the line `\(line)`"
        default: (kind, meaning) = ("leaf", "the block goes on differently")
        }
    }

    private static func parse(_ leaf: [UInt8]) -> Leaf? { try? Leaf(parsing: leaf) }

    private static func id(_ leaf: Leaf?) -> Digest? {
        guard case .transaction(let text, _, _) = leaf else { return nil }
        return CryptoSHA256.hash(text.signedBytes)
    }

    /// The first line of two seals that differs: the state only where nothing before it does.
    private static func line(_ one: Seal, _ other: Seal) -> String {
        let lines = zip(one.bytes.split(separator: 10), other.bytes.split(separator: 10))
        guard let (line, _) = lines.first(where: { !$0.0.elementsEqual($0.1) }) else { return "clock" }
        return String(decoding: line.prefix { $0 != UInt8(ascii: " ") }, as: UTF8.self)
    }

    private static func words(_ leaf: Leaf?, _ bytes: [UInt8]) -> String {
        switch leaf {
        case .transaction(let text, let outcome, let events):
            let payload = (try? JSONDocument(text.payload))?.root
            let type = payload?.member("type")?.string ?? "a transaction"
            return "\(type) \(CryptoSHA256.hash(text.signedBytes).hex): \(outcome.line) \(shortened(events))"
        case .due(let action, let id, let events): return "due action \(action) \(id): \(shortened(events))"
        case .seal(let seal):
            return "seal of \(seal.entryCount) leaves, time \(seal.time.milliseconds), position \(seal.position), "
                + "proposer \(seal.proposer)\(seal.clock.map { ", clock \($0.milliseconds)" } ?? ""), state \(seal.state.hex)"
        case nil: return bytes.isEmpty ? "nothing: the block ends before" : "what is no leaf: \(shortened(bytes))"
        }
    }

    private static func shortened(_ bytes: [UInt8]) -> String {
        String(decoding: bytes.prefix(300), as: UTF8.self) + (bytes.count > 300 ? "…" : "")
    }
}
