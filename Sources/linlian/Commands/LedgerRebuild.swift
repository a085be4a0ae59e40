import ContractKit
import Foundation
import LedgerCore
import MerkleLog
import NodeRuntime
import Primitives
import Storage
import Verifier

/// Puts a sound ledger in the place of a damaged one, and keeps what was there.
struct LedgerRebuild {
    /// The node's folder.
    let data: String
    /// Whose signatures a peer's log needs; nil takes the folder's own policy.
    let policyFile: String?

    private var damaged: NodeDirectory { NodeDirectory(data) }

    /// The policy file in use.
    var trustedPolicy: String { policyFile ?? damaged.policyFile }

    /// Puts a folder of `linlian backup` in place, once all of it has been checked.
    func run(fromBackup backup: String) async throws {
        _ = try await FolderAudit(directory: NodeDirectory(backup), policy: nil).run()
        let kept = Kept(damaged)
        try setAside()
        try FileManager.default.copyItem(atPath: backup, toPath: data)
        let store = try LedgerStore(path: damaged.ledgerFile)
        defer { try? store.close() }
        try kept.hand(to: store)
    }

    /// Writes a new ledger beside the damaged one while the export is checked, and changes places only if all of it holds.
    ///
    /// Where one party keeps the ledger its checkpoints are signed anew with its own keys: for the same sizes and roots, so
    /// nothing forks. Where several do, nothing is signed: the others' checkpoint stands.
    func run(fromExport export: String) async throws {
        let signer = try damaged.signer()
        try await replace { fresh in
            let store = try LedgerStore(path: fresh.ledgerFile)
            defer { try? store.close() }
            var isShared = false
            var height: UInt64 = 0
            var audit = ExportAudit(folder: export, policyFile: trustedPolicy)
            audit.onBlock = { block, machine in
                isShared = machine.network != nil
                height = block.seal.height
                let head = try signer.checkpoint(size: block.size, root: block.root, at: block.seal.time)
                try store.append(block, checkpoint: isShared ? head.checkpoint.text : head.bytes)
            }
            _ = try await audit.run()
            if isShared, let head = FileManager.default.contents(atPath: export + "/checkpoint") {
                try store.finalize(height: height, checkpoint: [UInt8](head))
            }
        }
    }

    /// Copies the log and the snapshot of the state of a running node or an archive, and changes places only if they fit
    /// together and the checkpoint is cosigned as the policy asks, and as the ledger itself does.
    @discardableResult
    func run(_ join: LedgerJoin) async throws -> LedgerJoin.Copy {
        let trusted = try PolicyFiles.read(trustedPolicy)
        var copy: LedgerJoin.Copy?
        try await replace { fresh in
            do {
                copy = try await join.run(into: fresh, policy: trusted)
            } catch let error as PolicyError {
                throw AuditFailure(
                    at: "checkpoint", check: error.code, expected: "the policy's signatures", found: "\(error)")
            }
            let machine = try await fresh.checkCopy(LocalNode.catalog)
            let store = try fresh.openLedger()
            defer { try? store.close() }
            guard let last = try store.lastBlock() else { throw JoinFault.noCheckpoint }
            let own = try await StoredLedger(fresh, store: store, catalog: LocalNode.catalog)
                .policy(of: last, after: machine)
            try PolicyCheck.require(own, try SignedCheckpoint(parsing: last.checkpoint), at: "checkpoint")
            if machine.network == nil { try sign(store, before: last.height, try damaged.signer()) }
        }
        guard let copy else { throw JoinFault.noCheckpoint }
        return copy
    }

    /// Where one party keeps the ledger every block has a signed checkpoint: those before the last are signed anew with its
    /// own keys, for the sizes and roots of a log whose end is signed.
    private func sign(_ store: LedgerStore, before height: UInt64, _ signer: NodeSigner) throws {
        var top = height
        while top > 0 {
            let rows = try store.blocks(upTo: top - 1, count: 1_000)
            guard let lowest = rows.last else { return }
            try store.replaceCheckpoints(
                try rows.map { row in
                    guard let head = row.head else {
                        throw StorageError("storage.block", "the checkpoint of block \(row.height) cannot be read")
                    }
                    return (row.height, try signer.checkpoint(size: row.size, root: head.root, at: row.time).bytes)
                })
            top = lowest.height
        }
    }

    /// Has `fill` write a ledger into a folder beside the damaged one, which takes its place if nothing is thrown.
    private func replace(_ fill: (NodeDirectory) async throws -> Void) async throws {
        let fresh = NodeDirectory(data + ".restoring")
        let files = FileManager.default
        try? files.removeItem(atPath: fresh.path)
        try files.createDirectory(
            atPath: fresh.path, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
        do {
            for name in NodeDirectory.besideLedger + ["content.sqlite"]
            where files.fileExists(atPath: damaged.file(name)) {
                // The new ledger holds every leaf itself.
                if name != "archive.json" { try files.copyItem(atPath: damaged.file(name), toPath: fresh.file(name)) }
            }
            try await fill(fresh)
            let store = try LedgerStore(path: fresh.ledgerFile)
            defer { try? store.close() }
            try Kept(damaged).hand(to: store)
        } catch {
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

    /// What only the damaged folder knows, as far as it can still be read: what this party has signed last, so that it never
    /// signs otherwise, and transactions that it had promised to hand on.
    private struct Kept {
        private var signed: (size: UInt64, root: Digest)?
        private var outgoing: [(id: Digest, text: [UInt8])] = []

        init(_ damaged: NodeDirectory) {
            guard FileManager.default.fileExists(atPath: damaged.ledgerFile),
                let store = try? LedgerStore(path: damaged.ledgerFile)
            else { return }
            signed = try? store.signed()
            outgoing = (try? store.outgoing()) ?? []
            try? store.close()
        }

        func hand(to store: LedgerStore) throws {
            if let signed, signed.size > (try store.signed()?.size ?? 0) {
                try store.recordSigned(size: signed.size, root: signed.root)
            }
            try store.keepOutgoing(outgoing)
        }
    }
}
