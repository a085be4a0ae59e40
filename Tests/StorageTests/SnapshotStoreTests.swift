import LedgerCore
import LedgerSamples
import LedgerTesting
import Primitives
import Storage
import Synchronization
import Testing

@Suite("The state's snapshot on disk")
struct SnapshotStoreTests {
    private func live(_ rows: [StateChange]) -> [[UInt8]: [UInt8]] {
        var live: [[UInt8]: [UInt8]] = [:]
        for row in rows { live[row.key] = row.value }
        return live
    }

    private func state(_ machine: LedgerMachine) -> [[UInt8]: [UInt8]] {
        var found: [[UInt8]: [UInt8]] = [:]
        machine.state.forEach { found[Array($0)] = Array($1) }
        return found
    }

    @Test("The rows of all snapshots together are the state, removals included; it is there after opening again")
    func appends() throws {
        try withFolder { folder in
            var ledger = try SampleLedger.founded()
            try ledger.fill(blocks: 8)
            let path = folder + "/state.sqlite"
            var store = try SnapshotStore(path: path)
            #expect(try store.height() == nil)
            #expect(try store.rows().isEmpty)
            #expect(ledger.blocks.contains { $0.changes.contains { $0.value == nil } })
            for block in ledger.blocks {
                try store.append(
                    block.changes.map { ($0.key, $0.value) }, height: block.seal.height, live: 1_000,
                    all: ledger.machine.state)
                #expect(try store.height() == block.seal.height)
            }
            #expect(live(try store.rows()) == state(ledger.machine))
            try store.close()
            store = try SnapshotStore(path: path)
            #expect(live(try store.rows()) == state(ledger.machine))
            try store.backup(to: folder + "/copy.sqlite")
            let copy = try SnapshotStore(path: folder + "/copy.sqlite")
            #expect(live(try copy.rows()) == state(ledger.machine))
            #expect(try copy.height() == ledger.machine.lastSeal?.height)
            try store.clear()
            #expect(try store.height() == nil)
            #expect(try store.rows().isEmpty)
        }
    }

    @Test("The file is rewritten when most of it is old, and stays small")
    func rewrites() throws {
        try withFolder { folder in
            var ledger = try SampleLedger.founded()
            try ledger.fill(blocks: 2)
            let live = state(ledger.machine)
            let store = try SnapshotStore(path: folder + "/state.sqlite")
            let key = try #require(live.keys.sorted { $0.lexicographicallyPrecedes($1) }.first)
            let same = [StateChange](repeating: (key, live[key]), count: 4_000)
            try store.append(live.map { ($0.key, $0.value) }, height: 1, live: live.count, all: ledger.machine.state)
            for height in UInt64(2)..<8 {
                try store.append(same, height: height, live: live.count, all: ledger.machine.state)
                #expect(try store.rows().count <= 2 * live.count + 10_000)
                #expect(self.live(try store.rows()) == live)
                #expect(try store.height() == height)
            }
            #expect(try store.rows().count < 4_000 * 6)
        }
    }

    @Test("Bytes of every kind come back, empty values as empty and not as removed")
    func values() throws {
        try withFolder { folder in
            let store = try SnapshotStore(path: folder + "/state.sqlite")
            var random = SeededGenerator(seed: 21)
            var changes: [StateChange] = [([1], []), ([2], nil), ([0, 0], [0])]
            for number in 0..<50 {
                changes.append(
                    (
                        [3, UInt8(number)],
                        (0..<Int.random(in: 0...300, using: &random)).map { UInt8(truncatingIfNeeded: $0) }
                    ))
            }
            try store.append(changes, height: 3, live: 1_000, all: StateStore())
            let rows = try store.rows()
            #expect(rows.map(\.key) == changes.map(\.key))
            #expect(rows.map(\.value) == changes.map(\.value))
        }
    }

    @Test("The write points of a snapshot come in their order")
    func writePoints() throws {
        try withFolder { folder in
            let seen = Mutex<[WritePoint]>([])
            let store = try SnapshotStore(path: folder + "/state.sqlite") { point in seen.withLock { $0.append(point) }
            }
            try store.append([([1], [2])], height: 0, live: 1, all: StateStore())
            #expect(seen.withLock { $0 } == [.beforeSnapshot, .insideSnapshot, .afterSnapshot])
        }
    }
}
