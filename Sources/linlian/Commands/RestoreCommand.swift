import ArgumentParser
import Foundation
import LedgerCore
import MerkleLog
import NodeRuntime
import Primitives
import Storage

/// `linlian restore`: brings a damaged node back from a backup, from a peer's public log, or from its own log.
struct RestoreCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "restore", abstract: "Bring a node back from a backup, a peer's public log, or its own log.",
        discussion: """
            Whatever is put in place is checked first: every signature, every rule, every root. What the folder held is \
            kept beside it as DIR.damaged. A peer's log has no attachments and no keys: these are taken from the folder.
            """)

    @Option(name: .customLong("data"), help: "The node's folder.")
    var data: String

    @Option(help: "A folder that `linlian backup` wrote.")
    var from: String?

    @Option(help: "A folder that `linlian export` wrote, here or at a peer.")
    var fromExport: String?

    @Option(help: "The address of a running peer, such as https://linli.example.org.")
    var fromURL: String?

    @Flag(help: "Throw the state's snapshot and the read models away and replay the log.")
    var rebuildState = false

    func validate() throws {
        let ways = [from, fromExport, fromURL].compactMap { $0 }.count + (rebuildState ? 1 : 0)
        guard ways == 1 else {
            throw ValidationError("give one of --from FOLDER, --from-export FOLDER, --from-url URL, --rebuild-state")
        }
    }

    func run() async throws {
        if let from {
            _ = try await FolderAudit(directory: NodeDirectory(from), policy: nil).run()
            try setAside()
            try FileManager.default.copyItem(atPath: from, toPath: data)
        } else if let fromExport {
            try await rebuild(from: fromExport)
        } else if let fromURL {
            let policy = NodeDirectory(data).policyFile
            try await URLAudit(address: fromURL, policyFile: policy).withDownload { try await rebuild(from: $0) }
        } else {
            try forgetState()
        }
        let size = try await LocalNode.run(NodeDirectory(data)) { try $0.store.leafCount() }
        print("restored: \(size) leaves, checked")
    }

    /// Writes a new ledger beside the damaged one while the export is checked, and changes places only if all of it
    /// holds. Checkpoints are signed anew with the node's own keys: for the same sizes and roots, so nothing forks.
    private func rebuild(from export: String) async throws {
        let damaged = NodeDirectory(data)
        let signer = try damaged.signer()
        let fresh = NodeDirectory(data + ".restoring")
        let files = FileManager.default
        try? files.removeItem(atPath: fresh.path)
        try files.createDirectory(
            atPath: fresh.path, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
        for name in ["node.json", "policy", "keys", "content.sqlite"] where files.fileExists(atPath: damaged.file(name))
        {
            try files.copyItem(atPath: damaged.file(name), toPath: fresh.file(name))
        }
        let store = try LedgerStore(path: fresh.ledgerFile)
        do {
            var audit = ExportAudit(folder: export, policyFile: damaged.policyFile)
            audit.onBlock = { block in
                let head = try signer.checkpoint(size: block.size, root: block.root, at: block.seal.time)
                try store.append(block, checkpoint: head.bytes)
            }
            _ = try await audit.run()
            try store.close()
        } catch {
            try? store.close()
            try? files.removeItem(atPath: fresh.path)
            throw error
        }
        try setAside()
        try files.moveItem(atPath: fresh.path, toPath: data)
    }

    private func setAside() throws {
        let files = FileManager.default
        guard files.fileExists(atPath: data) else { return }
        var aside = data + ".damaged"
        var number = 1
        while files.fileExists(atPath: aside) {
            number += 1
            aside = data + ".damaged-\(number)"
        }
        try files.moveItem(atPath: data, toPath: aside)
        print("what was there is kept in \(aside)")
    }

    private func forgetState() throws {
        let directory = NodeDirectory(data)
        _ = try directory.identity()
        for file in [directory.stateFile, directory.readFile] {
            for suffix in ["", "-wal", "-shm"] where FileManager.default.fileExists(atPath: file + suffix) {
                try FileManager.default.removeItem(atPath: file + suffix)
            }
        }
    }
}
