import ArgumentParser
import Foundation
import NodeRuntime

/// `linlian restore`: brings a damaged node back from a backup, from a peer's public log, or from its own log.
struct RestoreCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "restore",
        abstract: "Bring a node back from a backup, its archive, a peer's public log, or its own log.",
        discussion: """
            Whatever is put in place is checked first: every signature, every rule, every root. What the folder held is \
            kept beside it as DIR.damaged. A peer's log or an archive has no attachments and no keys: these are taken from the \
            folder. From an archive every leaf is held to the root that the parties have cosigned, and the state's snapshot \
            to the root in its seal, as in `linlian network rejoin`; what they vouch for is not worked out again, unless \
            --replay asks for it. A snapshot that was changed is refused, and nothing is replayed unasked.
            """)

    @Option(name: .customLong("data"), help: "The node's folder.")
    var data: String

    @Option(help: "A folder that `linlian backup` wrote.")
    var from: String?

    @Option(help: "A folder that `linlian export` wrote, here or at a peer.")
    var fromExport: String?

    @Option(help: "The node's archive: a folder, or s3://BUCKET/PREFIX.")
    var fromArchive: String?

    @OptionGroup var objectStore: ObjectStoreOptions

    @Option(help: "The address of a running peer, such as https://linli.example.org.")
    var fromURL: String?

    @Option(help: "The policy file by which a peer's log must hold. Default: the one in the folder.")
    var policy: String?

    @Flag(help: "With --from-archive: take no snapshot, check every signature and execute every transaction.")
    var replay = false

    @Flag(help: "Throw the state's snapshot and the read models away and replay the log.")
    var rebuildState = false

    func validate() throws {
        let ways = [from, fromExport, fromArchive, fromURL].compactMap { $0 }.count + (rebuildState ? 1 : 0)
        guard ways == 1 else {
            throw ValidationError(
                "give one of --from FOLDER, --from-export FOLDER, --from-archive FOLDER | s3://BUCKET/PREFIX, "
                    + "--from-url URL, --rebuild-state")
        }
        guard fromArchive != nil || !replay && !objectStore.areGiven else {
            throw ValidationError("--replay and an object store's options are for --from-archive")
        }
    }

    func run() async throws {
        let rebuild = LedgerRebuild(data: data, policyFile: policy)
        if let from {
            try await rebuild.run(fromBackup: from)
        } else if let fromExport {
            try await rebuild.run(fromExport: fromExport)
        } else if let fromArchive {
            let restore = ArchiveRestore(rebuild: rebuild, archive: try archive(fromArchive))
            guard replay else { return try await restore.run() }
            try await restore.replay()
        } else if let fromURL {
            try await LogDownload(address: fromURL).run(policyFile: rebuild.trustedPolicy) {
                try await rebuild.run(fromExport: $0)
            }
        } else {
            try forgetState()
        }
        let size = try await NodeDirectory(data).checkLedger(LocalNode.catalog)
        print("restored: \(size) leaves, checked")
    }

    /// The archive; what the command line does not say of an object store is as in the folder's `archive.json`.
    private func archive(_ place: String) throws -> any ArchiveStore {
        let directory = NodeDirectory(data)
        let file = try objectStore.file(place, option: "--from-archive", try? directory.archive())
        return try directory.open(file, for: .moving)
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
