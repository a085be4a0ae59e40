import ContractKit
import Finality
import LedgerCore
import LedgerTesting
import MerkleLog
import Ordering
import OrderingTesting
import Primitives

/// An honest node has stopped, as it must where the engine has lost what the node had signed.
struct RightlyStopped: Error {}

/// One schedule: nodes, an engine, and a seed that decides who does what when, what is lost, and who lies.
///
/// Checked all the time: no two nodes ever have different final blocks at a height, and no honest party ever signs two
/// different logs of one size. Checked at the end, when everything is healed: all honest nodes have the same ledger, every
/// transaction that an honest node put up is final in it, and nothing that was final is missing.
struct Schedule {
    private let parties: SimulatedParties
    private var random: SeededGenerator
    private var nodes: [SimulatedNode] = []
    private var engine = MemoryOrder()
    private var now = SampleTime.start
    /// The liar, who keeps its key and signs whatever it likes.
    private let liar: String?
    /// To whom the engine shows two neighbours the wrong way round, and where.
    private var swaps: [String: Int] = [:]
    private var backups: [String: MemoryLog] = [:]
    private var finals: [UInt64: Digest] = [:]
    private var checked = CheckedStatements()
    /// What was looked at of each node: its disk and the height up to which it was final.
    private var looked: [String: UInt64] = [:]
    private var signatures: [String: [UInt64: Digest]] = [:]
    private var submitted: [Digest] = []
    /// Whether the engine has lost or turned round what was not final.
    private var hasLostHistory = false
    /// Whether somebody's folder was put back from an old copy.
    private var hasRestored = false
    /// How often the engine was lost whole.
    private(set) var losses = 0
    private var nextNote = 0
    private var changes: ArraySlice<Transaction>

    init(seed: UInt64, parties: SimulatedParties) throws {
        self.parties = parties
        random = SeededGenerator(seed: seed)
        liar = random.chance(40) ? random.pick(SimulatedParties.names) : nil
        changes = (random.chance(50) ? parties.rotations : parties.changes)[...]
        nodes = try SimulatedParties.names.map { try SimulatedNode.founded($0, parties: parties) }
        if random.chance(20) { nodes[0].clockOffset = 365 * Instant.day }
        if random.chance(20) { nodes[1].clockOffset = -3 * Instant.hour }
    }

    /// Runs the schedule; throws what does not hold.
    mutating func run() throws {
        for _ in 0..<Int.random(in: 20...90, using: &random) { try step() }
        try heal()
    }

    private mutating func step() throws {
        now = now.advanced(byMilliseconds: Int64.random(in: 1...4_000, using: &random))
        let place = Int.random(in: 0..<nodes.count, using: &random)
        switch Int.random(in: 0..<108, using: &random) {
        case 0..<18: try submit(place)
        case 18..<62: try deliver(place, Int.random(in: 1...8, using: &random))
        case 62..<84: publish(place)
        case 84..<88: try restart(place, disk: nodes[place].disk)
        case 88..<90: backups[nodes[place].party] = nodes[place].disk.copy()
        case 90..<92:
            // An old copy of the folder is put back.
            guard let old = backups[nodes[place].party] else { break }
            hasRestored = true
            try restart(place, disk: old.copy())
        case 92..<94:
            engine.cut = max(engine.cut, Int.random(in: 0...engine.entries.count, using: &random))
            hasLostHistory = true
        case 94..<95:
            hasLostHistory = true
            if swaps[nodes[place].party] == nil { swaps[nodes[place].party] = engine.entries.count }
        case 95..<97: try lie()
        case 97..<98: try nodes[place].receiveNextKey(now: now)
        // The disk does not take the next block; when it is read again there is space.
        case 98..<101: nodes[place].disk.isFull = true
        case 101..<103: try loseEngine()
        default: try catchUp(place)
        }
        try check()
    }

    private mutating func submit(_ place: Int) throws {
        var batch: [Transaction] = []
        for _ in 0..<Int.random(in: 0...3, using: &random) where nextNote < parties.notes.count {
            batch.append(parties.notes[nextNote])
            nextNote += 1
        }
        if random.chance(20), nextNote > 0 { batch.append(parties.notes[Int.random(in: 0..<nextNote, using: &random)]) }
        // Fewer parties would bear no liar.
        if liar == nil, random.chance(8), let change = changes.popFirst() { batch.append(change) }
        guard let entry = try nodes[place].batch(batch, clock: now) else { return }
        engine.append(entry)
        // Some batches are put up a second time, as by an engine that plays tricks.
        if random.chance(5) { engine.append(entry) }
        submitted.append(contentsOf: batch.map(\.id))
    }

