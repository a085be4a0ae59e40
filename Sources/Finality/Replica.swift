package import ContractKit
package import LedgerCore
package import MerkleLog
package import Ordering
package import Primitives

/// One party's copy of the ledger: executes ordered batches, keeps what is not final ready to be taken back, and says
/// what is to be told to the others. It has no clock, no network and no threads: a node drives it, and so does a simulation.
package struct Replica: Sendable {
    /// What the caller learns.
    package enum Event: Sendable {
        /// Tell the others.
        case publish(Statement)
        /// These blocks are final now, by this checkpoint, which is the last one's.
        case final([ExecutedBlock], checkpoint: SignedCheckpoint)
        /// A quorum has reached another ledger than this node. What was not final is taken back: catch up from the others.
        case diverged(Point)
        /// This party has signed something that the ledger does not have; nothing is signed any more.
        case contradiction(signed: Point)
        /// Something that should not be.
        case misbehaviour(Misbehaviour)
    }

    /// An executed batch that is not stored yet.
    package struct Prepared: Sendable {
        /// The block.
        package let block: ExecutedBlock
        let undo: BlockUndo?
    }

    struct OpenBlock: Sendable {
        let block: ExecutedBlock
        let undo: BlockUndo
    }

    /// The ledger.
    package internal(set) var machine: LedgerMachine
    let signer: NodeSigner
    private let keys: CosignerKeys
    let log: any BlockLog
    var finality: FinalityMachine?
    /// Blocks that are executed and not final.
    var open: [OpenBlock] = []
    /// The seal of the newest final block.
    var finalSeal: Seal?
    /// Statements that could not be checked by the network in force.
    private var unread: [String: Statement] = [:]
    private var cosigned: CosignedHistory
    /// Which keys parties had before their last change.
    package private(set) var former: FormerKeys
    /// The network from which `former` was told last.
    private var known: NetworkRow?
    private static let mostUnread = 256

    /// A replica of a ledger whose blocks are all final. `signed` is what this party has signed last. A ledger that
    /// several parties keep and whose last checkpoint no quorum has cosigned yet (its founding) has `isCosigned` false.
    package init(
        machine: LedgerMachine, keys: CosignerKeys, log: any BlockLog, signed: Point?, isCosigned: Bool,
        former: FormerKeys = FormerKeys()
    ) {
        self.machine = machine
        self.keys = keys
        self.former = former
        signer = keys.present
        self.log = log
        finalSeal = machine.lastSeal
        cosigned = CosignedHistory(origin: machine.origin)
        if let network = machine.network {
            known = network
            finality = FinalityMachine(
                party: signer.party, network: network, final: isCosigned ? machine.point : nil, signed: signed,
                keys: keys.names)
        }
    }

    // MARK: Keys

    /// Signs with the key that the ledger names for this party after the last final block; nil if the party has no part
    /// in the ledger, or the node does not have the key.
    package var finalSigner: NodeSigner? {
        guard let finality else { return signer }
        return finality.network.member(signer.party).flatMap { keys.signer($0.cosigner) }
    }

    /// The node may have other keys now.
    package mutating func lookAtKeys(at time: Instant) throws -> [Event] {
        let names = keys.names
        let actions = finality?.have(keys: names)
        return try perform(actions ?? [], at: time)
    }

    /// Whether a statement's lines are signed by a party that keeps the ledger, with the key in force after the last final
    /// block or after the last executed one: a node that tells may be a moment ahead.
    package func isSigned(_ lines: [UInt8], _ signature: [UInt8], by party: String) -> Bool {
        [finality?.network, machine.network].contains { network in
            network?.member(party).map { NodeSigner.isSigned(lines, signature, by: $0.cosigner) } ?? false
        }
    }

    /// Whether a batch that does not count was put up under a key that was in force a moment ago: its party could not know
    /// that the change would come first in the order.
    package func isLate(_ received: ReceivedBatch) -> Bool {
        let party = received.batch.proposer
        // A node that is behind learns of a change late, however long ago it was; of a party that left no more is expected.
        let isMember = machine.network?.member(party) != nil
        var known = [isMember ? former.key(of: party) : former.key(of: party, at: received.batch.clock)]
        if machine.network != finality?.network { known.append(finality?.network.member(party)?.cosigner) }
        return known.contains { key in
            key.map { NodeSigner.isSigned(received.lines, received.signature, by: $0) } ?? false
        }
    }

    /// Whether a statement is one that its party made under the key that it had before.
    private func isFormer(_ statement: Statement) -> Bool {
        guard let key = former.key(of: statement.party) else { return false }
        let network = NetworkRow(members: [.init(party: statement.party, cosigner: key)], groups: [])
        return CheckedStatement(statement, origin: signer.origin, network: network) != nil
    }

    /// Whether several parties keep the ledger.
    package var isShared: Bool { finality != nil }

    /// Who keeps the ledger after the last final block; nil where one party does.
    package var finalNetwork: NetworkRow? { finality?.network }

    /// Number of blocks that are executed and not final.
    package var openBlocks: Int { open.count }

    /// Number of their transactions.
    package var openTransactions: Int { open.reduce(0) { $0 + $1.block.transactions.count } }

    /// The newest point that is final elsewhere and not reached here; nil if there is none.
    package var farthestAhead: Point? { finality?.farthestAhead }

    /// Whether a change of the parties is executed and not final here, and others have gone on beyond it.
    package var isBarrierPassed: Bool {
        guard let finality, let barrier = finality.barrier, let network = machine.network else { return false }
        if finality.isPassed(barrier.size) { return true }
        return unread.values.contains { statement in
            guard let checked = CheckedStatement(statement, origin: signer.origin, network: network),
                case .cosigned(let point, _) = checked.content
            else { return false }
            return point.size > barrier.size
        }
    }

    /// The first steps of a ledger that no quorum has cosigned yet: it is told to the others.
    package mutating func begin(at time: Instant) throws -> [Event] {
        guard let finality, finality.final == nil, let point = machine.point, let network = machine.network
        else { return [] }
        var begun = finality
        let actions = begun.executed(point, network: network)
        self.finality = begun
        return try perform(actions, at: time)
    }

    /// Takes a travelled batch apart. `recheck` reads a transaction and checks its signatures; it may do so in parallel
    /// before. Nil with a reason where no member of the network that may order has signed it.
    package func sort(
        _ received: ReceivedBatch, position: UInt64,
        _ transactions: (_ texts: [[UInt8]]) -> [(transaction: Transaction, isChecked: Bool)?]
    ) -> (batch: SortedBatch?, faults: [Misbehaviour]) {
        let batch = received.batch
        guard isFromMember(received) else {
            return (
                nil,
                [Misbehaviour(.unknownParty, party: batch.proposer, position: position, evidence: received.lines)]
            )
        }
        let checked = transactions(batch.transactions)
        var sorted: [Transaction] = []
        var unchecked: Set<Digest> = []
        for case (let transaction, let isChecked)? in checked {
            sorted.append(transaction)
            if !isChecked { unchecked.insert(transaction.id) }
        }
        let isWhole = sorted.count == batch.transactions.count
        return (
            SortedBatch(
                proposer: batch.proposer, clock: batch.clock, transactions: sorted, unchecked: unchecked,
                isEmpty: batch.transactions.isEmpty),
            isWhole
                ? []
                : [Misbehaviour(.badTransactions, party: batch.proposer, position: position, evidence: received.lines)]
        )
    }

    /// Whether a batch is signed by a party that may order after the last block.
    package func isFromMember(_ received: ReceivedBatch) -> Bool {
        guard let member = machine.network?.member(received.batch.proposer), !member.observes else { return false }
        return NodeSigner.isSigned(received.lines, received.signature, by: member.cosigner)
    }

    /// Executes a batch; nil if it makes no block. It must be stored with `store` before the next.
    package mutating func execute(_ batch: SortedBatch, position: UInt64) -> Prepared? {
        let mark = isShared ? machine.mark : nil
        guard let block = machine.execute(batch, position: position) else { return nil }
        return Prepared(block: block, undo: mark.map { machine.undo(block, to: $0) })
    }

    /// Stores an executed block and makes it visible. Throws `BlockNotStored` where the log did not take a block of a shared
    /// ledger: it is taken back, and may be executed again. After any other failure the machine is ahead of the disk, and
    /// nothing more may be built on it.
    package mutating func store(_ prepared: Prepared, at time: Instant) throws -> [Event] {
        let block = prepared.block
        guard let undo = prepared.undo else {
            let checkpoint = try signer.checkpoint(size: block.size, root: block.root, at: block.seal.time)
            try log.append(block, checkpoint: checkpoint.bytes, isFinal: true)
            machine.commit(block)
            finalSeal = block.seal
            if let network = machine.network {
                let point = Point(size: block.size, root: block.root)
                finality = FinalityMachine(
                    party: signer.party, network: network, final: nil, signed: point, keys: keys.names)
                return [.final([block], checkpoint: checkpoint)] + (try begin(at: time))
            }
            return [.final([block], checkpoint: checkpoint)]
        }
        let text = try signer.checkpointText(size: block.size, root: block.root)
        do {
            try log.append(block, checkpoint: text, isFinal: false)
        } catch {
            machine.rollBack(undo, wasCommitted: false)
            throw BlockNotStored(cause: error)
        }
        return try hold(block, undo, at: time)
    }

    /// A stored block counts.
    mutating func hold(_ block: ExecutedBlock, _ undo: BlockUndo, at time: Instant) throws -> [Event] {
        machine.commit(block)
        open.append(OpenBlock(block: block, undo: undo))
        guard let network = machine.network else { return [] }
        let actions = finality?.executed(Point(size: block.size, root: block.root), network: network) ?? []
        return try perform(actions, at: time)
    }

    /// A statement came through the engine. `isInOrder` is false for what parties had said already when the engine was
    /// reached: it may follow blocks that are not executed here yet.
    package mutating func heard(
        _ statement: Statement, isInOrder: Bool = true, at time: Instant
    ) throws -> [Event] {
        guard let network = finality?.network, statement.kind != .status else { return [] }
        guard let checked = CheckedStatement(statement, origin: signer.origin, network: network) else {
            // It may be by a party, or with a key, that the next change of the network brings.
            unread["\(statement.party)/\(statement.kind.rawValue)"] = statement
            if unread.count > Replica.mostUnread { unread.removeAll() }
            guard isInOrder, network.member(statement.party) != nil, machine.network == network, !isFormer(statement)
            else { return [] }
            return [
                .misbehaviour(
                    Misbehaviour(.forgedStatement, party: statement.party, position: 0, evidence: statement.text))
            ]
        }
        return try heard(checked, at: time)
    }

    /// A statement whose signature was checked.
    package mutating func heard(_ statement: CheckedStatement, at time: Instant) throws -> [Event] {
        let actions: [FinalityMachine.Action]?
        var evidence: [Evidence] = []
        switch statement.content {
        case .seen(let seen): actions = finality?.heard(seen)
        case .cosigned(let point, let signature):
            evidence = cosigned.heard(point, by: statement.party, signature)
            actions = finality?.heard(point, cosignedBy: statement.party, signature)
        }
        return evidence.map(Event.init) + (try perform(actions ?? [], at: time))
    }

    /// Takes back all blocks that are not final. `catchingUp` is true where blocks of others follow, up to `adopt`, or
    /// until this is called again without it.
    package mutating func rollBack(catchingUp: Bool = false) throws {
        for block in open.reversed() { machine.rollBack(block.undo) }
        open = []
        if let finalSeal { try log.rollBack(above: finalSeal.height, size: finalSeal.index + 1) }
        finality?.rolledBack(catchingUp: catchingUp)
    }

    mutating func perform(_ actions: [FinalityMachine.Action], at time: Instant) throws -> [Event] {
        var events: [Event] = []
        for action in actions {
            switch action {
            case .publishSeen(let points):
                guard let own = finalSigner else { continue }
                let text = try SeenStatement(party: signer.party, points: points).text(origin: signer.origin) {
                    try own.sign(lines: $0)
                }
                events.append(.publish(Statement(kind: .seen, party: signer.party, text: text)))
            case .sign(let point):
                guard let own = finalSigner else { continue }
                // One mark for the party, whatever its key: a new key must not make a second history possible.
                try log.recordSigned(size: point.size, root: point.root)
                var head = try signer.logCheckpoint(size: point.size, root: point.root)
                head.add(try own.cosign(head, at: time))
                finality?.didSign(point)
                events.append(.publish(Statement(kind: .cosigned, party: signer.party, text: head.bytes)))
            case .final(let point, let cosignatures):
                events.append(contentsOf: try finalize(point, cosignatures, at: time))
            case .diverged(let point):
                try rollBack()
                events.append(.diverged(point))
            case .contradiction(let signed): events.append(.contradiction(signed: signed))
            }
        }
        return events
    }

    /// The network may have changed: what could not be checked is tried once more.
    mutating func readAgain(at time: Instant) throws -> [Event] {
        guard !unread.isEmpty, let network = finality?.network else { return [] }
        var events: [Event] = []
        for (name, statement) in unread.sorted(by: { $0.key < $1.key }) {
            guard let checked = CheckedStatement(statement, origin: signer.origin, network: network) else { continue }
            unread[name] = nil
            events.append(contentsOf: try heard(checked, at: time))
        }
        return events
    }

    private mutating func finalize(
        _ point: Point, _ cosignatures: [NoteSignature], at time: Instant
    ) throws -> [Event] {
        var head = try signer.logCheckpoint(size: point.size, root: point.root)
        for cosignature in cosignatures { head.add(cosignature) }
        guard let place = open.firstIndex(where: { $0.block.size == point.size }) else {
            // The founding: its block is stored as final already, and now it is cosigned too.
            if let finalSeal { try log.finalize(height: finalSeal.height, checkpoint: head.bytes) }
            return [.final([], checkpoint: head)]
        }
        let blocks = open[...place].map(\.block)
        let seal = open[place].block.seal
        try log.finalize(height: seal.height, checkpoint: head.bytes)
        open.removeFirst(place + 1)
        finalSeal = seal
        noteKeys(at: seal.time)
        return made(final: blocks, by: head) + (try readAgain(at: time))
    }

    mutating func noteKeys(at time: Instant) {
        guard let network = finality?.network, network != known else { return }
        former.note(from: known, to: network, at: time)
        known = network
    }

    /// Blocks are final; who has signed another history has been found out.
    mutating func made(final blocks: [ExecutedBlock], by checkpoint: SignedCheckpoint) -> [Event] {
        let points = blocks.map { Point(size: $0.size, root: $0.root) }
        return [.final(blocks, checkpoint: checkpoint)]
            + cosigned.final(points, checkpoint: checkpoint).map(Event.init)
    }
}

/// A block, or a run of blocks, could not be stored, and the replica is where it was before it was executed.
package struct BlockNotStored: Error {
    /// Why.
    package let cause: any Error
}

extension Replica.Event {
    fileprivate init(_ evidence: Evidence) {
        self = .misbehaviour(
            Misbehaviour(.equivocation, party: evidence.party, position: 0, evidence: evidence.text))
    }
}

extension LedgerMachine {
    /// The log's end after the last block; nil in an empty ledger.
    package var point: Point? { lastSeal.map { _ in Point(size: log.size, root: log.root()) } }
}
