import Finality
import Foundation
import LedgerCore
import Ordering
import Primitives

/// Says how this node is: to its own pages at any time, and to the other parties every few seconds.
struct StatusReporter: Sendable {
    /// How often the others are told, in ms; sooner when something has changed that people must know.
    static let interval: Int64 = 5_000

    let directory: NodeDirectory
    let party: String
    let origin: String
    let hub: BlockHub
    let board: HealthBoard
    let sender: StatementSender
    let certificates: CertificateDates
    let clock: @Sendable () -> Instant
    let executedBlocks: @Sendable () async -> UInt64
    /// Signs what is told; nil while the party has no part in the ledger, or its key is not here.
    let signer: @Sendable () async -> NodeSigner?

    /// How the node is now.
    func status() async -> StatusStatement {
        let final = hub.latest.map { $0.height + 1 } ?? 0
        return StatusStatement(
            party: party, clock: clock(), executed: max(final, await executedBlocks()), final: final,
            diskFree: StatusReporter.bytesFree(at: directory.path) ?? 0, certificateEnd: certificates.soonestEnd(),
            isEngineReached: board.isEngineReached, faults: UInt64(board.faults.count),
            version: SoftwareVersion.current)
    }

    /// Tells the others until the task is cancelled. Where one party keeps the ledger alone there is nobody to tell.
    @concurrent
    func run() async {
        var lastTold = Instant(milliseconds: 0)
        var lastAlarms = ""
        while !Task.isCancelled {
            let alarms = "\(board.isEngineReached) \(board.faults.count)"
            let isDue = clock() >= lastTold.advanced(byMilliseconds: StatusReporter.interval) || clock() < lastTold
            if isDue || alarms != lastAlarms, let signer = await signer() {
                let status = await status()
                if let text = try? status.text(origin: origin, sign: { try signer.sign(lines: $0) }) {
                    sender.send(Statement(kind: .status, party: party, text: text))
                }
                lastTold = clock()
                lastAlarms = alarms
            }
            try? await Task.sleep(for: .seconds(1))
        }
    }

    /// Bytes free on the disk with this folder; nil where nobody knows.
    static func bytesFree(at path: String) -> UInt64? {
        let found = try? FileManager.default.attributesOfFileSystem(forPath: path)[.systemFreeSize] as? NSNumber
        return found.map { UInt64(clamping: $0.int64Value) }
    }
}
