import Finality
import LedgerCore
import Logging
import MerkleLog
import Ordering
import Primitives
import Storage

/// What outlasts a restart, and the loss of the engine (`docs/decisions/019-order-begun-anew.md`).
extension BlockPipeline {
    // MARK: After a restart

    /// Blocks that were not final when the node stopped count again. The engine would give them once more; but it may have
    /// been lost meanwhile, and this party may have signed them.
    func resumeOpen() async throws {
        guard replica.isShared else { return }
        for block in try storedOpen() {
            guard let transactions = await transactions(of: block),
                let prepared = replica.execute(transactions, as: block.seal, leaves: block.leaves)
            else {
                parts.logger.notice(
                    "a block that was not final is not what this program makes of it; it is fetched again",
                    metadata: ["height": "\(block.seal.height)"])
                return try replica.forgetStored()
            }
            try deal(with: replica.resume(prepared, at: parts.clock()))
        }
        openTransactions = replica.openTransactions
    }

    private func storedOpen() throws -> [BlockReader.Block] {
        var reader = BlockReader(store: parts.store, from: finalSize)
        var blocks: [BlockReader.Block] = []
        while let block = try reader.next() { blocks.append(block) }
        return blocks
    }

    /// A block's transactions; nil if one may not stand on the ledger.
    private func transactions(of block: BlockReader.Block) async -> [Transaction]? {
        let texts = block.leaves.compactMap { leaf in (try? TransactionText.parsingLeaf(leaf))?.0.bytes }
        let sound = await Rechecking(parts.admission).check(texts).compactMap { $0?.transaction }
        return sound.count == texts.count ? sound : nil
    }

    // MARK: After the engine was lost

    /// Where in the order the ledger ends here.
    var position: UInt64 { replica.machine.lastSeal?.position ?? 0 }

    /// The order that can be followed from there: not one whose start had to be taken back. The engine tells of it again then.
    var followedOrder: OrderName { position >= order.start ? order.name : .first }

    /// How often it is tried to come to a start before the engine is asked again: people may have corrected it.
    private static let mostAttempts = 10

    /// Comes to where people have begun the order anew, and follows it from there.
    func goOn(from start: OrderStart, as name: OrderName) async throws {
        parts.logger.notice("people have begun the order anew", metadata: ["size": "\(start.size)"])
        noteReached(false)
        for _ in 0..<BlockPipeline.mostAttempts where !isStopping {
            if try hasReached(start) {
                let events = try replica.beginAnew(after: start.size, at: parts.clock())
                try parts.store.keepOrder(name.text, after: start.position)
                order = (name, start.position)
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
            return isFollowed(by: start, seal)
        }
        guard finalSize >= start.size else { return false }
        guard let row = try parts.store.block(holding: start.size - 1), row.size == start.size,
            row.head?.root == start.root
        else {
            noteOther(start)
            return false
        }
        guard let seal = replica.machine.lastSeal, seal.index + 1 == start.size else { return true }
        return isFollowed(by: start, seal)
    }

    /// Positions must go on: nodes pass over what is not after the last one.
    private func isFollowed(by start: OrderStart, _ seal: Seal) -> Bool {
        guard seal.position > start.position else { return true }
        noteOther(start)
        return false
    }

    private func noteOther(_ start: OrderStart) {
        note(Misbehaviour(.otherStart, party: "", position: start.position, evidence: start.text(origin: parts.signer.origin)))
    }

    /// Takes blocks over that are not final and that others have executed, in place of this node's own; `leaves` are all that
    /// come after what is final. Only if they end at `start`: otherwise what was here stays.
    func adopt(open leaves: [[UInt8]], upTo start: OrderStart) async throws {
        let own = try storedOpen()
        let latest = parts.clock().advanced(byMilliseconds: Instant.minute)
        do {
            try beginCatchUp()
            var block: [[UInt8]] = []
            for leaf in leaves {
                block.append(leaf)
                guard leaf.starts(with: "linlian/seal/v1\n".utf8) else { continue }
                // Nobody has signed the seals of these blocks yet, so nobody vouches for their time.
                guard let seal = try? Seal(parsing: leaf), seal.time <= latest else { throw PeerFault.otherLeaves }
                try await adopt(block)
                block = []
            }
            guard block.isEmpty, replica.openSeal(at: Point(size: start.size, root: start.root)) != nil
            else { throw PeerFault.otherLeaves }
        } catch {
            try beginCatchUp()
            for block in own { try await adopt(block.leaves) }
            throw error
        }
    }

    /// What this node has executed, for people who begin the order anew.
    var tip: OrderTip? {
        guard let seal = replica.machine.lastSeal, let point = replica.machine.point else { return nil }
        return OrderTip(height: seal.height, position: seal.position, size: point.size, root: point.root)
    }
}
