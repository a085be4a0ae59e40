/// Charts as SVG, drawn on the server with whole numbers, the same on every machine.
///
/// Each has a title and a description for those who do not see it, and no words of its own: what it says comes in, made by
/// the message catalog. Parts differ by colour, by pattern and by a label. Sizes are rounded to a ten-thousandth; the exact
/// values stand in the table that the partial "chart-figure" puts beside every chart (see `figure`).
package enum Chart {
    /// Series beyond this have neither a colour nor a pattern of their own.
    package static let mostSeries = 6

    /// What a chart is called.
    package struct Words: Sendable {
        /// Unique on the page; letters, digits and hyphens.
        package let id: String
        /// What is shown.
        package let title: String

        /// Names a chart.
        package init(id: String, title: String) {
            self.id = id
            self.title = title
        }
    }

    /// One part of a whole, or one bar.
    package struct Part: Sendable {
        /// What it is.
        package let name: String
        /// How much, in any unit; what is below nothing is drawn as nothing.
        package let value: Int64
        /// The same as people read it: "¥1,234.56".
        package let shown: String

        /// States one part.
        package init(_ name: String, _ value: Int64, shown: String) {
            self.name = name
            self.value = value
            self.shown = shown
        }
    }

    /// A stacked bar: the parts of one whole beside each other, six at most; the rest is drawn as the last.
    package static func stacked(_ parts: [Part], _ words: Words) -> String {
        let values = parts.map { Int128(max(0, $0.value)) }
        let whole = values.reduce(0, +)
        var svg = SVGText(
            id: words.id, kind: "chart-ballot", title: words.title, description: description(parts, of: whole))
        svg.seriesPatterns(parts.count)
        if whole == 0 { svg.bar(from: 0, width: SVGText.full, kind: "track") }
        var sum: Int128 = 0
        for (index, part) in parts.enumerated() {
            let start = SVGText.scale(sum, of: whole, to: SVGText.full)
            sum += values[index]
            let width = SVGText.scale(sum, of: whole, to: SVGText.full) - start
            guard width > 0 else { continue }
            let kind = "series-\(min(index + 1, mostSeries))"
            svg.bar(from: start, width: width, kind: kind)
            // A label only where even a narrow phone has room for it; the key names every part.
            if width >= 1_800, part.name.count <= 8 {
                svg.label(part.name, at: start + width / 2, width: width, kind: kind)
            }
        }
        return svg.finished()
    }

    /// A ring of at most six parts, clockwise from the top. What is beyond the fifth is drawn together, as a sixth.
    package static func donut(_ parts: [Part], _ words: Words) -> String {
        let values = parts.map { Int128(max(0, $0.value)) }
        let whole = values.reduce(0, +)
        var svg = SVGText(
            id: words.id, kind: "chart-donut", title: words.title, description: description(parts, of: whole))
        svg.seriesPatterns(min(parts.count, mostSeries))
        svg.beginRing()
        if whole == 0 { svg.arc(from: 0, length: SVGText.full, kind: "track") }
        var sum: Int128 = 0
        var labels: [(middle: Int64, words: String, series: Int)] = []
        var edges: [Int64] = []
        for index in 0..<min(parts.count, mostSeries) {
            let start = SVGText.scale(sum, of: whole, to: SVGText.full)
            sum = index == mostSeries - 1 ? whole : sum + values[index]
            let length = SVGText.scale(sum, of: whole, to: SVGText.full) - start
            guard length > 0 else { continue }
            svg.arc(from: start, length: length, kind: "series-\(index + 1)")
            edges.append(start)
            if length >= 700 { labels.append((start + length / 2, "\((length + 50) / 100)%", index + 1)) }
        }
        if edges.count > 1 { for edge in edges { svg.arc(from: max(0, edge - 20), length: 40, kind: "gap") } }
        svg.endRing()
        for label in labels {
            let (sine, cosine) = direction(label.middle)
            svg.words(
                label.words, x: 5_000 + sine * 38 / 100, share: 5_000 - cosine * 38 / 100,
                kind: "chart-label chart-on-series-\(label.series)")
        }
        return svg.finished()
    }

    /// "Heating 40.00%, Water 60.00%": what a chart of parts says to those who do not see it.
    private static func description(_ parts: [Part], of whole: Int128) -> String {
        parts.map { "\($0.name) \($0.shown)\(share($0.value, of: whole))" }.joined(separator: ", ")
    }

    /// " (12.34%)", or nothing where there is no whole or it is too large to be told in percent.
    private static func share(_ value: Int64, of whole: Int128) -> String {
        guard let whole = Int64(exactly: whole), whole > 0 else { return "" }
        return " (\(Formats.percentage(max(0, value), of: whole)))"
    }

    /// Sine and cosine, times 10,000, of a turn in ten-thousandths clockwise from the top.
    static func direction(_ turn: Int64) -> (sine: Int64, cosine: Int64) {
        (sine(turn), sine((turn + 2_500) % SVGText.full))
    }

    /// Bhaskara's approximation (7th century), in whole numbers; off by 0.2 % at most, less than a label's place shows.
    private static func sine(_ turn: Int64) -> Int64 {
        let half = turn % 5_000
        let product = half * (5_000 - half)
        let size = 16 * product * 10_000 / (5 * 25_000_000 - 4 * product)
        return turn % SVGText.full < 5_000 ? size : -size
    }
}
