import ContractKit
import LedgerCore
import Primitives

/// Checks what a seal of a shared ledger says about its proposer: a party that may order, a clock, and the time that the
/// rule makes of it (`ledger.md`, Leaves; `docs/decisions/013-seal-clock.md`).
enum SealTime {
    /// `machine` is the ledger before the block.
    static func check(_ seal: Seal, before machine: LedgerMachine) throws {
        let place = "leaf \(seal.index) (seal of block \(seal.height))"
        guard let network = machine.network else {
            guard seal.clock == nil else {
                throw AuditFailure(
                    at: place, check: "audit.clock", expected: "no clock where one party keeps the ledger",
                    found: "a clock")
            }
            return
        }
        guard let clock = seal.clock else {
            throw AuditFailure(
                at: place, check: "audit.clock",
                expected: "the proposer's clock, where several parties keep the ledger",
                found: "none")
        }
        guard let member = network.member(seal.proposer), !member.observes else {
            throw AuditFailure(
                at: place, check: "audit.proposer", expected: "a party that may order", found: seal.proposer)
        }
        let other = machine.latestClock(besides: seal.proposer, in: network)
        let time = machine.blockTime(clock: clock, otherClock: other)
        guard seal.time == time else {
            throw AuditFailure(
                at: place, check: "audit.time",
                expected: "\(time.milliseconds), from the clock \(clock.milliseconds) and the latest other clock "
                    + "\(other.map { "\($0.milliseconds)" } ?? "(none)")",
                found: "\(seal.time.milliseconds)")
        }
    }
}
