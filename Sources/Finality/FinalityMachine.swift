package import ContractKit
package import MerkleLog
import Primitives

/// Decides what a node tells the others, what it cosigns and what is final: a pure state machine, driven by what was
/// executed and by what was heard, in the engine's order. Storage, signing and sending are the caller's.
///
/// 1. A node tells which points it has reached (``Action/publishSeen(_:)``).
/// 2. The highest point that a quorum names is opened; all nodes read the same statements in the same order, so they open
///    the same one. A node that has reached it cosigns it (``Action/sign(_:)``).
/// 3. A point that a quorum has cosigned is final (``Action/final(_:cosignatures:)``); then the next is opened.
///
/// A block that changes who keeps the ledger is a barrier: nothing after it is named or signed until it is final under the
/// old rule, and everything after it follows the new one.
package struct FinalityMachine: Sendable {
    /// What the caller is to do.
    package enum Action: Sendable, Hashable {
        /// Tell the others that these points are reached.
        case publishSeen([Point])
        /// Record durably that this point is signed, then cosign it and tell the others.
        case sign(Point)
        /// The log is final up to this point, by these cosignatures.
        case final(Point, cosignatures: [NoteSignature])
        /// A quorum has reached this point, and this node something else: roll back what is not final, and catch up.
        case diverged(Point)
        /// This party has signed a point that the ledger does not have: stop, and call people.
        case contradiction(signed: Point)
    }

    private struct Block: Sendable {
        let point: Point
        let changed: NetworkRow?
    }

    private let party: String
    /// Who keeps the ledger after the last final block.
    private(set) var network: NetworkRow
    /// The newest final point; nil before there is one.
    package private(set) var final: Point?
    /// The newest point that this party has signed.
    package private(set) var signed: Point?
    private var blocks: [Block] = []
    /// The founding, while no quorum has cosigned it: it is never taken back.
    private var founding: Block?
    private var seen: [String: [Point]] = [:]
    /// What each party has cosigned lately, in the order in which it was heard. Not only the newest: a node that is behind a
    /// change of the parties needs what made that change final, and hears it after the newest.
    private var cosigned: [String: [(point: Point, signature: NoteSignature)]] = [:]
    /// Final elsewhere, and not reached here yet.
    private var ahead: [Point: [NoteSignature]] = [:]
    private var open: Point?
    private var published: Point?
    private var isSigning = false
    private var hasDiverged = false
    private var isCatchingUp = false
    private var isStopped = false
    /// The cosigner keys that the node has, as verifier keys: it says and signs nothing while the ledger names another.
    private var keys: Set<String>

    /// Points that are final elsewhere and remembered until they are reached here.
    static let mostAhead = 1_024
    /// Most cosignatures of a party that are remembered.
    static let mostCosigned = 64

    /// A machine for a ledger that is final up to `final`, kept by `network`. `signed` is what the party signed last, with
    /// whatever key; `keys` are the cosigner keys that the node has.
    package init(party: String, network: NetworkRow, final: Point?, signed: Point?, keys: Set<String>) {
        self.party = party
        self.network = network
        self.final = final
        self.signed = signed
        self.keys = keys
    }

    /// The node has other keys than before.
    package mutating func have(keys: Set<String>) -> [Action] {
        self.keys = keys
        return step()
    }

    /// Whether the node has the key that the ledger names for its party after the last final block.
    private var canSign: Bool { network.member(party).map { keys.contains($0.cosigner) } ?? false }

    /// Number of blocks that are executed and not final.
    package var waitingBlocks: Int { blocks.count }

    /// The newest point that a quorum has cosigned and this node has not reached; nil if there is none.
    package var farthestAhead: Point? { ahead.keys.max { $0.size < $1.size } }

    /// Where a change of the parties ends that is executed and not final; nil if there is none.
    package var barrier: Point? { blocks.first { $0.changed != nil }?.point }

    /// Whether so many parties have come to something else than this node that no quorum can come of what it has, and it has
    /// signed nothing of that: as after an engine that has shown two orders. Then what was executed may be given up.
    package var isContested: Bool {
        guard let newest = blocks.last?.point.size, let final, signed?.size ?? 0 <= final.size else { return false }
        let others = seen.filter { party, points in
            party != self.party
                && points.contains { point in
                    point.size > final.size && point.size <= newest && !blocks.contains { $0.point == point }
                }
        }
        return !isQuorum(network.members.map(\.party).filter { others[$0] == nil })
    }

    /// Whether a party has cosigned a log of more than `size` leaves.
    package func isPassed(_ size: UInt64) -> Bool { cosigned.values.joined().contains { $0.point.size > size } }

    /// A block was executed and stored. `network` is who keeps the ledger after it.
    package mutating func executed(_ point: Point, network: NetworkRow) -> [Action] {
        let before = blocks.last(where: { $0.changed != nil })?.changed ?? self.network
        blocks.append(Block(point: point, changed: network == before ? nil : network))
        if final == nil, founding == nil { founding = blocks.last }
        return step()
    }

    /// A party says which points it has reached; its signature was checked.
    package mutating func heard(_ statement: SeenStatement) -> [Action] {
        seen[statement.party] = statement.points
        return step()
    }

    /// A party has cosigned a point; the cosignature was checked with the key that ``cosignerKey(of:)`` names. What comes
    /// from this party itself may come from before a restart, or from before the folder was restored.
    package mutating func heard(_ point: Point, cosignedBy party: String, _ signature: NoteSignature) -> [Action] {
        if party == self.party, point.size > signed?.size ?? 0 { signed = point }
        var known = cosigned[party, default: []]
        known.removeAll { $0.point == point }
        known.append((point, signature))
        if known.count > FinalityMachine.mostCosigned { known.removeFirst() }
        cosigned[party] = known
        return step()
    }

    /// The key by which a party's statements are checked now; nil if it is no member.
    package func cosignerKey(of party: String) -> String? { network.member(party)?.cosigner }

    /// The point that was to be signed is recorded and signed; its cosignature comes back through the engine.
    package mutating func didSign(_ point: Point) {
        isSigning = false
        signed = point
    }

    /// The blocks that were not final were taken back. While the node gets blocks from the others it only listens.
    package mutating func rolledBack(catchingUp: Bool) {
        isCatchingUp = catchingUp
        blocks = final == nil ? [founding].compactMap { $0 } : []
        published = nil
        open = nil
        hasDiverged = false
    }

    /// The engine that had the order was lost, and the order goes on after a log of `size` leaves. What the parties had said
    /// was lost with it: this one says once more what it has reached, and what it had signed.
    package mutating func beganAnew(after size: UInt64) -> [Action] {
        blocks.removeAll { $0.point.size > size }
        if final == nil, blocks.isEmpty { blocks = [founding].compactMap { $0 } }
        seen = [:]
        open = nil
        hasDiverged = false
        isCatchingUp = false
        var actions: [Action] = []
        if canSign, !isStopped {
            let points = ([final].compactMap { $0 } + nameable).prefix(SeenStatement.mostPoints)
            published = nameable.last
            if !points.isEmpty { actions.append(.publishSeen(Array(points))) }
            if let signed, signed == final || blocks.contains(where: { $0.point == signed }) {
                isSigning = true
                actions.append(.sign(signed))
            }
        }
        return actions + step()
    }

    /// The node has caught up from others to a point that a quorum has cosigned. Where that is not the end of what they have
    /// (`isEnd` is false) it goes on listening only.
    package mutating func caughtUp(to point: Point, network: NetworkRow, isEnd: Bool) -> [Action] {
        blocks = []
        published = nil
        hasDiverged = false
        isCatchingUp = !isEnd
        self.network = network
        final = point
        forgetOld()
        return step()
    }

    // MARK: Steps

    private mutating func step() -> [Action] {
        var actions: [Action] = []
        if let contradiction = contradiction() { return [contradiction] }
        guard !isStopped, !hasDiverged, !isCatchingUp else { return [] }
        noteFinal()
        while let action = makeFinal() { actions.append(action) }
        if let action = divergence() { return actions + [action] }
        openPoint()
        if let action = signOpen() { actions.append(action) }
        if let action = publish() { actions.append(action) }
        return actions
    }

    private mutating func contradiction() -> Action? {
        guard !isStopped, let signed, let last = blocks.last, last.point.size >= signed.size,
            signed.size > final?.size ?? 0, !blocks.contains(where: { $0.point == signed })
        else { return nil }
        isStopped = true
        return .contradiction(signed: signed)
    }

    private func isQuorum(_ parties: some Collection<String>) -> Bool { network.isQuorum(parties) }

    private mutating func noteFinal() {
        var byPoint: [Point: [String: NoteSignature]] = [:]
        for (party, entries) in cosigned where network.member(party) != nil {
            for entry in entries where entry.point.size > final?.size ?? 0 {
                byPoint[entry.point, default: [:]][party] = entry.signature
            }
        }
        for (point, signatures) in byPoint where isQuorum(signatures.keys) {
            ahead[point] = network.members.compactMap { signatures[$0.party] }
        }
        while ahead.count > FinalityMachine.mostAhead, let first = ahead.keys.min(by: { $0.size < $1.size }) {
            ahead[first] = nil
        }
    }

    private mutating func makeFinal() -> Action? {
        guard let place = blocks.lastIndex(where: { ahead[$0.point] != nil }) else { return nil }
        // A quorum under the old rule cannot make a block final that comes after a change of the rule.
        let barrier = blocks.firstIndex { $0.changed != nil } ?? blocks.count
        guard place <= barrier else {
            guard let earlier = blocks[...barrier].lastIndex(where: { ahead[$0.point] != nil }) else { return nil }
            return makeFinal(at: earlier)
        }
        return makeFinal(at: place)
    }

    private mutating func makeFinal(at place: Int) -> Action? {
        let block = blocks[place]
        guard let cosignatures = ahead[block.point] else { return nil }
        final = block.point
        if let changed = block.changed {
            for member in network.members where changed.member(member.party)?.cosigner != member.cosigner {
                cosigned[member.party] = nil
            }
            network = changed
            // Cosignatures counted under the old rule say nothing under the new one.
            ahead = [:]
        }
        blocks.removeFirst(place + 1)
        forgetOld()
        noteFinal()
        return .final(block.point, cosignatures: cosignatures)
    }

    private mutating func forgetOld() {
        let size = final?.size ?? 0
        ahead = ahead.filter { $0.key.size > size }
        if let open, open.size <= size { self.open = nil }
        for (party, points) in seen {
            seen[party] = network.member(party) == nil ? nil : points.filter { $0.size > size }
        }
        for (party, entries) in cosigned {
            let rest = network.member(party) == nil ? [] : entries.filter { $0.point.size >= size }
            cosigned[party] = rest.isEmpty ? nil : rest
        }
    }

    /// The points that a quorum says it has reached.
    private var supported: [Point] {
        var supporters: [Point: [String]] = [:]
        for (party, points) in seen where network.member(party) != nil {
            for point in points where point.size > final?.size ?? 0 { supporters[point, default: []].append(party) }
        }
        return supporters.filter { isQuorum($0.value) }.map(\.key)
    }

    private mutating func divergence() -> Action? {
        guard let newest = blocks.last?.point.size else { return nil }
        for point in supported + ahead.keys where point.size <= newest {
            guard !blocks.contains(where: { $0.point == point }) else { continue }
            hasDiverged = true
            return .diverged(point)
        }
        return nil
    }

    private mutating func openPoint() {
        let supported = supported
        // What somebody has signed already comes first, so that a node that joins signs the same; and a higher one
        // replaces a lower one, so that all meet.
        let signed = cosigned.values.joined().map(\.point).filter { supported.contains($0) }.max { $0.size < $1.size }
        if let signed, signed.size > open?.size ?? 0 { open = signed }
        if open == nil { open = supported.max { $0.size < $1.size } }
    }

    private mutating func signOpen() -> Action? {
        guard let open, !isSigning, open.size > signed?.size ?? 0, canSign,
            blocks.contains(where: { $0.point == open })
        else { return nil }
        isSigning = true
        return .sign(open)
    }

    private mutating func publish() -> Action? {
        guard canSign else { return nil }
        let points = nameable
        // What was said before still stands: only a further point is worth saying.
        guard let last = points.last, last != published else { return nil }
        published = last
        return .publishSeen(points)
    }

    /// The ends of the first blocks that are not final; none after a change of the parties.
    private var nameable: [Point] {
        var points: [Point] = []
        for block in blocks.prefix(SeenStatement.mostPoints) {
            points.append(block.point)
            if block.changed != nil { break }
        }
        return points
    }
}
