import Foundation
import LedgerCore
import MerkleLog
import NodeRuntime
import Primitives
import Testing

@Suite("The cosigner keys in a node's folder")
struct CosignerKeyTests {
    private static let day = Instant(milliseconds: TestNode.start)

    private func with(_ body: (NodeDirectory, CosignerKeyFiles) throws -> Void) throws {
        let directory = NodeDirectory(NSTemporaryDirectory() + "linlian-keys-" + UUID().uuidString)
        defer { try? FileManager.default.removeItem(atPath: directory.path) }
        try directory.create(.init(origin: TestNode.origin, party: "committee"))
        try body(directory, CosignerKeyFiles(directory))
    }

    private func names(_ directory: NodeDirectory) throws -> [String] {
        try FileManager.default.contentsOfDirectory(atPath: directory.file("keys")).filter { $0.hasPrefix("cosigner") }
            .sorted()
    }

    private func text(_ directory: NodeDirectory, _ name: String) -> Data? {
        FileManager.default.contents(atPath: directory.file("keys/\(name).key"))
    }

    @Test("the next key is made once, for its owner only, and nothing of it is left lying about")
    func making() throws {
        try with { directory, files in
            let present = try files.presentSigner().cosignerVerifier.text
            #expect(try files.nextSigner() == nil && files.load().names == [present])
            let next = try files.makeNext().cosignerVerifier.text
            #expect(try next != present && files.makeNext().cosignerVerifier.text == next)
            #expect(try names(directory) == ["cosigner-next.key", "cosigner.key"])
            let mode = try FileManager.default.attributesOfItem(atPath: directory.file("keys/cosigner-next.key"))
            #expect(mode[.posixPermissions] as? Int == 0o600)
            let keys = try files.load()
            #expect(keys.names == [present, next] && keys.present.cosignerVerifier.text == present)
            #expect(keys.signer(next)?.party == "committee" && keys.signer("other") == nil)
            // Name and log key are the same: only the party's own key changes.
            #expect(keys.signer(next)?.logVerifier.text == keys.present.logVerifier.text)
        }
    }

    @Test("a draft that a kill left behind is no key, and a damaged next key keeps no node from starting")
    func damaged() throws {
        try with { directory, files in
            _ = try files.presentSigner()
            try Data("half".utf8).write(to: URL(fileURLWithPath: directory.file("keys/cosigner-next.key.new")))
            #expect(try files.nextSigner() == nil)
            _ = try files.makeNext()
            try Data("not a key\n".utf8).write(to: URL(fileURLWithPath: directory.file("keys/cosigner-next.key")))
            #expect(try files.load().names.count == 1)
            #expect(throws: NodeError.self) { try files.nextSigner() }
            // It is not overwritten: it may be damaged only because somebody is writing it.
            #expect(throws: NodeError.self) { try files.makeNext() }
        }
    }

    /// Where a kill may have ended it: before anything, or after the present key got its second name.
    @Test("the next key takes the present one's place, wherever it was interrupted", arguments: [0, 1])
    func promoting(done: Int) throws {
        try with { directory, files in
            let present = try files.presentSigner().cosignerVerifier.text
            let next = try files.makeNext().cosignerVerifier.text
            let (old, new) = (text(directory, "cosigner"), text(directory, "cosigner-next"))
            if done == 1 {
                try FileManager.default.linkItem(
                    atPath: directory.file("keys/cosigner.key"),
                    toPath: directory.file("keys/cosigner-old-2026-01-01.key"))
            }
            let keys = try files.load()
            try files.promote(at: Self.day)
            #expect(try names(directory) == ["cosigner-old-2026-01-01.key", "cosigner.key"])
            #expect(text(directory, "cosigner") == new && text(directory, "cosigner-old-2026-01-01") == old)
            try files.reload(keys)
            #expect(keys.present.cosignerVerifier.text == next && keys.names == [next])
            // Done already: nothing changes.
            try files.promote(at: Self.day)
            #expect(text(directory, "cosigner") == new)
            #expect(present != next)
        }
    }

    @Test("two changes on one day keep both old keys")
    func twice() throws {
        try with { directory, files in
            let first = try files.presentSigner()
            _ = try files.makeNext()
            try files.promote(at: Self.day)
            let second = text(directory, "cosigner")
            _ = try files.makeNext()
            try files.promote(at: Self.day)
            #expect(
                try names(directory) == [
                    "cosigner-old-2026-01-01-2.key", "cosigner-old-2026-01-01.key", "cosigner.key",
                ])
            #expect(text(directory, "cosigner-old-2026-01-01-2") == second)
            #expect(try files.presentSigner().cosignerVerifier.text != first.cosignerVerifier.text)
        }
    }
}
