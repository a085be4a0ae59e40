/// The page for people: who this witness is and how far it has seen each ledger. Plain HTML without style and scripts,
/// because a witness has no site around it.
struct WitnessPage {
    /// Ledgers on one page.
    static let rows = 100

    /// The witness's verifier key.
    let key: String
    /// Number of ledgers watched.
    let count: Int
    /// The ledgers of this page, and one more if there is a next page.
    let logs: [WatchedLogSummary]
    /// Whether this is the first page.
    let isFirst: Bool

    var html: String {
        let title = WitnessWords.text("witness.page.title")
        var html = """
            <!DOCTYPE html>
            <html lang="zh-Hans"><head><meta charset="utf-8"><title>\(title.joined(separator: " "))</title>
            <meta name="viewport" content="width=device-width, initial-scale=1"></head><body>
            <h1>\(Self.both(title))</h1>
            <p>\(Self.both(WitnessWords.text("witness.page.intro", ["count": "\(count)"])))</p>
            <p>\(Self.both(WitnessWords.text("witness.page.key")))<br><code>\(Self.escaped(key))</code></p>
            <table><thead><tr>

            """
        for column in ["log", "size", "cosigned", "rule"] {
            html += "<th scope=\"col\">\(Self.both(WitnessWords.text("witness.page.\(column)")))</th>\n"
        }
        html += "</tr></thead><tbody>\n"
        for log in logs.prefix(Self.rows) where log.isWatched { html += Self.row(log) }
        html += "</tbody></table>\n"
        if !isFirst { html += Self.link("/", WitnessWords.text("witness.page.first")) }
        if logs.count > Self.rows, let last = logs.prefix(Self.rows).last {
            html += Self.link(
                "/?after=\(Self.percentEncoded(last.origin))", WitnessWords.text("witness.page.next"))
        }
        return html + Self.link("/logs", WitnessWords.text("witness.page.text")) + "</body></html>\n"
    }

    private static func row(_ log: WatchedLogSummary) -> String {
        let rule = WitnessWords.text(log.asksParties ? "witness.page.ruleParties" : "witness.page.ruleLog")
        return "<tr><td>\(escaped(log.origin))</td><td>\(log.size)</td><td>\(log.cosignedText)</td>"
            + "<td>\(both(rule))</td></tr>\n"
    }

    private static func link(_ address: String, _ texts: [String]) -> String {
        "<p><a href=\"\(address)\">\(both(texts))</a></p>\n"
    }

    /// A text in both languages, the second marked as English for screen readers.
    private static func both(_ texts: [String]) -> String {
        "\(escaped(texts.first ?? "")) <span lang=\"en\">\(escaped(texts.last ?? ""))</span>"
    }

    /// Text as HTML. By scalars: a bracket with an accent on it is one character, and still a bracket for a browser.
    private static func escaped(_ text: String) -> String {
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
    private static func percentEncoded(_ text: String) -> String {
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
