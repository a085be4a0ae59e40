import LedgerCore
import Logging
import Ordering
import Primitives
import Storage

/// What the block pipeline works with.
struct PipelineParts: Sendable {
    let store: LedgerStore
    let snapshots: SnapshotWriter
    let engine: any OrderingEngine
    /// The engine's order that the ledger on disk comes from, and the position after which it began.
    let order: (name: OrderName, start: UInt64)
    let sender: StatementSender
    let outbox: Outbox
    let board: HealthBoard
    let evidence: EvidenceFolder
    let receipts: LedgerTiles
    let peers: (any BlockSource)?
    /// Takes what this node may put up no more to the others.
    let relay: PeerClient?
    let admission: Admission
    /// The signer of the log's checkpoints; what the party signs, and with which key, is for the replica to say.
    let signer: NodeSigner
    let keys: CosignerKeys
    let keyFiles: CosignerKeyFiles
    /// Why this node never puts up batches, whoever keeps the ledger; nil where it may.
    let refusal: NodeError?
    let clock: @Sendable () -> Instant
    /// Bytes free on the disk with the node's folder; nil where nobody knows.
    let bytesFree: @Sendable () -> UInt64?
    let logger: Logger
    let hub: BlockHub
    let times: StageTimes
}

/// Where a node that lacks blocks gets them.
protocol BlockSource: Sendable {
    /// Brings the pipeline's replica to the newest checkpoint that a quorum has cosigned and that can be had; false if none
    /// further than its own could be.
    func catchUp(_ pipeline: BlockPipeline) async throws -> Bool

    /// Brings the pipeline's replica nearer to where an order begins anew, if anybody can: what is final elsewhere first,
    /// then what others have executed.
    func reach(_ start: OrderStart, _ pipeline: BlockPipeline) async throws
}

/// Checks another party's transactions again, on all cores.
struct Rechecking: Sendable {
    private let admission: Admission
    private static let chunk = 64

    init(_ admission: Admission) { self.admission = admission }

    /// The transactions that may stand on the ledger, nil for others, in order.
    @concurrent
    func check(_ texts: [[UInt8]]) async -> [(transaction: Transaction, isChecked: Bool)?] {
        let admission = admission
        guard texts.count > Rechecking.chunk else { return texts.map { admission.recheck($0) } }
        return await withTaskGroup(of: (Int, [(transaction: Transaction, isChecked: Bool)?]).self) { group in
            for (number, start) in stride(from: 0, to: texts.count, by: Rechecking.chunk).enumerated() {
                let part = texts[start..<min(start + Rechecking.chunk, texts.count)]
                group.addTask { (number, part.map { admission.recheck($0) }) }
            }
            var parts: [[(transaction: Transaction, isChecked: Bool)?]] = Array(
                repeating: [], count: (texts.count + Rechecking.chunk - 1) / Rechecking.chunk)
            for await (number, part) in group { parts[number] = part }
            return parts.flatMap { $0 }
        }
    }
}
