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
    /// The position of the batch that was given last.
    private var lastGiven: UInt64 = 0
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
        var machine = LedgerMachine(origin: SimulatedParties.origin, catalog: SimulatedParties.catalog)
        let known = parties.byID
        let open = disk.blocks.filter { $0.seal.height > disk.finalHeight }
        for block in disk.blocks where block.seal.height <= disk.finalHeight {
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
        cursor = 0
        try deal(replica.begin(at: SampleTime.start))
        for block in open {
            guard let events = try replica.resume(ForeignBlock(block, known), at: SampleTime.start)
            else { throw SimulationError("\(party): a stored block gives other leaves") }
            try deal(events)
        }
        if engine.name == order { try connect(engine) }
    }

    /// What the parties say now comes first, this one's own word from before among it.
    private mutating func connect(_ engine: MemoryOrder) throws {
        goToEnd()
        for statement in engine.statements {
            try deal(replica.heard(statement, isInOrder: false, at: SampleTime.start))
        }
    }

    /// The engine is read on from what is final; what was executed after it is compared.
    private mutating func goToEnd() {
        let (position, start) = (replica.finalPosition, disk.start?.position ?? 0)
        cursor = position >= start ? Int(position - start) : 0
        lastGiven = max(position, start)
    }

    /// The engine's order that it can go on in: not in one whose start it does not have any more.
    var order: OrderName {
        replica.machine.lastSeal?.position ?? 0 >= disk.start?.position ?? 0 ? disk.order : .first
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
        guard !needsPeers, !isStopped, engine.name == order else { return false }
        switch engine.read(cursor, swap: swap) {
        case .end: return false
        case .missing:
            needsPeers = true
            return false
        case .entry(let entry, let place):
            cursor += 1
            try take(entry, at: place, position: engine.position(of: cursor - 1), checked: checked, now: now)
            return true
        }
    }

    private mutating func take(
        _ entry: MemoryOrder.Entry, at place: Int, position: UInt64, checked: CheckedStatements, now: Instant
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
        case .batch(let received): try execute(received, position: position, now: now)
        case .deletion: break
        }
    }

    private mutating func execute(_ received: ReceivedBatch, position: UInt64, now: Instant) throws {
        guard replica.fits(received.batch, at: position, after: lastGiven) else {
            try replica.rollBack()
            return goToEnd()
        }
        lastGiven = position
        // Given once more, after a restart: only compared.
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
            cursor -= 1
            lastGiven = replica.machine.lastSeal?.position ?? 0
        }
    }

    /// Takes over what `other` has final, if that is more, in runs whose ends `random` chooses. Now and then one of its
    /// leaves is not what it was, or a checkpoint is another's: then nothing of that run may be left, here or on disk.
    mutating func catchUp(from other: SimulatedNode, random: inout SeededGenerator, now: Instant) throws -> Bool {
        guard try takeFinal(of: other, random: &random, now: now) else { return false }
        try resume()
        return true
    }

    private mutating func takeFinal(
        of other: SimulatedNode, random: inout SeededGenerator, now: Instant
    ) throws -> Bool {
        // Where nobody has more this node keeps what it has.
        guard other.finalHeight > finalHeight else { return false }
        try replica.rollBack(catchingUp: true)
        var rest = other.disk.blocks.filter { $0.seal.height > finalHeight && $0.seal.height <= other.finalHeight }[...]
        let known = parties.byID
        while !rest.isEmpty {
            let part = rest.prefix(Int.random(in: 1...rest.count, using: &random))
            var run = part.map { ForeignBlock($0, known) }
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
                let isEnd = place + 1 == rest.count
                guard case .taken = try take(Array(run[...place]), by: own, isEnd: isEnd, now: now) else {
                    try replica.rollBack()
                    return false
                }
                rest = rest.dropFirst(place + 1)
            case .otherLeaves, .notCosigned:
                guard lies else { throw SimulationError("\(party): final blocks of \(other.party) do not hold") }
                try replica.rollBack()
                return false
            case nil:
                try replica.rollBack()
                return false
            }
        }
        guard finalHeight == other.finalHeight else {
            guard replica.openBlocks > 0 else { throw SimulationError("\(party): caught up to nothing") }
            // The last checkpoint was withheld.
            try replica.rollBack()
            return false
        }
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
        needsPeers = false
        goToEnd()
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

    /// Gives up what it has executed where others have come to something else, and reads it once more.
    mutating func readAgainIfContested() throws {
        guard replica.isContested, !needsPeers, !isStopped else { return }
        try replica.rollBack()
        goToEnd()
    }

    // MARK: After the engine was lost

    /// How far it has executed, and at which position.
    var tip: (point: Point, position: UInt64)? {
        guard let point = replica.machine.point, let seal = replica.machine.lastSeal else { return nil }
        return (point, seal.position)
    }

    /// Comes to where the order begins anew, with what the others have, and goes on from there.
    mutating func goOn(
        _ engine: MemoryOrder, from others: [SimulatedNode], random: inout SeededGenerator, now: Instant
    ) throws {
        guard let start = engine.start, !isStopped else { return }
        if !hasReached(start) { try reach(start, from: others, random: &random, now: now) }
        guard hasReached(start) else { return }
        let events = try replica.beginAnew(after: start.size, at: now)
        (disk.order, disk.start) = (engine.name, start)
        needsPeers = false
        try deal(events)
        try connect(engine)
    }

    func hasReached(_ start: OrderStart) -> Bool {
        let isOpen = replica.openSeal(at: Point(size: start.size, root: start.root)) != nil
        return isOpen || replica.finalSize ?? 0 >= start.size
    }

    private mutating func reach(
        _ start: OrderStart, from others: [SimulatedNode], random: inout SeededGenerator, now: Instant
    ) throws {
        for other in others where other.finalHeight > finalHeight {
            if try takeFinal(of: other, random: &random, now: now) { return }
        }
        let point = Point(size: start.size, root: start.root)
        let found = others.lazy.compactMap { node in node.replica.openSeal(at: point).map { (node, $0) } }.first
        guard let (other, seal) = found else { return }
        let known = parties.byID
        let final = finalHeight
        let run = other.disk.blocks.filter { $0.seal.height > final && $0.seal.height <= seal.height }
            .map { ForeignBlock($0, known) }
        let own = disk.blocks.filter { $0.seal.height > final }.map { ForeignBlock($0, known) }
        let end = replica.machine.point
        try replica.rollBack(catchingUp: true)
        if try adopt(open: run, upTo: point, now: now) { return }
        // What was here stays, unless the disk does not take that either.
        guard let end, try adopt(open: own, upTo: end, now: now) else { return }
    }

    private mutating func adopt(open run: [ForeignBlock], upTo point: Point, now: Instant) throws -> Bool {
        do {
            guard
                case .taken(let events) = try replica.adopt(run, by: nil, isEnd: false, upTo: point, at: now)
            else { return false }
            try deal(events)
            return true
        } catch is BlockNotStored {
            return false
        }
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

extension ForeignBlock {
    fileprivate init(_ block: ExecutedBlock, _ known: [Digest: Transaction]) {
        self.init(
            seal: block.seal, leaves: block.leaves, transactions: block.transactions.compactMap { known[$0.id] })
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
