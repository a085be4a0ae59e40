import Foundation
import MerkleLog
import NodeRuntime
import Verifier

/// Brings a node back from its archive alone, a folder or an object store.
struct ArchiveRestore {
    let rebuild: LedgerRebuild
    let archive: any ArchiveStore

    /// Puts the log in place, with the state from the newest snapshot: both are held to what the parties have cosigned, and
    /// only what came after the snapshot is executed.
    func run() async throws {
        let progress = ProgressBar("restore", total: 1_000)
        let join = LedgerJoin(archive: archive) { progress.reach(Int($0 * 1_000 / max(1, $1))) }
        let copy: LedgerJoin.Copy
        do {
            copy = try await rebuild.run(join)
        } catch let fault as JoinFault {
            // Not silently the long way: that an archive was changed is for its owner to know, and to decide about.
            let way = fault.isOfSnapshot ? "; --replay needs no snapshot and works the state out from the log" : ""
            throw Complaint("nothing was changed: the archive \(archive.name) does not hold: \(fault)\(way)")
        }
        progress.finish()
        let state =
            copy.snapshot.map {
                "the state of block \($0) taken from its snapshot, \(copy.height - $0) blocks after it executed"
            }
            ?? "no snapshot there: all \(copy.height + 1) blocks executed"
        print("restored: \(copy.leaves) leaves, checked against the cosigned checkpoint; \(state)")
    }

    /// Checks every signature and executes everything.
    func replay() async throws {
        try await LogDownload(archive).run(policyFile: rebuild.trustedPolicy) { try await rebuild.run(fromExport: $0) }
    }
}

extension LogDownload {
    /// From an archive.
    fileprivate init(_ archive: any ArchiveStore) {
        let reading = ArchiveFetch(archive)
        self.init { path in
            guard let bytes = try await reading.find(path, limit: LogDownload.largest) else {
                throw AuditFailure(at: path, check: "archive.missing", expected: "a file", found: "nothing")
            }
            return bytes
        }
    }
}
