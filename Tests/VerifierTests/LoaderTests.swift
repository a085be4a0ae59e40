import LedgerCore
import LedgerSamples
import MerkleLog
import NodeRuntime
import Primitives
import Storage
import Testing

@Suite("A damaged ledger is not loaded", .serialized)
struct LoaderTests {
    @Test("A sound one is, with its snapshot and without")
    func sound() async throws {
        let stored = try StoredLedger(leaves: 300)
        for withSnapshot in [true, false] {
            if !withSnapshot {
                let snapshots = try SnapshotStore(path: stored.directory.stateFile)
                try snapshots.clear()
                try snapshots.close()
            }
            let machine = try await stored.load()
            #expect(machine.log.root() == stored.ledger.machine.log.root())
            #expect(machine.stateTree.root == stored.ledger.machine.stateTree.root)
            #expect(machine.transactions.count == stored.ledger.machine.transactions.count)
            #expect(machine.lastSeal == stored.ledger.machine.lastSeal)
            #expect(machine.nextDue == stored.ledger.machine.nextDue)
        }
    }

    @Test("Loading leaves a snapshot of where the log ends, so that later ones have no gaps")
    func snapshot() async throws {
        let stored = try StoredLedger(leaves: 60)
        _ = try await stored.load()
        let snapshots = try SnapshotStore(path: stored.directory.stateFile)
        #expect(try snapshots.height() == stored.ledger.machine.lastSeal?.height)
        try snapshots.close()
        #expect(try await stored.load().stateTree.root == stored.ledger.machine.stateTree.root)
    }

    @Test("One bit in a leaf, in a full tile's part of the log and after it")
    func leaf() async throws {
        let stored = try StoredLedger(leaves: 300)
        for index in [UInt64(0), 5, 255, 256, 270, UInt64(stored.ledger.leaves.count - 2)] {
            let leaf = stored.ledger.leaves[Int(index)]
            for place in [3, leaf.count / 2, leaf.count - 2] {
                try stored.replaceLeaf(index, by: leaf.flipped(at: place))
                #expect(try await stored.refusal() == "ledger.damaged", "leaf \(index), byte \(place)")
            }
            try stored.replaceLeaf(index, by: leaf)
        }
        #expect(try await stored.refusal() == nil)
    }

    @Test("One bit in each line of a seal")
    func seal() async throws {
        let stored = try StoredLedger(leaves: 60)
        for block in [
            stored.ledger.blocks[0], stored.ledger.blocks[4], stored.ledger.blocks[stored.ledger.blocks.count - 1],
        ] {
            let leaf = block.seal.bytes
            for end in leaf.lineEnds {
                for place in [end - 1, end] {
                    try stored.replaceLeaf(block.seal.index, by: leaf.flipped(at: place))
                    #expect(try await stored.refusal() == "ledger.damaged", "seal \(block.seal.height), byte \(place)")
                }
            }
            try stored.replaceLeaf(block.seal.index, by: leaf)
        }
    }

    @Test("One bit in a tile, a tile cut short, and none")
    func tile() async throws {
        let stored = try StoredLedger(leaves: 300)
        let tile = try #require(stored.ledger.blocks.flatMap(\.tiles).first).bytes
        for changed in [tile.flipped(at: 0), tile.flipped(at: 8_191), Array(tile.dropLast(32)), []] {
            try stored.damage("UPDATE tile SET data = ? WHERE level = 0 AND idx = 0", changed)
            #expect(try await stored.refusal() == "ledger.damaged")
        }
        try stored.damage("DELETE FROM tile")
        #expect(try await stored.refusal() == "ledger.damaged")
    }

    @Test("The state's snapshot: a value, a key, a row more, a row less, another height")
    func state() async throws {
        let value = "(SELECT min(seq) FROM state WHERE value IS NOT NULL)"
        for sql in [
            "UPDATE state SET value = CAST('{}' AS BLOB) WHERE seq = \(value)",
            "UPDATE state SET value = value || x'20' WHERE seq = \(value)",
            "UPDATE state SET value = NULL WHERE seq = (SELECT max(seq) FROM state WHERE value IS NOT NULL)",
            "UPDATE state SET key = key || x'31' WHERE seq = \(value)",
            "DELETE FROM state WHERE seq = \(value)",
            "INSERT INTO state (key, value) VALUES (CAST('ledger/key/x' AS BLOB), CAST('{}' AS BLOB))",
            "UPDATE snapshot SET height = height - 1",
            "DELETE FROM state",
        ] {
            let stored = try StoredLedger(leaves: 60)
            try stored.damage(sql, in: \.stateFile)
            #expect(try await stored.refusal() == "ledger.damaged", "\(sql)")
        }
    }

    @Test("One bit anywhere in the last checkpoint")
    func checkpoint() async throws {
        let stored = try StoredLedger(leaves: 60)
        let block = try #require(stored.ledger.blocks.last)
        let signed = try stored.signer.checkpoint(size: block.size, root: block.root, at: block.seal.time).bytes
        let sql = "UPDATE block SET checkpoint = ? WHERE height = \(block.seal.height)"
        for place in stride(from: 0, to: signed.count, by: 3) {
            try stored.damage(sql, signed.flipped(at: place))
            #expect(try await stored.refusal() == "ledger.damaged", "byte \(place)")
        }
        // A sound checkpoint of an earlier block, and one that another node has signed.
        let earlier = stored.ledger.blocks[2]
        try stored.damage(
            sql, try stored.signer.checkpoint(size: earlier.size, root: earlier.root, at: earlier.seal.time).bytes)
        #expect(try await stored.refusal() == "ledger.damaged")
        let stranger = try StoredLedger(leaves: 1).signer
        try stored.damage(sql, try stranger.checkpoint(size: block.size, root: block.root, at: block.seal.time).bytes)
        #expect(try await stored.refusal() == "ledger.damaged")
        try stored.damage(sql, signed)
        #expect(try await stored.refusal() == nil)
    }

    @Test("Leaves, blocks and ends that are missing")
    func missing() async throws {
        for sql in [
            "DELETE FROM leaf WHERE idx = (SELECT max(idx) FROM leaf)", "DELETE FROM leaf WHERE idx >= 40",
            "DELETE FROM leaf WHERE idx = 7", "DELETE FROM leaf", "DELETE FROM block",
            "DELETE FROM block WHERE height = (SELECT max(height) FROM block)",
            "UPDATE block SET size = size + 1 WHERE height = (SELECT max(height) FROM block)",
            "INSERT INTO leaf (idx, data) SELECT max(idx) + 1, x'41' FROM leaf",
        ] {
            let stored = try StoredLedger(leaves: 60)
            try stored.damage(sql)
            do {
                _ = try await stored.load()
                Issue.record("loaded: \(sql)")
            } catch let error as NodeError {
                #expect(error.code == "ledger.damaged", "\(sql)")
                #expect(error.help.contains("restore"), "\(sql)")
            } catch let error as StorageError {
                #expect(error.code == "storage.leaf" && error.place.contains("leaf 7"), "\(sql)")
            }
        }
    }
}
