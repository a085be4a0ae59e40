import ArgumentParser
import Foundation
import LedgerCore
import NodeRuntime
import Primitives
import Storage

/// `linlian backup`: a consistent copy of a node's folder, also while it runs.
struct BackupCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "backup", abstract: "Copy a node's folder consistently, also while the node runs.",
        discussion: "The copy holds the node's secret keys: keep it as safe as the folder itself.")

    @OptionGroup var data: DataOption

    @Option(help: "The folder to write; it must not exist.")
    var out: String

    func run() throws {
        let directory = try data.directory()
        let target = NodeDirectory(out)
        guard !FileManager.default.fileExists(atPath: out) else { throw Complaint("--out: \(out) exists already") }
        try FileManager.default.createDirectory(
            atPath: out, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
        // The snapshot first: it may be behind the log, never ahead of it.
        let snapshots = try SnapshotStore(path: directory.stateFile)
        try snapshots.backup(to: target.stateFile)
        try snapshots.close()
        let store = try directory.openLedger()
        try store.backup(to: target.ledgerFile)
        try AttachmentStore(path: directory.contentFile).backup(to: target.contentFile)
        for name in NodeDirectory.besideLedger where FileManager.default.fileExists(atPath: directory.file(name)) {
            try FileManager.default.copyItem(atPath: directory.file(name), toPath: target.file(name))
        }
        print("backup of \(try store.leafCount()) leaves in \(out); check it with: linlian verify --data \(out)")
    }
}
