import GRDB
import LedgerCore
import LedgerSamples
import Primitives
import Storage
import Synchronization
import Testing

@Suite("A run of blocks on disk")
struct RunTests {
    private func rows(_ ledger: SampleLedger, _ range: Range<Int>) -> [(block: ExecutedBlock, checkpoint: [UInt8])] {
        ledger.blocks[range].map { ($0, checkpoint($0)) }
    }

    private func ledger() throws -> SampleLedger {
        var ledger = try SampleLedger.founded()
        try ledger.fill(blocks: 130)
        return ledger
    }

    @Test("is there as if each block had been stored, after one commit, and final where a checkpoint came with it")
    func whole() throws {
        try withFolder { folder in
            let ledger = try ledger()
            let points = Mutex<[WritePoint]>([])
            let store = try LedgerStore(path: folder + "/ledger.sqlite") { point in points.withLock { $0.append(point) }
            }
            try store.append(ledger.blocks[0], checkpoint: checkpoint(ledger.blocks[0]))
            points.withLock { $0 = [] }
            let head = Array("signed\n\nby all\n".utf8)
            try store.append(rows(ledger, 1..<100), finalBy: head)
            #expect(points.withLock { $0.filter { $0 == .afterCommit }.count } == 1)
            #expect(points.withLock { ($0.first, $0.last) } == (.beforeBlock, .afterCommit))
            #expect(try store.finalHeight() == 99 && store.lastBlock()?.checkpoint == head)
            #expect(try store.blocks(upTo: 98, count: 1).first?.checkpoint == checkpoint(ledger.blocks[98]))
            // What is not final may be taken back, tiles and all, and comes again.
            let final = ledger.blocks[99]
            for _ in 0..<2 {
                try store.rollBack(above: 99, size: final.size)
                #expect(try store.leafCount() == final.size)
                try store.append(rows(ledger, 100..<ledger.blocks.count), finalBy: nil)
                #expect(try store.finalHeight() == 99)
                #expect(try store.leaves(from: 0, count: 10_000) == ledger.leaves)
            }
            #expect(throws: StorageError.self) { try store.rollBack(above: 98, size: 1) }
            try store.append([], finalBy: head)
            #expect(try store.finalHeight() == 99 && store.integrityFaults().isEmpty)
            try store.close()
        }
    }

    @Test("of which nothing was final before begins the mark of what is")
    func firstOpen() throws {
        try withFolder { folder in
            let ledger = try ledger()
            let store = try LedgerStore(path: folder + "/ledger.sqlite")
            try store.append(rows(ledger, 0..<10), finalBy: nil)
            #expect(try store.finalHeight() == 0, "block 0 is never taken back")
            try store.append(rows(ledger, 10..<20), finalBy: nil)
            #expect(try store.finalHeight() == 0)
        }
        try withFolder { folder in
            let ledger = try ledger()
            let store = try LedgerStore(path: folder + "/ledger.sqlite")
            for block in ledger.blocks[..<10] { try store.append(block, checkpoint: checkpoint(block)) }
            try store.append(rows(ledger, 10..<20), finalBy: nil)
            #expect(try store.finalHeight() == 9)
            try store.close()
        }
    }

    @Test("of which one block cannot be written is not written at all")
    func allOrNothing() throws {
        try withFolder { folder in
            let ledger = try ledger()
            let store = try LedgerStore(path: folder + "/ledger.sqlite")
            try store.append(ledger.blocks[0], checkpoint: checkpoint(ledger.blocks[0]))
            // The last one stands there twice.
            let run = rows(ledger, 1..<40) + rows(ledger, 39..<40)
            #expect(throws: DatabaseError.self) { try store.append(run, finalBy: Array("x\n\ny\n".utf8)) }
            #expect(try store.lastBlock()?.height == 0 && store.leafCount() == ledger.blocks[0].size)
            #expect(try store.finalHeight() == nil)
            try store.append(rows(ledger, 1..<40), finalBy: nil)
            #expect(try store.leafCount() == ledger.blocks[39].size)
            try store.close()
        }
    }
}
