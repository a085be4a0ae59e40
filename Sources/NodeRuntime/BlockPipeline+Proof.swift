import Finality
import LedgerCore
import Primitives
import Storage

/// Proofs about the state, for whoever asks the node.
extension BlockPipeline {
    /// What the state holds at `key` after the last stored block, with its proof, once that block is final. Between two
    /// blocks the tree over the state, the state and the last seal belong together, and only this actor knows when that is.
    func prove(_ key: [UInt8]) async throws -> StateAnswer? {
        if let failure { throw failure }
        guard let seal = replica.machine.lastSeal else { return nil }
        let value = replica.machine.state.read(key)
        let proof = replica.machine.stateTree.prove(key)
        for _ in 0..<100 {
            if let notice = parts.hub.latest, notice.height >= seal.height {
                return StateAnswer(key: key, value: value, proof: proof, seal: seal, checkpoint: notice.checkpoint)
            }
            try? await Task.sleep(for: .milliseconds(20))
        }
        throw NodeError(
            "node.notFinal", "the newest block is not final yet", help: "ask again when the other parties are reached")
    }
}
