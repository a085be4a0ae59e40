import LedgerCore
import LedgerTesting
import Primitives
import Storage
import Testing

@Suite("Rows of a snapshot as they travel")
struct SnapshotRowsTests {
    private func text(_ rows: [StateChange]) -> [UInt8] {
        var text: [UInt8] = []
        for row in rows { SnapshotRows.append(row, to: &text) }
        return text
    }

    @Test("They come back as they were, removed and empty ones too", arguments: 0..<20)
    func roundTrip(_ seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        func bytes(_ count: ClosedRange<Int>) -> [UInt8] {
            (0..<Int.random(in: count, using: &random)).map { _ in UInt8.random(in: 0...255, using: &random) }
        }
        let rows: [StateChange] = (0..<40).map { number in
            (bytes(1...60), number % 7 == 0 ? nil : number % 7 == 1 ? [] : bytes(0...500))
        }
        let found = try SnapshotRows.decode(text(rows))
        #expect(found.map(\.key) == rows.map(\.key), "seed \(seed)")
        #expect(found.map(\.value) == rows.map(\.value), "seed \(seed)")
        // Cut off anywhere but between two rows it is refused.
        let whole = text(rows)
        var ends: Set<Int> = [0]
        for count in rows.indices { ends.insert(text(Array(rows[...count])).count) }
        for end in stride(from: 1, to: whole.count, by: 13) where !ends.contains(end) {
            #expect(throws: StorageError.self, "seed \(seed), cut at \(end)") {
                try SnapshotRows.decode(Array(whole[..<end]))
            }
        }
    }

    @Test(
        "Other spellings are refused",
        arguments: [
            "1 1\n", "1 1\na", "0 1\na", "01 1\nab", "1  1\nab", "1 01\nab", "-1 1\nab", "1 +\nab", "1 1 \nab", "1\nab",
            " 1 1\nab", "5000 1\nab", "1 99999999999\nab", "x 1\nab", "1 18446744073709551615\na",
        ])
    func malformed(_ text: String) {
        #expect(throws: StorageError.self) { try SnapshotRows.decode(Array(text.utf8)) }
    }

    @Test("Random bytes never trap", arguments: 0..<10)
    func fuzz(_ seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        for _ in 0..<2_000 {
            let alphabet = Array("0123456789 -\nab".utf8)
            let text = (0..<Int.random(in: 0...40, using: &random)).map { _ in
                alphabet.randomElement(using: &random) ?? 0
            }
            if let rows = try? SnapshotRows.decode(text) { #expect(self.text(rows) == text, "seed \(seed)") }
        }
    }
}
