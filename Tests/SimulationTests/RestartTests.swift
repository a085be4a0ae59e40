import Foundation
import LedgerCore
import LedgerSamples
import NodeRuntime
import Primitives
import Storage
import Testing

@Suite("A node that is started again", .serialized)
struct RestartTests {
    private func copy(_ file: String, to target: String) throws {
        for suffix in ["", "-wal", "-shm"] {
            try? FileManager.default.removeItem(atPath: target + suffix)
            if FileManager.default.fileExists(atPath: file + suffix) {
                try FileManager.default.copyItem(atPath: file + suffix, toPath: target + suffix)
            }
        }
    }

    private func remove(_ file: String) {
        for suffix in ["", "-wal", "-shm"] { try? FileManager.default.removeItem(atPath: file + suffix) }
    }

    /// A completed tile was once stored a second time by the first block after a restart, which failed.
    @Test("Restarts before, at and after the ends of tiles store each tile once", arguments: [true, false])
    func tiles(withSnapshot: Bool) async throws {
        let folder = try CrashFolder()
        var run = 0
        var size: UInt64 = 0
        while size < 800 {
            if !withSnapshot { remove(folder.directory.stateFile) }
            let before = size
            size = try await folder.open { node in
                #expect(try node.store.leafCount() == before)
                try await folder.submit(run, groups: 17, to: node)
                return try node.store.leafCount()
            }
            run += 1
        }
        #expect(run > 8)
        try await folder.open { node in
            #expect(try node.store.tile(level: 0, index: 2) != nil)
            try await folder.check(node, "\(run) restarts")
        }
    }

    @Test("Restarts at every size around the end of a tile")
    func everySize() async throws {
        let folder = try CrashFolder()
        try await folder.open { try await folder.submit(0, groups: 54, to: $0) }
        var signer = SampleSigner(first: 5_000_000)
        let key = try SampleSigner.key(1)
        var size: UInt64 = 0
        var sizes: [UInt64] = []
        while size < 262 {
            size = try await folder.open { node in
                let text = try signer.sign(Post(id: "s\(sizes.count)", title: "t"), by: [key])
                _ = try await node.submit([text])
                return try node.store.leafCount()
            }
            sizes.append(size)
        }
        #expect(sizes.contains { $0 < 256 } && sizes.contains { $0 > 256 })
        try await folder.open { try await folder.check($0, "sizes \(sizes)") }
    }

    @Test("A snapshot far behind, none, and one of a log that is gone: the state is the same")
    func snapshots() async throws {
        let folder = try CrashFolder()
        let files = folder.directory
        let aside = files.file("aside")
        try await folder.open { try await folder.submit(0, groups: 20, to: $0) }
        try copy(files.stateFile, to: aside + ".state")
        try copy(files.ledgerFile, to: aside + ".ledger")
        for run in 1..<6 { try await folder.open { try await folder.submit(run, groups: 40, to: $0) } }
        let root = try await folder.open { $0.stateTree.root }

        try copy(aside + ".state", to: files.stateFile)
        try await folder.open { node in
            #expect(node.stateTree.root == root)
            try await folder.check(node, "snapshot far behind")
            try await folder.submit(6, groups: 5, to: node)
        }
        try await folder.open { try await folder.check($0, "after a snapshot far behind") }
        let grown = try await folder.open { $0.stateTree.root }

        remove(files.stateFile)
        try await folder.open { node in
            #expect(node.stateTree.root == grown)
            try await folder.submit(7, groups: 5, to: node)
        }
        try await folder.open { try await folder.check($0, "after no snapshot") }

        // An older copy of the log under a newer snapshot: the log is the truth.
        try copy(aside + ".ledger", to: files.ledgerFile)
        let older = try await folder.open { node in
            try await folder.submit(0, groups: 20, to: node)
            return (try node.store.leafCount(), node.stateTree.root)
        }
        let same = try await folder.open { (try $0.store.leafCount(), $0.stateTree.root) }
        #expect(older == same)
    }

    /// A node's followers once waited for ever when it was stopped before they had come.
    @Test(
        "A node that is stopped as soon as it runs ends, and answers or refuses what it was given",
        .timeLimit(.minutes(3)))
    func stopsAtOnce() async throws {
        let folder = try CrashFolder()
        try await folder.open { try await folder.submit(0, groups: 3, to: $0) }
        for round in 0..<150 {
            let texts = try CrashScript.groups(run: 1 + round, count: 6)
            try await folder.open { node in
                guard round % 2 == 1 else { return }
                for group in texts { Task { _ = try? await node.submit(group) } }
            }
        }
        try await folder.open { try await folder.check($0, "stopped at once") }
    }

    @Test("A second node in the same folder is refused")
    func locked() async throws {
        let folder = try CrashFolder()
        try await folder.open { _ in
            await #expect {
                _ = try await folder.open { $0.origin }
            } throws: { error in
                (error as? NodeError)?.code == "data.locked"
            }
        }
    }
}
