import Foundation
import GRDB
import LedgerCore
import LedgerSamples
import ReadModels
import Testing

/// Counts the notes of the sample ledger.
private struct Counting: Projection {
    let name: String
    let version = 1
    let events: Set<String> = ["board.happened"]
    var tables: [String] { ["\(name)_seen"] }

    func prepare(_ database: Database) throws {
        try database.execute(sql: "CREATE TABLE \(name)_seen (leaf INTEGER NOT NULL)")
    }

    func apply(_ event: RecordedEvent, _ database: Database) throws {
        try database.execute(sql: "INSERT INTO \(name)_seen VALUES (?)", arguments: [Int64(event.leaf)])
    }
}

@Suite("Read models follow the log")
struct ReadModelStoreTests {
    private let path = NSTemporaryDirectory() + "linlian-read-\(UUID().uuidString).sqlite"

    private func store<Value>(_ names: [String], _ body: (ReadModelStore) throws -> Value) throws -> Value {
        let store = try ReadModelStore(path: path, projections: names.map { Counting(name: $0) })
        defer { try? store.close() }
        return try body(store)
    }

    private func seen(_ name: String, _ store: ReadModelStore) throws -> [Int64] {
        try store.read { try Int64.fetchAll($0, sql: "SELECT leaf FROM \(name)_seen ORDER BY rowid") }
    }

    @Test("One that this program lacked for a while catches up with what it missed, each event once")
    func absent() throws {
        defer { for end in ["", "-wal", "-shm"] { try? FileManager.default.removeItem(atPath: path + end) } }
        var ledger = try SampleLedger.founded()
        try ledger.fill(blocks: 2)
        try store(["a", "b"]) { _ = try $0.follow(ledger, chunk: 3) }
        try ledger.fill(blocks: 1)
        try store(["a"]) { store in
            try store.follow(ledger)
            #expect(try store.position() == ledger.leafCount())
        }
        try ledger.add([try ledger.text(Post(id: "last", title: "note"))])
        try store(["a", "b"]) { store in
            #expect(try store.position() < ledger.leafCount())
            try store.follow(ledger, chunk: 5)
            #expect(try store.position() == ledger.leafCount())
            let all = try seen("a", store)
            #expect(all.count > 8)
            #expect(try seen("b", store) == all)
        }
    }
}
