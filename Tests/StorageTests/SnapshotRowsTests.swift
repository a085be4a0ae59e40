import LedgerCore
import Storage
import Testing

@Suite("Rows of a snapshot")
struct SnapshotRowsTests {
    private static func encoded(_ rows: [StateChange]) -> [UInt8] {
        var bytes: [UInt8] = []
        for row in rows { SnapshotRows.append(row, to: &bytes) }
        return bytes
    }

    @Test("what was written is read, removed keys and empty values apart")
    func roundTrip() throws {
        let rows: [StateChange] = [
            (Array("a/b/c".utf8), Array("{\"x\":1}".utf8)), (Array("a/b/d".utf8), nil), (Array("e".utf8), []),
            (Array("new\nline".utf8), Array("12 -\n".utf8)),
        ]
        let bytes = SnapshotRowsTests.encoded(rows)
        #expect(bytes.starts(with: "5 7\na/b/c{\"x\":1}5 -\na/b/d1 0\ne".utf8))
        let read = try SnapshotRows.decode(bytes)
        #expect(read.map(\.key) == rows.map(\.key) && read.map(\.value) == rows.map(\.value))
        #expect(try SnapshotRows.decode([]).isEmpty)
    }

    @Test(
        "what is no row is refused",
        arguments: [
            "5", "5 7", "5 7\na/b", "05 7\nabcde1234567", "-1 2\nab", "5 x\nabcde", "5  7\n", "5 7 \nabcde1234567",
            " 1\n",
            "99999999 1\n", "1 99999999999\n", "18446744073709551615 1\n", "1 1\nab\n", "1-1\nab",
            "0000000000000000000000000 1\n",
        ])
    func refused(text: String) {
        #expect(throws: StorageError.self) { try SnapshotRows.decode(Array(text.utf8)) }
    }

    @Test("no cut and no changed byte makes the reader go wrong")
    func cuts() throws {
        let bytes = SnapshotRowsTests.encoded([(Array("key".utf8), Array("value".utf8)), (Array("k2".utf8), nil)])
        for end in 1..<bytes.count where end != 12 {
            #expect(throws: StorageError.self, "\(end)") { try SnapshotRows.decode(Array(bytes[..<end])) }
        }
        for place in bytes.indices {
            for bit in 0..<8 {
                var changed = bytes
                changed[place] ^= 1 << UInt8(bit)
                if let rows = try? SnapshotRows.decode(changed) { #expect(SnapshotRowsTests.encoded(rows) == changed) }
            }
        }
    }
}
