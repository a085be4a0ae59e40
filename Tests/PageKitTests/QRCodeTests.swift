import PageKit
import Testing

/// That a scanner reads it is shown in Chromium by Tests/Browser/test_styleguide.py; here is what a scanner relies on.
@Suite("QR codes")
struct QRCodeTests {
    @Test("Three finders and the dark module stand where the standard puts them")
    func finders() throws {
        let rows = try #require(QRCode.modules("https://example.org/motions/1"))
        let size = rows.count
        #expect(size >= 21 && (size - 17) % 4 == 0)
        #expect(rows.allSatisfy { $0.count == size })
        for (top, left) in [(0, 0), (0, size - 7), (size - 7, 0)] {
            for y in 0..<7 {
                for x in 0..<7 {
                    let ring = max(abs(y - 3), abs(x - 3))
                    #expect(rows[top + y][left + x] == (ring != 2), "finder at \(top), \(left)")
                }
            }
        }
        #expect(rows[size - 8][8])
    }

    @Test("The drawing covers exactly the dark modules, inside a quiet zone of four")
    func drawing() throws {
        let text = "公示 https://example.org/公示?a=1&b=<2>"
        let rows = try #require(QRCode.modules(text))
        let svg = QRCode.svg(text, id: "poster", title: "扫码查看 <原文>")
        let path = try #require(svg.split(separator: "d=\"").last?.split(separator: "\"").first)
        var drawn = Array(repeating: Array(repeating: false, count: rows.count), count: rows.count)
        for piece in path.split(separator: "M") {
            let numbers = piece.split(whereSeparator: { !$0.isNumber }).compactMap { Int($0) }
            for x in 0..<numbers[2] { drawn[numbers[1] - QRCode.quietZone][numbers[0] - QRCode.quietZone + x] = true }
        }
        #expect(drawn == rows)
        #expect(svg.contains("viewBox=\"0 0 \(rows.count + 8) \(rows.count + 8)\""))
        #expect(svg.contains("扫码查看 &lt;原文&gt;") && !svg.contains("<原文>"))
    }

    @Test("What does not fit is no code at all", arguments: ["", String(repeating: "字", count: 778)])
    func tooLong(text: String) {
        #expect(QRCode.svg(text, id: "x", title: "x").isEmpty)
    }

    @Test("The longest text that fits")
    func longest() throws {
        #expect(try #require(QRCode.modules(String(repeating: "字", count: 777))).count == 177)
    }
}
