import CQRencode

/// QR codes (ISO/IEC 18004) as SVG: an address on a poster, a code to show at the counter.
///
/// Error correction level M, which survives a scratch of 15 %, and the quiet zone of four modules that the standard asks
/// for. The colours are classes of the stylesheet that stay dark on light in every mode, because scanners expect it.
package enum QRCode {
    /// The quiet zone on each side, in modules (ISO/IEC 18004, 6.3.8).
    package static let quietZone = 4

    /// The code of `text`, drawn as one path; empty if `text` is empty or longer than a QR code holds (2,331 bytes at
    /// level M), so that a page shows the words alone.
    ///
    /// - Parameters:
    ///   - id: Unique on the page, of letters, digits and hyphens.
    ///   - title: What scanning it leads to, for those who cannot see it.
    package static func svg(_ text: String, id: String, title: String) -> String {
        guard let rows = modules(text) else { return "" }
        let side = rows.count + 2 * quietZone
        // Neighbouring dark modules of a row are one rectangle: a third of the bytes, and no hairlines between them.
        var path = ""
        for (y, row) in rows.enumerated() {
            var x = 0
            while x < row.count {
                let start = x
                while x < row.count, row[x] { x += 1 }
                if x > start { path += "M\(start + quietZone) \(y + quietZone)h\(x - start)v1h-\(x - start)z" }
                x += 1
            }
        }
        return
            "<svg class=\"qr\" viewBox=\"0 0 \(side) \(side)\" role=\"img\" aria-labelledby=\"\(id)-title \(id)-desc\">"
            + "<title id=\"\(id)-title\">\(Markup.escaped(title))</title>"
            + "<desc id=\"\(id)-desc\">\(Markup.escaped(text))</desc>"
            + "<rect class=\"qr-light\" width=\"\(side)\" height=\"\(side)\"/><path class=\"qr-dark\" d=\"\(path)\"/></svg>"
    }

    /// The modules row by row, true for dark; nil if the text does not fit.
    package static func modules(_ text: String) -> [[Bool]]? {
        let bytes = Array(text.utf8)
        guard !bytes.isEmpty, bytes.count <= 2_331, let length = Int32(exactly: bytes.count) else { return nil }
        let code = bytes.withUnsafeBufferPointer { QRcode_encodeData(length, $0.baseAddress, 0, QR_ECLEVEL_M) }
        guard let code else { return nil }
        defer { QRcode_free(code) }
        guard let data = code.pointee.data else { return nil }
        let width = Int(code.pointee.width)
        // The lowest bit of each byte tells dark from light; the others say what the module is for (qrencode.h).
        return (0..<width).map { y in (0..<width).map { x in data[y * width + x] & 1 == 1 } }
    }
}
