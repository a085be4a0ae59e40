package import Hummingbird
import HTTPTypes

/// A table as text: RFC 4180, UTF-8, comma, CRLF.
package enum CSVText {
    /// One line. A cell that a spreadsheet would take for a formula gets an apostrophe before it (OWASP, CSV injection).
    package static func line(_ cells: [String]) -> [UInt8] {
        var bytes: [UInt8] = []
        for (index, cell) in cells.enumerated() {
            if index > 0 { bytes.append(UInt8(ascii: ",")) }
            append(cell, to: &bytes)
        }
        bytes += [0x0D, 0x0A]
        return bytes
    }

    /// Hundredths with a point and no grouping, as programs read it: 123456 → "1234.56".
    package static func hundredths(_ number: Int64) -> String {
        Formats.hundredths(number).filter { $0 != "," }
    }

    private static func append(_ cell: String, to bytes: inout [UInt8]) {
        let formula = cell.utf8.first.map { [0x2B, 0x2D, 0x3D, 0x40, 0x09, 0x0D].contains($0) } ?? false
        let special = cell.utf8.contains { [0x22, 0x2C, 0x0A, 0x0D].contains($0) }
        if special { bytes.append(0x22) }
        if formula { bytes.append(0x27) }
        for byte in cell.utf8 {
            if byte == 0x22 { bytes.append(0x22) }
            bytes.append(byte)
        }
        if special { bytes.append(0x22) }
    }
}

/// A long table sent as it is read, so that it never stands in memory whole.
package enum CSVAnswer {
    /// One stretch of a table: its rows, and where the next stretch begins; nil after the last.
    package typealias Stretch = (rows: [[String]], next: Int64?)

    /// The answer. `rows` is asked for stretch after stretch, beginning at 0, and is to give some 1,000 rows each time.
    package static func response(
        fileName: String, header: [String], rows: @escaping @Sendable (_ from: Int64) throws -> Stretch
    ) -> Response {
        Response(
            status: .ok,
            headers: [
                .contentType: "text/csv; charset=utf-8; header=present", .cacheControl: "no-cache",
                .contentDisposition: "attachment; filename=\"\(fileName)\"",
            ],
            body: ResponseBody { writer in
                try await writer.write(ByteBuffer(bytes: CSVText.line(header)))
                var from: Int64? = 0
                while let at = from {
                    let stretch = try rows(at)
                    try await writer.write(ByteBuffer(bytes: stretch.rows.flatMap(CSVText.line)))
                    from = stretch.next
                }
                try await writer.finish(nil)
            })
    }
}
