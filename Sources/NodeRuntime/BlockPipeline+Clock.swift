import ContractKit
import Finality
import LedgerCore
import Ordering
import Primitives

/// Keeping block time near the clocks of several parties (`ledger.md`, Leaves).
extension BlockPipeline {
    /// A block's time is at most a minute after the latest clock of another party. On a quiet ledger that clock is old, and
    /// a block would get a time long past: an empty batch asks the others for theirs first. If nobody answers, nobody
    /// could make the block final either.
    func freshenClocks() async {
        guard let network = replica.machine.network, network.members.count > 1, !isClockFresh else { return }
        do {
            try await parts.engine.submit(try batch([], 0))
        } catch {
            return
        }
        for _ in 0..<50 where !isClockFresh { try? await Task.sleep(for: .milliseconds(20)) }
    }

    var isClockFresh: Bool {
        guard let network = replica.machine.network,
            let clock = replica.machine.latestClock(besides: parts.signer.party, in: network)
        else { return true }
        return clock.advanced(byMilliseconds: Instant.minute / 2) > parts.clock()
    }

    /// Another party's block got a time before its proposer's clock, because the clocks of the others are old: this node
    /// makes its own known.
    func wantClock(after seal: Seal) {
        guard let clock = seal.clock, seal.proposer != parts.signer.party, refusal == nil, seal.time < clock,
            parts.clock() > seal.time.advanced(byMilliseconds: Instant.minute / 2)
        else { return }
        clockWanted = true
    }
}
