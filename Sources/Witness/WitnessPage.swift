/// The page for people: who this witness is and how far it has seen each log. Plain HTML without style and scripts, both
/// languages side by side, because the witness has no site of its own around it.
struct WitnessPage {
    /// Logs on one page.
    static let rows = 100

    /// The witness's verifier key.
    let key: String
    /// Number of logs watched.
    let count: Int
    /// The logs of this page, and one more if there is a next page.
    let logs: [WatchedLogSummary]
    /// Whether this is the first page.
    let isFirst: Bool

    var html: String {
        var html = """
            <!DOCTYPE html>
            <html lang="zh-Hans"><head><meta charset="utf-8"><title>见证 Witness</title>
            <meta name="viewport" content="width=device-width, initial-scale=1"></head><body>
            <h1>见证 Witness</h1>
            <p>本见证看着 \(count) 本账：每本只许增加，不许改动。<br>
            <span lang="en">This witness watches \(count) logs: each may grow, none may change.</span></p>
            <p>验证公钥 <span lang="en">Verifier key</span><br><code>\(Self.escaped(key))</code></p>
            <table><thead><tr><th>账本 <span lang="en">Log</span></th><th>大小 <span lang="en">Size</span></th>
            <th>最近见证 <span lang="en">Last cosigned</span></th>
            <th>要求 <span lang="en">Asked for</span></th></tr></thead><tbody>

            """
        for log in logs.prefix(Self.rows) where log.isWatched {
            let rule = log.asksParties ? "账本与各方签名 log and parties" : "账本签名 log"
            html += "<tr><td>\(Self.escaped(log.origin))</td><td>\(log.size)</td><td>\(log.cosignedText)</td>"
            html += "<td>\(rule)</td></tr>\n"
        }
        html += "</tbody></table>\n<p>"
        if !isFirst { html += "<a href=\"/\">第一页 First page</a> " }
        if logs.count > Self.rows, let last = logs.prefix(Self.rows).last {
            html += "<a href=\"/?after=\(Self.percentEncoded(last.origin))\">下一页 Next page</a> "
        }
        html += "<a href=\"/logs\">文本 Plain text</a></p>\n</body></html>\n"
        return html
    }

    /// Text as HTML. By scalars: a bracket with an accent on it is one character, and still a bracket for a browser.
    static func escaped(_ text: String) -> String {
        text.unicodeScalars.reduce(into: "") { html, scalar in
            switch scalar {
            case "&": html += "&amp;"
            case "<": html += "&lt;"
            case ">": html += "&gt;"
            case "\"": html += "&quot;"
            default: html.unicodeScalars.append(scalar)
            }
        }
    }

    /// Text as a query's value (RFC 3986): unreserved ASCII stays, every other byte is escaped.
    static func percentEncoded(_ text: String) -> String {
        text.utf8.reduce(into: "") { encoded, byte in
            switch byte {
            case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, 0x2D, 0x2E, 0x5F, 0x7E:
                encoded.unicodeScalars.append(Unicode.Scalar(byte))
            default:
                let digits = String(byte, radix: 16, uppercase: true)
                encoded += digits.utf8.count == 1 ? "%0\(digits)" : "%\(digits)"
            }
        }
    }
}
