import ContractKit
import LedgerCore
import NodeRuntime
import Primitives

/// Executes a ledger up to where two copies part, then the next block as each has it: which copy keeps the rules, and in
/// which key of the state they come to differ.
struct RuleCheck {
    /// One key of the state, as the two sides have it.
    struct KeyPair {
        let key: String
        let a: String
        let b: String
        /// How many more keys differ.
        let more: Int
    }

    /// What executing showed.
    struct Finding {
        /// Whether the copies' blocks come out of the rules as they stand.
        var aHolds = false
        var bHolds = false
        /// The state root that the rules give for either block.
        var aRoot = Digest.zero
        var bRoot = Digest.zero
        /// A key that the two blocks leave with different values.
        var changed: KeyPair?
        /// A key in which a copy's record of the state is not what the rules give; `name` says whose.
        var stray: (name: String, key: KeyPair)?
        /// The block, before those that differ, that the rules of this program make differently from both copies.
        var foreignBlock: UInt64?
    }

    let a: any LedgerCopy
    let b: any LedgerCopy
    let origin: String

    func run(_ pair: BlockPair) async throws -> Finding {
        var finding = Finding()
        var machine = LedgerMachine(origin: origin, catalog: LocalNode.catalog)
        let snapshots = [("A", try a.snapshot()), ("B", try b.snapshot())]
        let progress = ProgressBar("execute", total: Int(pair.first))
        var block: [[UInt8]] = []
        for number in 0..<((pair.first + 255) >> 8) {
            let width = Int(min(256, pair.first - number << 8))
            for leaf in try await a.bundle(number, width: width) {
                block.append(leaf)
                guard leaf.starts(with: Leaf.sealFirstLine) else { continue }
                let seal = try Seal(parsing: leaf)
                let executed = try execute(block, seal, &machine)
                guard executed.leaves == block else {
                    finding.foreignBlock = seal.height
                    return finding
                }
                machine.commit(executed)
                for case (let name, let snapshot?) in snapshots where snapshot.height == seal.height {
                    finding.stray = finding.stray ?? stray(snapshot.rows, machine).map { (name, $0) }
                }
                block = []
            }
            progress.reach(Int(number << 8))
        }
        progress.finish()
        let left = try attempt(pair.a, &machine)
        let right = try attempt(pair.b, &machine)
        (finding.aHolds, finding.bHolds) = (left?.leaves == pair.a.leaves, right?.leaves == pair.b.leaves)
        (finding.aRoot, finding.bRoot) = (left?.seal.state ?? .zero, right?.seal.state ?? .zero)
        finding.changed = RuleCheck.changed(left, right, machine)
        if finding.stray == nil {
            for (name, snapshot, side) in [("A", snapshots[0].1, pair.a), ("B", snapshots[1].1, pair.b)] {
                guard finding.stray == nil, let snapshot, snapshot.height == pair.height, side.seal != nil else {
                    continue
                }
                finding.stray = try compare(snapshot.rows, with: side, &machine).map { (name, $0) }
            }
        }
        return finding
    }

    private func execute(_ leaves: [[UInt8]], _ seal: Seal, _ machine: inout LedgerMachine) throws -> ExecutedBlock {
        let block = BlockReader.Block(leaves: leaves, seal: seal)
        return machine.execute(try block.transactions(LocalNode.catalog), as: seal)
    }

    /// Executes a side's block and takes it back; nil where it has no seal or its transactions cannot be read.
    private func attempt(_ side: BlockPair.Side, _ machine: inout LedgerMachine) throws -> ExecutedBlock? {
        guard let seal = side.seal else { return nil }
        let mark = machine.mark
        guard let executed = try? execute(side.leaves, seal, &machine) else { return nil }
        machine.rollBack(machine.undo(executed, to: mark), wasCommitted: false)
        return executed
    }

    /// A side's record of the state after its block, against what the rules give for it.
    private func compare(
        _ rows: [[UInt8]: [UInt8]], with side: BlockPair.Side, _ machine: inout LedgerMachine
    ) throws -> KeyPair? {
        guard let seal = side.seal else { return nil }
        let mark = machine.mark
        let executed = try execute(side.leaves, seal, &machine)
        let undo = machine.undo(executed, to: mark)
        machine.commit(executed)
        defer { machine.rollBack(undo) }
        return stray(rows, machine)
    }

    /// The first key in which rows of a state are not those of the machine: `a` is the record, `b` what the rules give.
    private func stray(_ rows: [[UInt8]: [UInt8]], _ machine: LedgerMachine) -> KeyPair? {
        var keys: Set<[UInt8]> = []
        for (key, value) in rows where machine.state.read(key) != value { keys.insert(key) }
        machine.state.forEach { key, _ in if rows[Array(key)] == nil { keys.insert(Array(key)) } }
        return RuleCheck.pair(keys, { rows[$0] }, { machine.state.read($0) })
    }

    /// The first key that two blocks leave with different values.
    private static func changed(
        _ a: ExecutedBlock?, _ b: ExecutedBlock?, _ machine: LedgerMachine
    ) -> KeyPair? {
        func values(_ block: ExecutedBlock?) -> [[UInt8]: [UInt8]?] {
            Dictionary((block?.changes ?? []).map { ($0.key, $0.value) }) { $1 }
        }
        let (left, right) = (values(a), values(b))
        func value(_ key: [UInt8], _ changes: [[UInt8]: [UInt8]?]) -> [UInt8]? {
            changes[key] ?? machine.state.read(key)
        }
        let keys = Set(left.keys).union(right.keys).filter { value($0, left) != value($0, right) }
        return pair(keys, { value($0, left) }, { value($0, right) })
    }

    private static func pair(
        _ keys: Set<[UInt8]>, _ a: ([UInt8]) -> [UInt8]?, _ b: ([UInt8]) -> [UInt8]?
    ) -> KeyPair? {
        guard let first = keys.min(by: { $0.lexicographicallyPrecedes($1) }) else { return nil }
        func words(_ value: [UInt8]?) -> String { value.map { String(decoding: $0, as: UTF8.self) } ?? "no such key" }
        return KeyPair(
            key: String(decoding: first, as: UTF8.self), a: words(a(first)), b: words(b(first)), more: keys.count - 1)
    }
}
