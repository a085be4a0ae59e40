import Foundation
import LedgerCore
import LedgerSamples
import NodeRuntime
import Storage
import Testing

@Suite("A node that is killed while it catches up", .serialized)
struct CatchUpCrashTests {
    static let deaths: [(WritePoint, Int)] = [
        // Of the first run, and of later ones; leaves and tiles are written block by block.
        (.beforeBlock, 1), (.beforeBlock, 4), (.afterLeaves, 1), (.afterLeaves, 13), (.afterLeaves, 90),
        (.afterTiles, 7), (.afterTiles, 110), (.beforeCommit, 1), (.beforeCommit, 5), (.afterCommit, 1),
        (.afterCommit, 6),
    ]

    @Test("opens at the end of a whole run, and goes on", arguments: deaths)
    func dies(at point: WritePoint, occurrence: Int) async throws {
        var network = try SampleNetwork()
        try network.grow(4)
        try network.grow(60)
        try network.rotate(["cora"])
        try network.welcome(9)
        try network.grow(60)
        let directory = NodeDirectory(NSTemporaryDirectory() + "linlian-crash-" + UUID().uuidString)
        defer { try? FileManager.default.removeItem(atPath: directory.path) }
        try directory.create(.init(origin: SampleSigner.origin, party: "dora"))
        for (name, key) in try SampleNetwork.keys(of: "dora") where name != "cosigner-next" {
            try directory.write(key, as: name)
        }
        let store = try directory.openLedger()
        try network.write(5, to: store)
        try store.close()
        let answers = directory.file("answers.json")
        try JSONEncoder().encode(network.answers).write(to: URL(filePath: answers))
        let height = network.blocks.count - 1
        let words = [directory.path, "catch-up", answers, "\(height)"]

        let label: Comment = "\(point) \(occurrence)"
        let (lines, killed, _) = try CrashFolder.launch(words, dieAt: (point, occurrence))
        #expect(killed && lines.last != "end", label)
        let size = try await directory.checkLedger(SampleNetwork.catalog)
        let left = try #require(network.blocks.first { $0.size == size }, "\(label): \(size) leaves")
        #expect(left.seal.height == 4 || network.checkpoints[left.seal.height] != nil, label)
        #expect(left.seal.height >= lines.compactMap { UInt64($0) }.max() ?? 4, "\(label): \(lines)")
        if point == .afterCommit { #expect(left.seal.height > 4, label) }

        let (rest, _, status) = try CrashFolder.launch(words, dieAt: nil)
        #expect(rest.last == "end" && status == 0, label)
        #expect(try await directory.checkLedger(SampleNetwork.catalog) == network.blocks[height].size, label)
        let whole = try directory.openLedger()
        defer { try? whole.close() }
        #expect(try whole.leaves(from: 0, count: .max) == network.blocks.flatMap(\.leaves), label)
        #expect(try whole.lastBlock()?.checkpoint == network.checkpoints[UInt64(height)], label)
    }
}
