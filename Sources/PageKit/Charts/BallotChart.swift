/// A stacked horizontal bar of one vote as SVG: yes, no, abstain, not cast.
///
/// Each part differs by colour, by pattern and by its label, so colour is never the only cue (WCAG 2.2, 1.4.1). No style
/// attribute is used; the classes are in the stylesheet. The table with the same numbers stands beside it in the page.
package struct BallotChart: Sendable {
    /// The parts of one vote in one unit, heads or 0.01 m².
    package struct Shares: Sendable {
        /// For the motion.
        package let yes: Int64
        /// Against it.
        package let no: Int64
        /// Taking part without deciding.
        package let abstain: Int64
        /// Entitled and silent.
        package let notCast: Int64

        /// The four parts; negative numbers count as nothing.
        package init(yes: Int64, no: Int64, abstain: Int64, notCast: Int64) {
            self.yes = max(0, yes)
            self.no = max(0, no)
            self.abstain = max(0, abstain)
            self.notCast = max(0, notCast)
        }
    }

    private let catalog: MessageCatalog

    /// Words come from `catalog`.
    package init(_ catalog: MessageCatalog) { self.catalog = catalog }

    /// The chart. `id` is unique on the page and made of letters, digits and hyphens; `title` says what is counted;
    /// `threshold` marks a share of the whole bar (numerator, denominator), such as two thirds for the quorum.
    package func svg(
        _ shares: Shares, id: String, title: String, threshold: (Int64, Int64)? = nil, _ language: Language
    ) -> String {
        let parts = [
            ("yes", shares.yes), ("no", shares.no), ("abstain", shares.abstain), ("notCast", shares.notCast),
        ]
        let whole = parts.reduce(Int64(0)) { $0.addingReportingOverflow($1.1).partialValue }
        let labels = parts.map { (name: catalog.text("page.chart.\($0.0)", language), value: $0.1) }
        let description = labels.map { "\($0.name) \(Formats.percentage($0.value, of: whole))" }.joined(separator: ", ")
        var svg = SVGText(id: id, kind: "chart-ballot", title: title, description: description)
        svg.patterns()
        var sum: Int64 = 0
        for (part, label) in zip(parts, labels) {
            let start = SVGText.scale(sum, of: whole)
            sum = sum.addingReportingOverflow(part.1).partialValue
            let width = SVGText.scale(sum, of: whole) - start
            guard width > 0 else { continue }
            svg.bar(from: start, width: width, kind: part.0)
            if width >= 1_800 { svg.label(label.name, at: start + width / 2, width: width, kind: part.0) }
        }
        if let threshold { svg.mark(at: SVGText.scale(threshold.0, of: threshold.1)) }
        return svg.finished()
    }
}

extension BallotChart {
    /// Only how many have taken part, for a vote that is still open: `part` of `whole`, with the quorum marked at two thirds.
    package func participation(
        _ part: Int64, of whole: Int64, id: String, title: String, threshold: (Int64, Int64) = (2, 3)
    ) -> String {
        var svg = SVGText(
            id: id, kind: "chart-ballot", title: title, description: Formats.percentage(part, of: whole))
        svg.bar(from: 0, width: SVGText.full, kind: "track")
        let width = SVGText.scale(part, of: whole)
        if width > 0 { svg.bar(from: 0, width: width, kind: "part") }
        svg.mark(at: SVGText.scale(threshold.0, of: threshold.1))
        return svg.finished()
    }
}
