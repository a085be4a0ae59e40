import ArgumentParser
import ContractKit
import LedgerCore
import NodeRuntime
import Primitives

/// `linlian diff`: where two copies of a ledger part, in words.
struct DiffCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "diff", abstract: "Name the first block, transaction and state key in which two copies differ.",
        discussion: """
            A copy is a node's folder, a folder that linlian export wrote, or the address of a running node. Exit code 0: \
            they are equal, or one is the beginning of the other. 1: they differ.
            """)

    @Argument(help: "One copy.")
    var a: String

    @Argument(help: "The other.")
    var b: String

    @Flag(help: "Print one JSON line.")
    var json = false

    func run() async throws {
        let comparison = LedgerComparison(a: try await LedgerCopies.open(a), b: try await LedgerCopies.open(b))
        let verdict = try await comparison.run()
        print(json ? verdict.json : verdict.lines.joined(separator: "\n"))
        if verdict.isDifferent { throw ExitCode(1) }
    }
}

/// Compares two copies of a ledger.
struct LedgerComparison {
    let a: any LedgerCopy
    let b: any LedgerCopy

    /// What came out.
    struct Verdict {
        var isDifferent = false
        var lines: [String] = []
        var json = ""
    }

    func run() async throws -> Verdict {
        guard let index = try await FirstDifference(a: a, b: b).find() else { return agreement() }
        try await FirstDifference(a: a, b: b).check(index)
        let pair = try await BlockPair(around: index, a, b)
        let contrast = LeafContrast(pair)
        guard pair.leaf(\.a) != pair.leaf(\.b) else {
            throw a.torn("or \(b.name): their tiles differ at leaf \(index), and the leaf does not")
        }
        let origin = try await self.origin()
        let finding = pair.height == 0 ? nil : try await RuleCheck(a: a, b: b, origin: origin).run(pair)
        return Verdict(
            isDifferent: true, lines: lines(pair, contrast, finding), json: json(pair, contrast, finding))
    }

    /// The ledger's origin, as its first transaction names it.
    private func origin() async throws -> String {
        let (text, _) = try TransactionText.parsingLeaf(try await a.leaf(0))
        return try JSONDocument(text.payload).root.member("ledger")?.string ?? ""
    }

    private func agreement() -> Verdict {
        let relation: String
        let line: String
        if a.size == b.size {
            (relation, line) = ("equal", "the copies are equal: \(a.size) leaves")
        } else {
            let (short, long) = a.size < b.size ? (a, b) : (b, a)
            relation = "prefix"
            line =
                "\(short.name) is the beginning of \(long.name): \(short.size) leaves are the same, "
                + "\(long.size - short.size) more follow"
        }
        let text = JSONText.object { fields in
            fields.field("relation", relation)
            fields.field("sizes", array: [a.size, b.size]) { $0.integer(Int64(clamping: $1)) }
        }
        return Verdict(isDifferent: false, lines: [line], json: text)
    }

    private func lines(_ pair: BlockPair, _ contrast: LeafContrast, _ finding: RuleCheck.Finding?) -> [String] {
        var lines = [
            "the copies differ: \(contrast.meaning)",
            "  A            \(a.name), \(a.size) leaves",
            "  B            \(b.name), \(b.size) leaves",
            "  first in     block \(pair.height), leaf \(pair.index) (leaf \(pair.index - pair.first + 1) of the block); "
                + (pair.index == 0 ? "nothing is the same" : "all before it is the same"),
            "  A has        \(contrast.a)",
            "  B has        \(contrast.b)",
        ]
        for (name, copy) in [("A", a), ("B", b)] {
            if let final = copy.finalSize, pair.index >= final {
                lines.append("  final        not in \(name), where it may still be taken back")
            }
        }
        guard let finding else { return lines }
        if let block = finding.foreignBlock {
            lines.append("  by the rules of this program block \(block) comes out otherwise than both copies have it")
            return lines
        }
        lines.append("  by the rules \(ruling(pair, finding))")
        if let key = finding.changed {
            lines.append("  state key    \(key.key)\(more(key))")
            lines.append("    after A's  \(key.a)")
            lines.append("    after B's  \(key.b)")
        }
        if let (name, key) = finding.stray {
            lines.append("  state of \(name)   key \(key.key)\(more(key)) is not what the rules give")
            lines.append("    it has     \(key.a)")
            lines.append("    rules give \(key.b)")
        }
        return lines
    }

    private func more(_ key: RuleCheck.KeyPair) -> String { key.more > 0 ? " and \(key.more) more" : "" }

    private func ruling(_ pair: BlockPair, _ finding: RuleCheck.Finding) -> String {
        switch (finding.aHolds, finding.bHolds) {
        case (true, true): "both blocks are possible: the parties were given different ones to agree on"
        case (true, false): "A's block is right, B's is not"
        case (false, true): "B's block is right, A's is not"
        case (false, false):
            "neither block is right: its state root would be \(finding.aRoot.hex)"
                + (finding.bRoot == finding.aRoot ? "" : " for A's transactions, \(finding.bRoot.hex) for B's")
        }
    }

    private func json(_ pair: BlockPair, _ contrast: LeafContrast, _ finding: RuleCheck.Finding?) -> String {
        JSONText.object { fields in
            fields.field("block", Int64(clamping: pair.height))
            if let key = finding?.changed ?? finding?.stray?.key { fields.field("key", key.key) }
            fields.field("kind", contrast.kind)
            fields.field("leaf", Int64(clamping: pair.index))
            fields.field("relation", "different")
            if let finding, finding.foreignBlock == nil {
                let right = [finding.aHolds ? "A" : nil, finding.bHolds ? "B" : nil].compactMap { $0 }
                fields.field("right", array: right) { $0.string($1) }
            }
            fields.field("sizes", array: [a.size, b.size]) { $0.integer(Int64(clamping: $1)) }
            if let (name, _) = finding?.stray { fields.field("stray", name) }
            if let id = contrast.transaction { fields.field("transaction", id.hex) }
        }
    }
}

/// One line of JSON.
private enum JSONText {
    static func object(_ body: (inout JSONWriter) -> Void) -> String {
        var writer = JSONWriter()
        writer.object(body)
        return String(decoding: writer.bytes, as: UTF8.self)
    }
}
