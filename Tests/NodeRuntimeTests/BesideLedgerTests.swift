import Foundation
import NodeRuntime
import Storage
import Testing

@Suite("Beside the ledger")
struct BesideLedgerTests {
    @Test("every count is told at once and few are written: nobody keeps the disk busy by being counted")
    func counts() throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "linlian-beside-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let store = try AttachmentStore(path: folder.appending(path: "content.sqlite").path)
        let beside = NodeBesideLedger(store: store)
        let begun = ContinuousClock.now
        var written: Set<Int64> = []
        for number in 1...500 {
            try beside.count("read")
            #expect(try beside.total("read") == Int64(number))
            written.insert(try store.total("read"))
        }
        // One write at once, then at most one a second however slow the machine is.
        let seconds = (ContinuousClock.now - begun).components.seconds
        #expect(Int64(written.count) <= seconds + 2)
        #expect(try beside.total("other") == 0)
    }
}
