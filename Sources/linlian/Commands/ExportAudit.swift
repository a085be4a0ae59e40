import Foundation
import LedgerCore
import MerkleLog
import NodeRuntime
import Primitives
import Verifier

/// Checks an exported folder: the log, its tiles and its checkpoint.
struct ExportAudit {
    let folder: String
    let policyFile: String?
    /// Called with each replayed block, in order, and the ledger after it.
    var onBlock: (ExecutedBlock, LedgerMachine) throws -> Void = { _, _ in }

    func run() async throws -> LedgerAudit.Report {
        guard let data = FileManager.default.contents(atPath: folder + "/checkpoint") else {
            throw Complaint("\(folder)/checkpoint cannot be read; is this a folder that `linlian export` wrote?")
        }
        let head: SignedCheckpoint
        do {
            head = try SignedCheckpoint(parsing: [UInt8](data))
        } catch {
            throw AuditFailure(at: "checkpoint", check: error.code, expected: "a signed checkpoint", found: "\(error)")
        }
        let trusted = try PolicyFiles.read(policyFile ?? folder + "/policy")
        try PolicyCheck.require(trusted, head, at: "checkpoint")
        let size = head.checkpoint.size
        let progress = ProgressBar("verify", total: Int(size))
        var observer = LedgerAudit.Observer()
        observer.progress = { progress.reach(Int($0)) }
        var keepers = Keepers()
        observer.afterBlock = { block, machine in
            keepers.follow(machine)
            for tile in block.tiles { try check(tile) }
            try onBlock(block, machine)
        }
        let report = try await LedgerAudit(
            origin: head.checkpoint.origin.string, catalog: LocalNode.catalog,
            workers: ProcessInfo.processInfo.activeProcessorCount
        ).run(ExportedLog(folder: folder, size: size), size: size, observer: observer)
        guard report.root == head.checkpoint.root else {
            throw AuditFailure(
                at: "checkpoint", check: "audit.checkpoint", expected: report.root.hex, found: head.checkpoint.root.hex)
        }
        if let log = trusted.logs.first(where: { $0.key.name.text == head.checkpoint.origin })?.key {
            // The file may be older than the parties that the ledger itself names: their word is needed too.
            try keepers.require(head, log: log, at: "checkpoint")
        }
        progress.finish()
        return report
    }

    private func check(_ tile: CompletedTile) throws {
        let name = TilePath.tile(level: tile.coordinate.level, index: tile.coordinate.index, width: Tiles.width).text
        let found = FileManager.default.contents(atPath: folder + "/" + name)
        guard found.map([UInt8].init) == tile.bytes else {
            throw AuditFailure(
                at: name, check: "audit.tile", expected: "the hashes of the leaves below it",
                found: found == nil ? "no file" : "other hashes")
        }
    }
}