    /// All that the engine had is gone, some nodes with it for a while, and people begin the order anew after the farthest
    /// block of those that are there: enough to make a block final.
    private mutating func loseEngine() throws {
        // A node that has forgotten what it had executed cannot give it to the others: one loss at a time.
        guard !hasLostHistory, !hasRestored else { return }
        var present = nodes.shuffled(using: &random)
        let networks = nodes.flatMap { [$0.replica.finalNetwork, $0.replica.machine.network] }.compactMap { $0 }
        while let last = present.last, random.chance(60) {
            let rest = present.filter { $0.party != last.party }
            guard networks.allSatisfy({ $0.isQuorum(rest.map(\.party)) }) else { break }
            present = rest
        }
        guard networks.allSatisfy({ $0.isQuorum(present.map(\.party)) }) else { return }
        beginAnew(after: present)
    }

    /// Whoever had the block after which the order was begun anew may have lost it before anybody else took it over: then
    /// people do it once more.
    private mutating func beginOnceMore() {
        guard let start = engine.start, !nodes.contains(where: { $0.hasReached(start) }) else { return }
        beginAnew(after: nodes)
    }

    private mutating func beginAnew(after present: [SimulatedNode]) {
        guard let farthest = present.compactMap(\.tip).max(by: { $0.point.size < $1.point.size }) else { return }
        losses += 1
        engine = MemoryOrder(
            from: OrderStart(
                position: farthest.position, size: farthest.point.size, root: farthest.point.root, time: now),
            number: losses)
        checked = CheckedStatements()
    }

    private mutating func deliver(_ place: Int, _ count: Int) throws {
        if nodes[place].order != engine.name {
            let others = nodes.filter { $0.party != nodes[place].party }
            return try nodes[place].goOn(engine, from: others, random: &random, now: now)
        }
        for _ in 0..<count {
            let swap = swaps[nodes[place].party]
            guard try nodes[place].read(engine, checked: checked, swap: swap, now: now) else { return }
        }
    }

    private mutating func publish(_ place: Int) {
        for kind in Statement.Kind.allCases {
            guard let statement = nodes[place].outgoing.removeValue(forKey: kind) else { continue }
            engine.append(.statement(statement))
        }
    }

    private mutating func restart(_ place: Int, disk: MemoryLog) throws {
        let offset = nodes[place].clockOffset
        // What it had signed is in the engine already, or nobody has seen it.
        publish(place)
        try noteAccused(nodes[place])
        nodes[place] = try SimulatedNode(
            nodes[place].party, disk: disk, parties: parties, engine: engine, hasNextKey: nodes[place].hasNextKey)
        nodes[place].clockOffset = offset
    }

    private mutating func catchUp(_ place: Int) throws {
        guard nodes[place].needsPeers else { return }
        let party = nodes[place].party
        for other in nodes.shuffled(using: &random) where other.party != party && other.party != liar {
            if try nodes[place].catchUp(from: other, random: &random, now: now) {
                swaps[party] = nil
                return
            }
        }
        // Nobody has more: the engine may tell the truth by now.
        if random.chance(50), engine.cut <= Int(nodes[place].replica.machine.lastSeal?.position ?? 0) {
            swaps[party] = nil
            try nodes[place].resume()
        }
    }

    /// The liar says that it has reached, or cosigns, something of its own making.
    private mutating func lie() throws {
        guard let liar, let signer = parties.signers[liar] else { return }
        let size = UInt64.random(in: 2...60, using: &random)
        let root = CryptoSHA256.hash([UInt8.random(in: 0...255, using: &random)])
        if random.chance(50) {
            let text = try SeenStatement(party: liar, points: [Point(size: size, root: root)])
                .text(origin: SimulatedParties.origin) { try signer.sign(lines: $0) }
            engine.append(.statement(Statement(kind: .seen, party: liar, text: text)))
        } else {
            var head = try signer.logCheckpoint(size: size, root: root)
            head.add(try signer.cosign(head, at: now))
            engine.append(.statement(Statement(kind: .cosigned, party: liar, text: head.bytes)))
        }
    }

    // MARK: What must hold

