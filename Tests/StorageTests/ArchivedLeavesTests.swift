import LedgerSamples
import MerkleLog
import Primitives
import Storage
import Synchronization
import Testing

@testable import LedgerCore

@Suite("Leaves that are in an archive")
struct ArchivedLeavesTests {
    /// An archive in memory.
    private final class Memory: LeafArchive {
        let bundles = Mutex<[UInt64: [UInt8]]>([:])
        let asked = Mutex<[UInt64]>([])
        let isAway = Mutex(false)

        struct Away: Error {}

        func bundle(_ index: UInt64) throws -> [UInt8]? {
            if isAway.withLock({ $0 }) { throw Away() }
            asked.withLock { $0.append(index) }
            return bundles.withLock { $0[index] }
        }
    }

    private struct Made {
        let ledger: SampleLedger
        let archive: Memory
        let store: LedgerStore
        let path: String
        let boundary: LedgerStore.ArchiveBoundary
    }

    /// A stored ledger whose first two bundles are in the archive, and nothing is deleted yet.
    private func made(_ folder: String) throws -> Made {
        var ledger = try SampleLedger.founded()
        try ledger.fill(blocks: 120)
        #expect(ledger.leaves.count > 600)
        let archive = Memory()
        for number in 0..<2 {
            let bundle = try #require(EntryBundle.encode(Array(ledger.leaves[number * 256..<number * 256 + 256])))
            archive.bundles.withLock { $0[UInt64(number)] = bundle }
        }
        let path = folder + "/ledger.sqlite"
        let store = try LedgerStore(path: path, archive: archive)
        try store.append(ledger)
        let last = try #require(ledger.blocks.last { $0.size <= 512 })
        let boundary = LedgerStore.ArchiveBoundary(
            size: 512, seal: last.seal, clocks: ["committee": Instant(milliseconds: 7)])
        return Made(ledger: ledger, archive: archive, store: store, path: path, boundary: boundary)
    }

    private func expectWhole(_ store: LedgerStore, _ ledger: SampleLedger, _ label: String) throws {
        #expect(try store.leaves(from: 0, count: 10_000) == ledger.leaves, "\(label)")
        for (first, count) in [(0, 1), (100, 300), (255, 2), (500, 100), (511, 1), (512, 1), (600, 7)] {
            #expect(
                try store.leaves(from: UInt64(first), count: count) == Array(ledger.leaves[first..<first + count]),
                "\(label): \(first)")
        }
        #expect(try store.leafCount() == UInt64(ledger.leaves.count), "\(label)")
        #expect(try store.leaves(from: UInt64(ledger.leaves.count), count: 9).isEmpty, "\(label)")
    }

    @Test("a ledger is whole after every step, also for a store that was opened before")
    func steps() throws {
        try withFolder { folder in
            let made = try made(folder)
            let other = try LedgerStore(path: made.path, archive: made.archive)
            #expect(try made.store.dropArchived(atMost: 100) == 0)
            try made.store.setArchived(made.boundary)
            try expectWhole(made.store, made.ledger, "marked")
            #expect(made.archive.asked.withLock { $0 } == [], "what is here is read here")
            var deleted = 0
            for _ in 0..<10 {
                deleted += try made.store.dropArchived(atMost: 100)
                try expectWhole(made.store, made.ledger, "\(deleted) deleted")
                try expectWhole(other, made.ledger, "the other, \(deleted) deleted")
                // Whoever dies here leaves this behind.
                let again = try LedgerStore(path: made.path, archive: made.archive)
                try expectWhole(again, made.ledger, "opened again, \(deleted) deleted")
                #expect(again.archivedLeafCount == 512)
                try again.close()
            }
            #expect(deleted == 512 && other.archivedLeafCount == 0)
            let boundary = try #require(try made.store.archiveBoundary())
            #expect(boundary.size == 512 && boundary.seal == made.boundary.seal)
            #expect(boundary.clocks == made.boundary.clocks)
        }
    }

    @Test("bundles are remembered; what is away, missing or changed is told, and not asked again at once")
    func failures() throws {
        try withFolder { folder in
            let made = try made(folder)
            try made.store.setArchived(made.boundary)
            while try made.store.dropArchived(atMost: 1_000) > 0 {}
            for index in [3, 4, 300, 5] as [UInt64] {
                #expect(try made.store.leaf(index) == made.ledger.leaves[Int(index)])
            }
            #expect(made.archive.asked.withLock { $0 } == [0, 1])
            made.archive.isAway.withLock { $0 = true }
            #expect(try made.store.leaf(3) == made.ledger.leaves[3], "it is remembered")

            let fresh = try LedgerStore(path: made.path, archive: made.archive)
            #expect(throws: StorageError.self) { try fresh.leaf(3) }
            made.archive.isAway.withLock { $0 = false }
            #expect(throws: StorageError.self, "it rests") { try fresh.leaf(3) }
            #expect(fresh.archived.failures == 1)
            #expect(try fresh.leaf(600) == made.ledger.leaves[600], "what is here needs no archive")

            let changed = try LedgerStore(path: made.path, archive: made.archive)
            made.archive.bundles.withLock { $0[0]?[10] ^= 1 }
            made.archive.bundles.withLock { $0[1] = nil }
            for index in [3, 300] as [UInt64] {
                #expect(throws: StorageError.self, "\(index)") { try changed.leaf(index) }
            }
            #expect(changed.archived.failures == 2)
            let without = try LedgerStore(path: made.path)
            #expect(throws: StorageError.self) { try without.leaf(3) }
        }
    }

    @Test("what was copied, and when, is remembered")
    func copied() throws {
        try withFolder { folder in
            let store = try LedgerStore(path: folder + "/ledger.sqlite")
            #expect(try store.copied() == nil)
            try store.setCopied(size: 700, time: Instant(milliseconds: 1_700_000_000_123))
            let copied = try #require(try store.copied())
            #expect(copied.size == 700 && copied.time.milliseconds == 1_700_000_000_123)
        }
    }
}
