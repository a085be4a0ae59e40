import GRDB
import LedgerSamples
import MerkleLog
import Primitives
import Storage
import Synchronization
import Testing

@testable import LedgerCore

@Suite("The ledger on disk")
struct LedgerStoreTests {
    private func large() throws -> SampleLedger {
        var ledger = try SampleLedger.founded()
        try ledger.fill(blocks: 120)
        return ledger
    }

    @Test("What was appended is read back, also after opening again")
    func readsBack() throws {
        try withFolder { folder in
            let ledger = try large()
            #expect(ledger.leaves.count > 512)
            let path = folder + "/ledger.sqlite"
            var store = try LedgerStore(path: path)
            #expect(try store.lastBlock() == nil)
            #expect(try store.leafCount() == 0)
            try store.append(ledger)
            for again in [false, true] {
                if again {
                    try store.close()
                    store = try LedgerStore(path: path)
                }
                #expect(try store.leafCount() == UInt64(ledger.leaves.count))
                #expect(try store.leaves(from: 0, count: 10_000) == ledger.leaves)
                #expect(try store.leaves(from: 250, count: 9) == Array(ledger.leaves[250..<259]))
                #expect(try store.leaves(from: UInt64(ledger.leaves.count), count: 9).isEmpty)
                #expect(try store.leaves(from: .max, count: 9).isEmpty)
                #expect(try store.leaf(300) == ledger.leaves[300])
                #expect(try store.leaf(999_999) == nil)
                try expectBlocks(store, ledger)
                try expectTiles(store, ledger)
                #expect(try store.integrityFaults().isEmpty)
            }
            try store.close()
        }
    }

    private func expectBlocks(_ store: LedgerStore, _ ledger: SampleLedger) throws {
        let last = try #require(try store.lastBlock())
        let block = try #require(ledger.blocks.last)
        #expect((last.height, last.size, last.time) == (block.seal.height, block.size, block.seal.time))
        #expect(last.checkpoint == checkpoint(block))
        let rows = try store.blocks(upTo: 5, count: 3)
        #expect(rows.map(\.height) == [5, 4, 3])
        for block in ledger.blocks {
            for index in [block.seal.firstEntry, block.seal.index] {
                #expect(try store.block(holding: index)?.height == block.seal.height)
            }
            #expect(try store.transactionIDs(ofBlock: block.seal.height) == block.transactions.map(\.id))
            #expect(
                try store.blocks(upTo: block.seal.height, count: 1).first?.transactionCount == block.transactions.count)
        }
        #expect(try store.block(holding: block.size) == nil)
        var ids: [(id: Digest, leaf: UInt64)] = []
        try store.transactionIDs { ids.append(contentsOf: $0) }
        let expected = ledger.blocks.flatMap { $0.transactions.map { (id: $0.id, leaf: $0.leaf) } }
        #expect(ids.map(\.id) == expected.map(\.id))
        #expect(ids.map(\.leaf) == expected.map(\.leaf))
    }

    private func expectTiles(_ store: LedgerStore, _ ledger: SampleLedger) throws {
        var tree = MerkleTree<CryptoSHA256>()
        for leaf in ledger.leaves { tree.append(CryptoSHA256.leafHash(leaf)) }
        let tiles = tree.takeCompletedTiles()
        #expect(tiles.count >= 2)
        for tile in tiles {
            #expect(try store.tile(level: tile.coordinate.level, index: tile.coordinate.index) == tile.bytes)
        }
        var found: [CompletedTile] = []
        try store.tiles { found.append(CompletedTile(coordinate: $0, bytes: $1)) }
        #expect(Set(found) == Set(tiles) && found.count == tiles.count)
        #expect(try store.tile(level: 0, index: 99) == nil)
        #expect(try store.tile(level: 3, index: 0) == nil)
    }

    @Test("A block that cannot be written whole is not written at all")
    func atomic() throws {
        try withFolder { folder in
            var ledger = try SampleLedger.founded()
            try ledger.fill(blocks: 2)
            let store = try LedgerStore(path: folder + "/ledger.sqlite")
            try store.append(ledger)
            let size = try store.leafCount()
            // The same block again: its leaves are there already.
            #expect(throws: DatabaseError.self) { try store.append(ledger.blocks[1], checkpoint: [1]) }
            // A block whose leaves are new but whose height is taken: the leaves must go, too.
            let taken = try #require(ledger.blocks.last)
            let next = try ledger.add([try ledger.text(Post(id: "next", title: "t"))])
            let clash = ExecutedBlock(
                seal: Seal(
                    height: taken.seal.height, time: next.seal.time, previous: .zero, firstEntry: next.seal.firstEntry,
                    entryCount: next.seal.entryCount, state: .zero, position: 1, proposer: "office"),
                leaves: next.leaves, transactions: next.transactions, changes: [], tiles: [], size: next.size,
                root: next.root)
            #expect(throws: DatabaseError.self) { try store.append(clash, checkpoint: [1]) }
            #expect(try store.leafCount() == size)
            #expect(try store.lastBlock()?.height == taken.seal.height)
            try store.append(next, checkpoint: checkpoint(next))
            #expect(try store.leafCount() == UInt64(ledger.leaves.count))
            try store.close()
        }
    }

    @Test("A missing leaf is named, not passed over")
    func missing() throws {
        try withFolder { folder in
            var ledger = try SampleLedger.founded()
            try ledger.fill(blocks: 2)
            let path = folder + "/ledger.sqlite"
            let store = try LedgerStore(path: path)
            try store.append(ledger)
            try store.close()
            let queue = try DatabaseQueue(path: path)
            try queue.write { try $0.execute(sql: "DELETE FROM leaf WHERE idx = 6") }
            try queue.close()
            let damaged = try LedgerStore(path: path)
            #expect {
                _ = try damaged.leaves(from: 0, count: 100)
            } throws: { error in
                (error as? StorageError)?.code == "storage.leaf" && "\(error)".contains("leaf 6")
            }
        }
    }

    @Test("The write points of a block come in their order, and nothing is visible before the last")
    func writePoints() throws {
        try withFolder { folder in
            let ledger = try SampleLedger.founded()
            let path = folder + "/ledger.sqlite"
            let seen = Mutex<[(WritePoint, UInt64)]>([])
            _ = try LedgerStore(path: path)
            let reader = try LedgerStore(path: path)
            let store = try LedgerStore(path: path) { point in
                let count = (try? reader.leafCount()) ?? .max
                seen.withLock { $0.append((point, count)) }
            }
            try store.append(ledger)
            let points = seen.withLock { $0 }
            #expect(points.map(\.0) == [.beforeBlock, .afterLeaves, .afterTiles, .beforeCommit, .afterCommit])
            #expect(points.map(\.1) == [0, 0, 0, 0, UInt64(ledger.leaves.count)])
        }
    }

    @Test("A backup taken while the ledger grows is one of its states")
    func backup() throws {
        try withFolder { folder in
            var ledger = try SampleLedger.founded()
            try ledger.fill(blocks: 10)
            let store = try LedgerStore(path: folder + "/ledger.sqlite")
            try store.append(ledger)
            let count = ledger.blocks.count
            try store.backup(to: folder + "/backup.sqlite")
            let size = ledger.leaves.count
            try ledger.fill(blocks: 3)
            try store.append(ledger, from: count)
            let copy = try LedgerStore(path: folder + "/backup.sqlite")
            #expect(try copy.leaves(from: 0, count: 10_000) == Array(ledger.leaves[..<size]))
            #expect(try copy.lastBlock()?.height == UInt64(count - 1))
            #expect(try copy.integrityFaults().isEmpty)
        }
    }
}