    /// Nobody is taken for a forger because its key changed, or because the one who looks is behind.
    private func noteAccused(_ node: SimulatedNode) throws {
        guard node.party != liar, !hasLostHistory else { return }
        for party in node.accused where party != liar {
            throw SimulationError("\(node.party) takes \(party) for a forger")
        }
    }

    private mutating func check() throws {
        for node in nodes {
            try noteAccused(node)
            let from = looked[node.party] ?? 0
            looked[node.party] = node.finalHeight
            for block in node.disk.blocks
            where block.seal.height <= node.finalHeight && (block.seal.height > from || node.finalHeight < from) {
                let known = finals[block.seal.height] ?? block.root
                guard known == block.root else {
                    throw SimulationError(
                        "\(node.party): another final block at height \(block.seal.height); the liar is \(liar ?? "nobody")"
                    )
                }
                finals[block.seal.height] = block.root
            }
            guard node.party != liar else { continue }
            if node.isStopped {
                // It signed what a quorum had reached, and then the engine lost that for the others: `ledger.md` asks it
                // to stop. Without such a loss it never may.
                guard hasLostHistory else { throw SimulationError("\(node.party): stopped although it is honest") }
                throw RightlyStopped()
            }
            for statement in node.outgoing.values where statement.kind == .cosigned {
                let head = try SignedCheckpoint(parsing: statement.text).checkpoint
                let known = signatures[node.party]?[head.size] ?? head.root
                guard known == head.root else { throw SimulationError("\(node.party) signed two logs of \(head.size)") }
                signatures[node.party, default: [:]][head.size] = head.root
            }
        }
    }

    /// Everybody reads everything, whoever lacks something gets it, and then nothing may be missing anywhere.
    private mutating func heal() throws {
        swaps = [:]
        let members = nodes.indices.filter { nodes[$0].party != liar }
        for place in nodes.indices { try nodes[place].receiveNextKey(now: now) }
        for place in members { try restart(place, disk: nodes[place].disk) }
        for round in 0..<60 {
            now = now.advanced(byMilliseconds: 1_000)
            // A batch under a key that has just been replaced does not count, and is put up once more.
            if round > 0, round.isMultiple(of: 5) { try putUpAgain() }
            if round == 2 { beginOnceMore() }
            let before = engine.entries.count
            for place in nodes.indices {
                if round.isMultiple(of: 4) { try nodes[place].readAgainIfContested() }
                try deliver(place, 10_000)
                publish(place)
                if nodes[place].needsPeers { try healByPeers(place) }
            }
            try check()
            // Nobody has anything to say any more.
            let ledger = nodes[members[0]].replica.machine.transactions
            if round > 6, engine.entries.count == before, submitted.allSatisfy({ ledger.leaf(of: $0) != nil }) { break }
        }
        let heights = Set(members.map { nodes[$0].finalHeight })
        let newest = members.compactMap { nodes[$0].replica.machine.lastSeal?.height }.max()
        guard heights.count == 1, let height = heights.first, height == newest else {
            throw SimulationError(
                "heights after healing: \(members.map { nodes[$0].finalHeight }), newest \(newest ?? 0)")
        }
        let ledger = nodes[members[0]].replica.machine
        for id in submitted where ledger.transactions.leaf(of: id) == nil {
            throw SimulationError("a transaction was lost: \(id.hex.prefix(8))")
        }
        let states = Set(members.map { nodes[$0].replica.machine.stateTree.root })
        guard states.count == 1 else { throw SimulationError("states differ after healing") }
    }

    private mutating func healByPeers(_ place: Int) throws {
        for other in nodes where other.party != nodes[place].party && other.party != liar {
            if try nodes[place].catchUp(from: other, random: &random, now: now) { return }
        }
        try nodes[place].resume()
    }

    /// Their senders put up again what no final block holds, and batches that were lost with the engine's history are read
    /// from it no more.
    private mutating func putUpAgain() throws {
        guard let place = nodes.indices.first(where: { nodes[$0].party != liar }) else { return }
        let known = parties.byID
        let ledger = nodes[place].replica.machine.transactions
        let missing = submitted.filter { ledger.leaf(of: $0) == nil }
        guard !missing.isEmpty || engine.cut > 0 else { return }
        engine.cut = 0
        if let entry = try nodes[place].batch(missing.compactMap { known[$0] }, clock: now) { engine.append(entry) }
    }
}
