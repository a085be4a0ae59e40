import ContractKit
import LedgerCore
import LedgerSamples
import MerkleLog
import Primitives
import Testing

@testable import Verifier

@Suite("The time of a shared ledger's block is checked")
struct SealTimeTests {
    private static let start = SampleSigner.start

    /// A ledger after a block at `start`, kept by two parties and one that observes, or by one party alone.
    private func machine(shared: Bool, clocks: [String: Instant] = [:]) async -> LedgerMachine {
        let members = ["a", "b", "c"].map { NetworkRow.Member(party: $0, cosigner: "k", observes: $0 == "c") }
        var writer = JSONWriter()
        writer.object {
            NetworkRow(members: members, groups: [.init(name: "all", needed: 2, members: ["a", "b"])]).write(to: &$0)
        }
        let rows: [StateChange] = shared ? [(Array("ledger/network/current".utf8), writer.bytes)] : []
        return LedgerMachine(
            origin: SampleSigner.origin, catalog: SampleSigner.catalog, restored: await .from(rows), log: MerkleTree(),
            lastSeal: seal(height: 4, time: Self.start, proposer: "a", clock: nil), clocks: clocks)
    }

    private func seal(height: UInt64 = 5, time: Instant, proposer: String = "a", clock: Instant?) -> Seal {
        Seal(
            height: height, time: time, previous: .zero, firstEntry: 0, entryCount: 0, state: .zero, position: 9,
            proposer: proposer, clock: clock)
    }

    private func check(_ seal: Seal, _ machine: LedgerMachine) -> String? {
        do {
            try SealTime.check(seal, before: machine)
            return nil
        } catch {
            return (error as? AuditFailure)?.check
        }
    }

    private func after(_ milliseconds: Int64) -> Instant { Self.start.advanced(byMilliseconds: milliseconds) }

    @Test("A clock stands there exactly where several parties keep the ledger")
    func presence() async {
        let alone = await machine(shared: false)
        let shared = await machine(shared: true)
        #expect(check(seal(time: after(5), clock: nil), alone) == nil)
        #expect(check(seal(time: after(5), clock: after(5)), alone) == "audit.clock")
        #expect(check(seal(time: after(5), clock: nil), shared) == "audit.clock")
        #expect(check(seal(time: after(5), clock: after(5)), shared) == nil)
    }

    @Test("The time is what the rule makes of the clock and the latest clock of another party")
    func rule() async {
        // Nobody else has told a clock yet: the last block's time stands for it.
        let first = await machine(shared: true)
        #expect(check(seal(time: after(60_000), clock: after(3_600_000)), first) == nil)
        #expect(check(seal(time: after(60_001), clock: after(3_600_000)), first) == "audit.time")
        let known = await machine(shared: true, clocks: ["b": after(10_000), "a": after(500_000)])
        #expect(check(seal(time: after(70_000), clock: after(3_600_000)), known) == nil)
        #expect(check(seal(time: after(60_000), clock: after(3_600_000)), known) == "audit.time")
        #expect(check(seal(time: after(3_600_000), clock: after(3_600_000)), known) == "audit.time")
        // A clock that is behind: a millisecond after the last block, and nothing else.
        #expect(check(seal(time: after(1), clock: after(-9_000)), known) == nil)
        #expect(check(seal(time: after(2), clock: after(-9_000)), known) == "audit.time")
        // The other party's own clock does not count for it, this one's does.
        #expect(check(seal(time: after(560_000), proposer: "b", clock: after(3_600_000)), known) == nil)
    }

    @Test("Only a party that may order proposes")
    func proposer() async {
        let shared = await machine(shared: true)
        for stranger in ["c", "d"] {
            #expect(check(seal(time: after(5), proposer: stranger, clock: after(5)), shared) == "audit.proposer")
        }
    }
}
