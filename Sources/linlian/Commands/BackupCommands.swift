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
        let store = try LedgerStore(path: directory.ledgerFile)
        try store.backup(to: target.ledgerFile)
        try AttachmentStore(path: directory.contentFile).backup(to: target.contentFile)
        for name in ["node.json", "policy", "keys"] where FileManager.default.fileExists(atPath: directory.file(name)) {
            try FileManager.default.copyItem(atPath: directory.file(name), toPath: target.file(name))
        }
        print("backup of \(try store.leafCount()) leaves in \(out); check it with: linlian verify --data \(out)")
    }
}

/// `linlian restore`: puts a checked backup in place, or rebuilds the state from the log.
struct RestoreCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "restore", abstract: "Put a backup in place after checking it, or rebuild the state from the log.")

    @Option(name: .customLong("data"), help: "The node's folder. What it held is kept beside it as DIR.damaged.")
    var data: String

    @Option(help: "A folder that `linlian backup` wrote.")
    var from: String?

    @Flag(help: "Throw the state's snapshot and the read models away and replay the log.")
    var rebuildState = false

    func validate() throws {
        guard (from != nil) != rebuildState else {
            throw ValidationError("give either --from FOLDER or --rebuild-state")
        }
    }

    func run() async throws {
        let files = FileManager.default
        if let from {
            _ = try await FolderAudit(directory: NodeDirectory(from), policy: nil).run()
            if files.fileExists(atPath: data) {
                var aside = data + ".damaged"
                var number = 1
                while files.fileExists(atPath: aside) {
                    number += 1
                    aside = data + ".damaged-\(number)"
                }
                try files.moveItem(atPath: data, toPath: aside)
                print("what was there is kept in \(aside)")
            }
            try files.copyItem(atPath: from, toPath: data)
        } else {
            let directory = NodeDirectory(data)
            _ = try directory.identity()
            for file in [directory.stateFile, directory.readFile] {
                for suffix in ["", "-wal", "-shm"] where files.fileExists(atPath: file + suffix) {
                    try files.removeItem(atPath: file + suffix)
                }
            }
        }
        let size = try await LocalNode.run(NodeDirectory(data)) { try $0.store.leafCount() }
        print("restored: \(size) leaves, checked")
    }
}
