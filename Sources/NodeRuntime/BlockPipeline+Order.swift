import Finality
import LedgerCore
import Logging
import MerkleLog
import Ordering
import Primitives
import Storage

/// How far the pipeline has read which of the engine's orders.
struct OrderReading {
    /// The order.
    var name: OrderName
    /// The position after which it began.
    var start: UInt64
    /// The position that was given last.
    var lastGiven: UInt64 = 0
    /// Others may have come to something else for so long; then what is not final here is read once more.
    var contest = Patience(milliseconds: 10_000)
    /// The engine's history was cut off before this node had read it; whether too early is not known yet.
    var cutOff: Misbehaviour?
}

/// What outlasts a restart, and the loss of the engine (`docs/decisions/020-order-begun-anew.md`).
extension BlockPipeline {
    // MARK: After a restart

    /// Blocks that were not final when the node stopped count again. The engine would give them once more; but it may have
    /// been lost meanwhile, and this party may have signed them.
    func resumeOpen() async throws {
        guard replica.isShared else { return }
        for block in try await read(storedOpen()) {
            guard let events = try replica.resume(block, at: parts.clock()) else {
                parts.logger.notice(
                    "a block that was not final is not what this program makes of it; it is fetched again",
                    metadata: ["height": "\(block.seal.height)"])
                try replica.forgetStored()
                break
            }
            try deal(with: events)
        }
        openTransactions = replica.openTransactions
    }

    private func storedOpen() throws -> [[[UInt8]]] {
        var reader = BlockReader(store: parts.store, from: finalSize)
        var blocks: [[[UInt8]]] = []
        while let block = try reader.next() { blocks.append(block.leaves) }
        return blocks
    }

    /// Whether a batch is one to execute. One that the engine gives again has been executed, and is only compared: a node may
    /// have been shown another order before it was started anew.
    func isNext(_ ordered: OrderedBatch) throws -> Bool {
        guard replica.isShared else { return true }
        // After a lost connection it may begin again further back.
        reading.lastGiven = min(reading.lastGiven, ordered.position - 1)
        guard replica.fits(ordered.batch, at: ordered.position, after: reading.lastGiven) else { throw OtherOrder() }
        reading.lastGiven = ordered.position
        return ordered.position > position
    }

    /// After an engine that has shown two orders there may be no quorum for either; it shows one by now.
    func passContest() throws {
        if reading.contest.isOver(replica.isContested, at: parts.clock()) { throw OtherOrder() }
    }

    /// The engine gives another order than it has given before: what is not final is taken back, and read again.
    func readAgain() throws {
        parts.logger.error("the engine gives another order than before; what is not final is taken back")
        try replica.rollBack()
        wereTakenBack()
        isBusy = false
    }

    // MARK: After the engine was lost

    /// Where in the order the ledger ends here.
    var position: UInt64 { replica.machine.lastSeal?.position ?? 0 }

    /// From where the order is read: what is not final is given once more, to be compared.
    var firstRead: UInt64 { replica.isShared ? min(position, max(replica.finalPosition, reading.start)) : position }

    /// The order that can be followed from there: not one whose start had to be taken back. The engine tells of it again then.
    var followedOrder: OrderName { position >= reading.start ? reading.name : .first }

    /// How often it is tried to come to a start before the engine is asked again: people may have corrected it.
    private static let mostAttempts = 10

    /// Comes to where people have begun the order anew, and waits for space where the disk is full.
    func goOn(from begun: (start: OrderStart, name: OrderName)) async throws {
        do {
            try await goOn(from: begun.start, as: begun.name)
        } catch  where isForWantOfSpace(error) {
            try await waitForSpace()
        }
    }

    private func goOn(from start: OrderStart, as name: OrderName) async throws {
        parts.logger.notice("people have begun the order anew", metadata: ["size": "\(start.size)"])
        noteReached(false)
        for _ in 0..<BlockPipeline.mostAttempts where !isStopping {
            if try hasReached(start) {
                let events = try replica.beginAnew(after: start.size, at: parts.clock())
                try parts.store.keepOrder(name.text, after: start.position)
                (reading.name, reading.start) = (name, start.position)
                isBusy = false
                wereTakenBack()
                try deal(with: events)
                return
            }
            do {
                try await parts.peers?.reach(start, self)
                if try hasReached(start) { continue }
            } catch let fault as PeerFault {
                parts.logger.error("the start of the order is not reached", metadata: ["error": "\(fault)"])
            }
            try? await Task.sleep(for: .milliseconds(500))
        }
    }

    /// Whether the ledger here has the point at which the order begins anew.
    private func hasReached(_ start: OrderStart) throws -> Bool {
        if let seal = replica.openSeal(at: Point(size: start.size, root: start.root)) {
            return isFollowed(by: start, seal.position)
        }
        guard finalSize >= start.size else { return false }
        guard let row = try parts.store.block(holding: start.size - 1), row.size == start.size,
            row.head?.root == start.root
        else {
            noteOther(start)
            return false
        }
        return finalSize > start.size || isFollowed(by: start, replica.finalPosition)
    }

    /// Positions must go on from the block's own: nodes pass over what is not after it, and nobody may use them up.
    private func isFollowed(by start: OrderStart, _ position: UInt64) -> Bool {
        guard position != start.position else { return true }
        noteOther(start)
        return false
    }

    private func noteOther(_ start: OrderStart) {
        let text = start.text(origin: parts.signer.origin)
        note(Misbehaviour(.otherStart, party: "", position: start.position, evidence: text))
    }

    /// Takes blocks over that are not final and that others have executed, in place of this node's own; `leaves` are all that
    /// come after what is final. Only if they end at `start`: otherwise what was here stays.
    func adopt(open leaves: [[UInt8]], upTo start: OrderStart) async throws {
        let own = try await read(storedOpen())
        let run = try await read(blocks(of: leaves))
        // Nobody has signed these blocks yet, so nobody vouches for their time.
        let latest = parts.clock().advanced(byMilliseconds: Instant.minute)
        guard run.allSatisfy({ $0.seal.time <= latest }) else { throw PeerFault.otherLeaves }
        let end = replica.machine.point
        try beginCatchUp()
        if try take(open: run, upTo: Point(size: start.size, root: start.root)) { return }
        if let end { _ = try take(open: own, upTo: end) }
        throw PeerFault.otherLeaves
    }

    private func take(open run: [ForeignBlock], upTo point: Point) throws -> Bool {
        guard
            case .taken(let events) = try replica.adopt(
                run, by: nil, isEnd: false, upTo: point, at: parts.clock())
        else { return false }
        openTransactions = replica.openTransactions
        try deal(with: events)
        return true
    }

    private func blocks(of leaves: [[UInt8]]) throws -> [[[UInt8]]] {
        var blocks: [[[UInt8]]] = []
        var block: [[UInt8]] = []
        for leaf in leaves {
            block.append(leaf)
            guard leaf.starts(with: Leaf.sealFirstLine) else { continue }
            blocks.append(block)
            block = []
        }
        guard block.isEmpty else { throw PeerFault.badBundle }
        return blocks
    }

    /// The engine has given another order than before.
    struct OtherOrder: Error {}

    /// What this node has executed, for people who begin the order anew.
    var tip: OrderTip? {
        guard let seal = replica.machine.lastSeal, let point = replica.machine.point else { return nil }
        return OrderTip(height: seal.height, position: seal.position, size: point.size, root: point.root)
    }
}
