/// SVG written piece by piece; every text is escaped, every look is a class of the stylesheet.
///
/// Lengths across are hundredths of a percent of the drawing's width, lengths down hundredths of an em, and there is no view
/// box: a drawing fills whatever width it is given while labels, strokes and patterns keep their size.
struct SVGText {
    /// The whole width.
    static let full: Int64 = 10_000

    private let id: String
    private var text: String
    private var patterned: Set<String> = []

    /// Begins a drawing; `height` in hundredths of an em if the stylesheet does not set it.
    init(id: String, kind: String, title: String, description: String, height: Int64? = nil) {
        self.id = id
        text =
            "<svg class=\"chart \(kind)\"\(height.map { " height=\"\(SVGText.em($0))\"" } ?? "") role=\"img\" "
            + "aria-labelledby=\"\(id)-title \(id)-desc\">"
            + "<title id=\"\(id)-title\">\(Markup.escaped(title))</title>"
            + "<desc id=\"\(id)-desc\">\(Markup.escaped(description))</desc>"
    }

    /// Stripes for "no" and dots for "abstain", to lay over their bars.
    mutating func patterns() {
        text +=
            "<defs><pattern id=\"\(id)-no\" width=\"8\" height=\"8\" patternUnits=\"userSpaceOnUse\">"
            + "<path d=\"M0 8 8 0\" class=\"chart-ink\"/></pattern>"
            + "<pattern id=\"\(id)-abstain\" width=\"8\" height=\"8\" patternUnits=\"userSpaceOnUse\">"
            + "<circle cx=\"4\" cy=\"4\" r=\"1.3\" class=\"chart-dot\"/></pattern></defs>"
        patterned = ["no", "abstain"]
    }

    /// The patterns that tell series 2 to 6 apart without their colours; the first is plain.
    mutating func seriesPatterns(_ count: Int) {
        let drawings = ["", "M0 8 8 0M-2 2 2-2M6 10 10 6", "", "M0 2H8M0 6H8", "M0 0 8 8M0 8 8 0", "M2 0V8M6 0V8"]
        guard count > 1 else { return }
        text += "<defs>"
        for number in 2...min(count, Chart.mostSeries) {
            text += "<pattern id=\"\(id)-series-\(number)\" width=\"8\" height=\"8\" patternUnits=\"userSpaceOnUse\">"
            text +=
                number == 3
                ? "<circle cx=\"4\" cy=\"4\" r=\"1.6\" class=\"chart-dot\"/>"
                : "<path d=\"\(drawings[number - 1])\" class=\"chart-ink\"/>"
            text += "</pattern>"
            patterned.insert("series-\(number)")
        }
        text += "</defs>"
    }

    /// A bar over the whole height.
    mutating func bar(from start: Int64, width: Int64, kind: String) {
        let place = "x=\"\(percent(start))\" width=\"\(percent(width))\" height=\"100%\""
        text += "<rect \(place) class=\"chart-\(kind)\"/>"
        if patterned.contains(kind) { text += "<rect \(place) fill=\"url(#\(id)-\(kind))\"/>" }
    }

    /// A label in the middle of a bar that is `width` wide; in a small one it is left out where the screen is narrow.
    mutating func label(_ words: String, at middle: Int64, width: Int64, kind: String) {
        let look = "chart-label chart-on-\(kind)\(width < 4_000 ? " chart-tight" : "")"
        text += "<text x=\"\(percent(middle))\" y=\"50%\" class=\"\(look)\">\(Markup.escaped(words))</text>"
    }

    /// A line across the bar.
    mutating func mark(at place: Int64) {
        text += "<line x1=\"\(percent(place))\" x2=\"\(percent(place))\" y1=\"0\" y2=\"100%\" class=\"chart-mark\"/>"
    }

    /// Words at a place; `anchor` is "start", "middle" or "end"; `name` stands before them where there is room.
    mutating func words(_ words: String, x: Int64, y: Int64, anchor: String, kind: String, name: String = "") {
        let before = name.isEmpty ? "" : "<tspan class=\"chart-name\">\(Markup.escaped(name)) </tspan>"
        text +=
            "<text x=\"\(percent(x))\" y=\"\(SVGText.em(y))\" class=\"\(kind) chart-\(anchor)\">"
            + "\(before)\(Markup.escaped(words))</text>"
    }

    /// Words at a place given as a share of width and height.
    mutating func words(_ words: String, x: Int64, share y: Int64, kind: String) {
        text += "<text x=\"\(percent(x))\" y=\"\(percent(y))\" class=\"\(kind)\">\(Markup.escaped(words))</text>"
    }

    /// A level line from one edge to the other.
    mutating func level(y: Int64, kind: String) {
        text += "<line x1=\"0\" x2=\"100%\" y1=\"\(SVGText.em(y))\" y2=\"\(SVGText.em(y))\" class=\"\(kind)\"/>"
    }

    /// A marker of a series: a dot, a square or a diamond.
    mutating func marker(x: Int64, y: Int64, series: Int) {
        let place = "\(percent(x))\" y=\"\(SVGText.em(y))\""
        switch series {
        case 1: text += "<circle cx=\"\(percent(x))\" cy=\"\(SVGText.em(y))\" r=\"4\" class=\"chart-series-1\"/>"
        case 2:
            text += "<svg x=\"\(place) class=\"chart-free\"><path d=\"M-4-4H4V4H-4z\" class=\"chart-series-2\"/></svg>"
        default:
            text +=
                "<svg x=\"\(place) class=\"chart-free\"><path d=\"M0-6 6 0 0 6-6 0z\" class=\"chart-series-3\"/></svg>"
        }
    }

    /// A rectangle of a series with its pattern; the width in hundredths of an em.
    mutating func block(x: Int64, y: Int64, width: Int64, height: Int64, series: Int, shiftedLeft: Bool = false) {
        let kind = "series-\(series)"
        let shift = shiftedLeft ? " class=\"chart-free chart-left\"" : " class=\"chart-free\""
        text += "<svg x=\"\(percent(x))\" y=\"\(SVGText.em(y))\"\(shift)>"
        let left = shiftedLeft ? "x=\"-\(SVGText.em(width))\" " : ""
        let size = "\(left)width=\"\(SVGText.em(width))\" height=\"\(SVGText.em(height))\""
        text += "<rect \(size) class=\"chart-\(kind)\"/>"
        if patterned.contains(kind) { text += "<rect \(size) fill=\"url(#\(id)-\(kind))\"/>" }
        text += "</svg>"
    }

    /// A field in which paths are drawn on a grid of 10,000 by 10,000 that is stretched to its size.
    mutating func field(x: Int64, y: Int64, width: Int64, height: Int64, _ paths: [(path: String, kind: String)]) {
        text +=
            "<svg x=\"\(percent(x))\" y=\"\(SVGText.em(y))\" width=\"\(percent(width))\" height=\"\(SVGText.em(height))\" "
            + "viewBox=\"0 0 10000 10000\" preserveAspectRatio=\"none\" class=\"chart-free\">"
        for (path, kind) in paths { text += "<path d=\"\(path)\" class=\"\(kind)\"/>" }
        text += "</svg>"
    }

    /// Opens the group that turns arcs so that they begin at the top; `endRing` closes it.
    mutating func beginRing() { text += "<g class=\"donut-ring\">" }

    /// Closes the group of arcs.
    mutating func endRing() { text += "</g>" }

    /// An arc of a ring, in ten-thousandths of its circle.
    mutating func arc(from start: Int64, length: Int64, kind: String) {
        func circle(_ look: String) -> String {
            "<circle cx=\"50%\" cy=\"50%\" r=\"38%\" pathLength=\"10000\" stroke-dasharray=\"\(length) 10000\" "
                + "stroke-dashoffset=\"-\(start)\" \(look)/>"
        }
        text += circle("class=\"donut-arc donut-\(kind)\"")
        if patterned.contains(kind) { text += circle("class=\"donut-arc\" stroke=\"url(#\(id)-\(kind))\"") }
    }

    /// The drawing's end.
    func finished() -> String { text + "</svg>" }

    /// `value` of `whole` on the full width; exact integers, never beyond the end.
    static func scale(_ value: Int64, of whole: Int64) -> Int64 { scale(Int128(value), of: Int128(whole), to: full) }

    /// `value` of `whole` on `length`, rounded down, never below nothing or beyond the end.
    static func scale(_ value: Int128, of whole: Int128, to length: Int64) -> Int64 {
        guard whole > 0, value > 0 else { return 0 }
        guard value < whole else { return length }
        return Int64(clamping: value * Int128(length) / whole)
    }

    private func percent(_ length: Int64) -> String { "\(Formats.hundredths(length))%" }
    private static func em(_ length: Int64) -> String { "\(Formats.hundredths(length))em" }
}
