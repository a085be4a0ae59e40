import ContractKit
import Finality
import LedgerCore
import LedgerTesting
import MerkleLog
import Ordering
import OrderingTesting
import Primitives

/// One party's node: the real replica over a disk in memory, reading the engine at its own pace.
struct SimulatedNode {
    let party: String
    private let parties: SimulatedParties
    private(set) var disk: MemoryLog
    private(set) var replica: Replica
    /// Entries read.
    private(set) var cursor: Int
    /// What it wants to tell, the newest of each kind.
    var outgoing: [Statement.Kind: Statement] = [:]
    /// It waits for blocks of the others.
    private(set) var needsPeers = false
    private(set) var isStopped = false
    /// Parties that this node takes for forgers.
    private(set) var accused: Set<String> = []
    /// The keys in its folder; the next one may come at any time.
    private let keys: CosignerKeys
    var clockOffset: Int64 = 0

    /// A node that starts from its disk.
    init(
        _ party: String, disk: MemoryLog, parties: SimulatedParties, engine: MemoryOrder, hasNextKey: Bool
    ) throws {
        self.party = party
        self.disk = disk
        self.parties = parties
        disk.rollBack(above: disk.finalHeight, size: 0)
        var machine = LedgerMachine(origin: SimulatedParties.origin, catalog: SimulatedParties.catalog)
        let known = parties.byID
        for block in disk.blocks {
            let again = machine.execute(
                block.transactions.compactMap { known[$0.id] }, at: block.seal.time, position: block.seal.position,
                proposer: block.seal.proposer, clock: block.seal.clock)
            machine.commit(again)
        }
        guard let signer = parties.signers[party] else { throw SimulationError("no signer") }
        keys = CosignerKeys(signer, next: hasNextKey ? parties.nextSigners[party] : nil)
        replica = Replica(
            machine: machine, keys: keys, log: disk,
            signed: disk.signed.map { Point(size: $0.size, root: $0.root) }, isCosigned: disk.finalHeight > 0,
            former: disk.former)
        cursor = Int(machine.lastSeal?.position ?? 0)
        try deal(replica.begin(at: SampleTime.start))
        // What the parties say now comes first, its own word from before among it.
        for statement in engine.statements {
            try deal(replica.heard(statement, isInOrder: false, at: SampleTime.start))
        }
    }

    /// Whether its next key is in its folder.
    var hasNextKey: Bool { keys.names.count > 1 }

    /// Somebody puts the next key into its folder.
    mutating func receiveNextKey(now: Instant) throws {
        keys.replace(keys.present, next: parties.nextSigners[party])
        try deal(replica.lookAtKeys(at: now))
    }

    var finalHeight: UInt64 { disk.finalHeight }

    /// A node that is started for the first time: its disk holds the founding.
    static func founded(_ party: String, parties: SimulatedParties) throws -> SimulatedNode {
        let disk = MemoryLog()
        var machine = LedgerMachine(origin: SimulatedParties.origin, catalog: SimulatedParties.catalog)
        disk.blocks = [machine.execute(parties.founding, at: SampleTime.start, position: 0, proposer: "office")]
        return try SimulatedNode(party, disk: disk, parties: parties, engine: MemoryOrder(), hasNextKey: false)
    }

    /// Reads the next entry; false if there is none or it cannot.
    mutating func read(
        _ engine: MemoryOrder, checked: CheckedStatements, swap: Int?, now: Instant
    ) throws -> Bool {
        guard !needsPeers, !isStopped else { return false }
        switch engine.read(cursor, swap: swap) {
        case .end: return false
        case .missing:
            needsPeers = true
            return false
        case .entry(let entry, let place):
            cursor += 1
            try take(entry, at: place, checked: checked, now: now)
            return true
        }
    }

    private mutating func take(
        _ entry: MemoryOrder.Entry, at place: Int, checked: CheckedStatements, now: Instant
    ) throws {
        switch entry {
        case .statement(let statement):
            // Signatures are checked once for all nodes; what does not hold goes the whole way.
            if let network = replica.finalNetwork,
                let known = checked.check(statement, at: place, network: network)
            {
                try deal(replica.heard(known, at: now))
            } else {
                try deal(replica.heard(statement, at: now))
            }
        case .batch(let received): try execute(received, position: UInt64(cursor), now: now)
        case .deletion: break
        }
    }

    private mutating func execute(_ received: ReceivedBatch, position: UInt64, now: Instant) throws {
        guard position > replica.machine.lastSeal?.position ?? 0 else { return }
        guard replica.isFromMember(received) else {
            // A party that was removed may well be told of.
            let isMember = replica.machine.network?.member(received.batch.proposer) != nil
            if isMember, !replica.isLate(received) { accused.insert(received.batch.proposer) }
            return
        }
        let transactions = received.batch.transactions.compactMap { parties.byText[$0] }
        let batch = SortedBatch(
            proposer: received.batch.proposer, clock: received.batch.clock, transactions: transactions,
            isEmpty: received.batch.transactions.isEmpty)
        guard let prepared = replica.execute(batch, position: position) else { return }
        do {
            try deal(replica.store(prepared, at: now))
        } catch is BlockNotStored {
            // The node waits for space, and asks the engine for the same batch again.
            cursor = Int(position) - 1
        }
    }

