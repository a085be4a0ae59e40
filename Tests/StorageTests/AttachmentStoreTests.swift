import GRDB
import LedgerCore
import Primitives
import Storage
import Testing

@Suite("Attachments")
struct AttachmentStoreTests {
    private let pdf = Array("%PDF-1.7\n".utf8)

    private func code(_ body: () throws -> Void) -> String? {
        do {
            try body()
            return nil
        } catch {
            return (error as? StorageError)?.code ?? "\(error)"
        }
    }

    @Test("Totals add up, each by its name, and survive a restart")
    func totals() throws {
        try withFolder { folder in
            let store = try AttachmentStore(path: folder + "/content.sqlite")
            #expect(try store.total("a") == 0)
            try store.count(["a": 2, "b": 1])
            try store.count(["a": 3])
            let again = try AttachmentStore(path: folder + "/content.sqlite")
            #expect(try again.total("a") == 5 && again.total("b") == 1 && again.total("c") == 0)
        }
    }

    @Test("Content is found by its digest, as it was stored first")
    func readsBack() throws {
        try withFolder { folder in
            let store = try AttachmentStore(path: folder + "/content.sqlite")
            let samples: [(String, [UInt8])] = [
                ("application/pdf", pdf), ("image/png", [0x89, 0x50, 0x4E, 0x47, 1]),
                ("image/jpeg", [0xFF, 0xD8, 0xFF, 0]),
                ("image/webp", Array("RIFF0000WEBPx".utf8)), ("text/plain", Array("公告".utf8)),
                ("text/csv", Array("a,b".utf8)),
            ]
            #expect(Set(samples.map(\.0)) == AttachmentStore.mediaTypes)
            for (type, bytes) in samples {
                let digest = try store.put(bytes, mediaType: type, isPublic: type == "image/png")
                #expect(digest == CryptoSHA256.hash(bytes))
                let found = try #require(try store.find(digest))
                #expect(found.bytes == bytes && found.mediaType == type && found.isPublic == (type == "image/png"))
            }
            let again = try store.put(pdf, mediaType: "application/pdf", isPublic: true)
            #expect(try store.find(again)?.isPublic == false)
            #expect(try store.find(.zero) == nil)
            try store.backup(to: folder + "/copy.sqlite")
            let copy = try AttachmentStore(path: folder + "/copy.sqlite")
            for (_, bytes) in samples { #expect(try copy.find(CryptoSHA256.hash(bytes))?.bytes == bytes) }
        }
    }

    @Test("Too large, empty, of a type that a browser would run, or not what it says: refused, nothing stored")
    func refusals() throws {
        try withFolder { folder in
            let store = try AttachmentStore(path: folder + "/content.sqlite")
            func put(_ bytes: [UInt8], _ type: String) -> String? {
                code { _ = try store.put(bytes, mediaType: type, isPublic: true) }
            }
            let largest = pdf + [UInt8](repeating: 0, count: AttachmentStore.largest - pdf.count)
            #expect(put(largest, "application/pdf") == nil)
            #expect(put(largest + [0], "application/pdf") == "attachment.size")
            #expect(put([], "text/plain") == "attachment.size")
            for type in [
                "text/html", "image/svg+xml", "application/javascript", "", "TEXT/PLAIN", "text/plain; charset=x",
            ] {
                #expect(put(Array("x".utf8), type) == "attachment.mediaType", "\(type)")
            }
            for type in AttachmentStore.mediaTypes {
                #expect(put([0xC3, 0x28, 0], type) == "attachment.form", "\(type)")
            }
            #expect(try store.find(CryptoSHA256.hash([0xC3, 0x28, 0])) == nil)
        }
    }

    @Test("Content that changed on disk is not given out")
    func damaged() throws {
        try withFolder { folder in
            let path = folder + "/content.sqlite"
            let store = try AttachmentStore(path: path)
            let digest = try store.put(pdf, mediaType: "application/pdf", isPublic: true)
            let queue = try DatabaseQueue(path: path)
            try queue.write { try $0.execute(sql: "UPDATE attachment SET bytes = x'00'") }
            #expect(code { _ = try store.find(digest) } == "attachment.damaged")
        }
    }
}
