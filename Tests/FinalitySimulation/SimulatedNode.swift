import ContractKit
import Finality
import LedgerCore
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
            guard
                let prepared = replica.execute(
                    block.transactions.compactMap { known[$0.id] }, as: block.seal, leaves: block.leaves)
            else { throw SimulationError("\(party): a stored block gives other leaves") }
            try deal(replica.resume(prepared, at: SampleTime.start))
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

    /// The engine is read on from where the ledger ends.
    private mutating func goToEnd() {
        let (position, start) = (replica.machine.lastSeal?.position ?? 0, disk.start?.position ?? 0)
        cursor = position >= start ? Int(position - start) : 0
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
        }
    }

    /// Takes over what `other` has final, if that is more, and follows the engine again.
    mutating func catchUp(from other: SimulatedNode, now: Instant) throws -> Bool {
        try replica.rollBack(catchingUp: true)
        guard try takeFinal(of: other, now: now) else { return false }
        try resume()
        return true
    }

    private mutating func takeFinal(of other: SimulatedNode, now: Instant) throws -> Bool {
        guard other.finalHeight > finalHeight, try adopt(from: other, upTo: other.finalHeight, now: now)
        else { return false }
        let head = try SignedCheckpoint(parsing: other.disk.checkpoint)
        try deal(replica.caughtUp(to: head, at: now))
        guard finalHeight == other.finalHeight else { throw SimulationError("\(party): caught up to nothing") }
        return true
    }

    /// Executes blocks of another node after what is final here; false where the disk does not take one.
    private mutating func adopt(from other: SimulatedNode, upTo height: UInt64, now: Instant) throws -> Bool {
        let known = parties.byID
        let final = finalHeight
        for block in other.disk.blocks where block.seal.height > final && block.seal.height <= height {
            guard
                let prepared = replica.execute(
                    block.transactions.compactMap { known[$0.id] }, as: block.seal, leaves: block.leaves)
            else { throw SimulationError("\(party): a block of \(other.party) gives other leaves") }
            do {
                try deal(replica.store(prepared, at: now))
            } catch is BlockNotStored {
                return false
            }
        }
        return true
    }

    // MARK: After the engine was lost

    /// How far it has executed, and at which position.
    var tip: (point: Point, position: UInt64)? {
        guard let point = replica.machine.point, let seal = replica.machine.lastSeal else { return nil }
        return (point, seal.position)
    }

    /// Comes to where the order begins anew, with what the others have, and goes on from there.
    mutating func goOn(_ engine: MemoryOrder, from others: [SimulatedNode], now: Instant) throws {
        guard let start = engine.start, !isStopped else { return }
        if !hasReached(start) { try reach(start, from: others, now: now) }
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

    private mutating func reach(_ start: OrderStart, from others: [SimulatedNode], now: Instant) throws {
        if let other = others.max(by: { $0.finalHeight < $1.finalHeight }), other.finalHeight > finalHeight {
            try replica.rollBack(catchingUp: true)
            guard try takeFinal(of: other, now: now), !hasReached(start) else { return }
        }
        let point = Point(size: start.size, root: start.root)
        guard let (other, seal) = others.lazy.compactMap({ node in node.replica.openSeal(at: point).map { (node, $0) } }).first
        else { return }
        try replica.rollBack(catchingUp: true)
        if try !adopt(from: other, upTo: seal.height, now: now) { try replica.rollBack(catchingUp: true) }
    }

    /// Follows the engine again from where the ledger ends.
    mutating func resume() throws {
        try replica.rollBack()
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