    /// Takes over what `other` has final, if that is more, in runs whose ends `random` chooses. Now and then one of its
    /// leaves is not what it was, or a checkpoint is another's: then nothing of that run may be left, here or on disk.
    mutating func catchUp(from other: SimulatedNode, random: inout SeededGenerator, now: Instant) throws -> Bool {
        try replica.rollBack(catchingUp: true)
        guard other.finalHeight > finalHeight else { return false }
        var rest = other.disk.blocks.filter { $0.seal.height > finalHeight && $0.seal.height <= other.finalHeight }[...]
        let known = parties.byID
        while !rest.isEmpty {
            let part = rest.prefix(Int.random(in: 1...rest.count, using: &random))
            var run = part.map { block in
                ForeignBlock(
                    seal: block.seal, leaves: block.leaves,
                    transactions: block.transactions.compactMap { known[$0.id] })
            }
            var head = part.last.flatMap { other.disk.checkpoints[$0.seal.height] }
            let lies = random.chance(10)
            if lies {
                let place = Int.random(in: 0..<run.count, using: &random)
                let block = run[place]
                if random.chance(50) {
                    run[place] = ForeignBlock(
                        seal: block.seal, leaves: block.leaves + [[1]], transactions: block.transactions)
                } else {
                    head = other.disk.checkpoints.values.sorted { $0.lexicographicallyPrecedes($1) }
                        .first { $0 != head }
                }
            }
            switch try take(run, by: head, isEnd: part.endIndex == rest.endIndex, now: now) {
            case .taken: rest = rest.dropFirst(part.count)
            case .barrier(let place):
                // Everything up to there, by the checkpoint that the old parties have cosigned.
                guard let own = other.disk.checkpoints[run[place].seal.height] else {
                    throw SimulationError("\(other.party): a change of the parties without a checkpoint of its own")
                }
                guard case .taken = try take(Array(run[...place]), by: own, isEnd: false, now: now) else {
                    return false
                }
                rest = rest.dropFirst(place + 1)
            case .otherLeaves, .notCosigned:
                guard lies else { throw SimulationError("\(party): final blocks of \(other.party) do not hold") }
                try replica.rollBack(catchingUp: true)
                return false
            case nil: return false
            }
        }
        guard replica.openBlocks > 0 || finalHeight == other.finalHeight else {
            throw SimulationError("\(party): caught up to nothing")
        }
        try resume()
        return true
    }

    /// Nil where the disk did not take it.
    private mutating func take(
        _ run: [ForeignBlock], by head: [UInt8]?, isEnd: Bool, now: Instant
    ) throws -> Replica.Adoption? {
        let before = (replica.machine.stateTree.root, replica.machine.log.root(), replica.machine.transactions.count)
        let stored = disk.blocks.count
        var adoption: Replica.Adoption?
        do {
            adoption = try replica.adopt(
                run, by: try head.map { try SignedCheckpoint(parsing: $0) }, isEnd: isEnd, at: now)
        } catch is BlockNotStored {}
        if case .taken(let events)? = adoption {
            try deal(events)
            return adoption
        }
        let after = (replica.machine.stateTree.root, replica.machine.log.root(), replica.machine.transactions.count)
        guard before == after, disk.blocks.count == stored else {
            throw SimulationError("\(party): something of a run is left that was not taken")
        }
        return adoption
    }

    /// Follows the engine again from where the ledger ends.
    mutating func resume() throws {
        try replica.rollBack()
        needsPeers = false
        cursor = Int(replica.machine.lastSeal?.position ?? 0)
    }

    /// A signed batch of its own.
    func batch(_ transactions: [Transaction], clock: Instant) throws -> MemoryOrder.Entry? {
        guard let signer = replica.finalSigner else { return nil }
        let batch = try Batch(
            origin: SimulatedParties.origin, proposer: party, clock: clock.advanced(byMilliseconds: clockOffset),
            transactions: transactions.map(\.text.bytes), localToken: 0, using: CryptoSHA256.self
        ) { try signer.sign(lines: $0) }
        return ReceivedBatch(parsing: batch.text, origin: SimulatedParties.origin, using: CryptoSHA256.self)
            .map { .batch($0) }
    }

    private mutating func deal(_ events: [Replica.Event]) throws {
        for event in events {
            switch event {
            case .publish(let statement): outgoing[statement.kind] = statement
            case .diverged: needsPeers = true
            case .contradiction: isStopped = true
            case .final: disk.former = replica.former
            case .misbehaviour(let fault): if fault.kind == .forgedStatement { accused.insert(fault.party) }
            }
        }
    }
}

struct SimulationError: Error, CustomStringConvertible {
    let description: String

    init(_ description: String) { self.description = description }
}

/// The simulated world's first moment.
enum SampleTime {
    static let start = Instant(milliseconds: 1_767_225_600_000)
}
