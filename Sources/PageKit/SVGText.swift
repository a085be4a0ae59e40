/// SVG written piece by piece; every text is escaped, every look is a class of the stylesheet.
///
/// Lengths across are hundredths of a percent of the drawing's width and there is no view box: a bar fills whatever width
/// it is given while labels and patterns keep their size.
struct SVGText {
    /// The whole width.
    static let full: Int64 = 10_000

    private let id: String
    private var text: String
    private var patterned: Set<String> = []

    init(id: String, kind: String, title: String, description: String) {
        self.id = id
        text =
            "<svg class=\"chart \(kind)\" role=\"img\" aria-labelledby=\"\(id)-title \(id)-desc\">"
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

    mutating func bar(from start: Int64, width: Int64, kind: String) {
        let place = "x=\"\(percent(start))\" width=\"\(percent(width))\" height=\"100%\""
        text += "<rect \(place) class=\"chart-\(kind)\"/>"
        if patterned.contains(kind) { text += "<rect \(place) fill=\"url(#\(id)-\(kind))\"/>" }
    }

    mutating func label(_ words: String, at middle: Int64, kind: String) {
        text +=
            "<text x=\"\(percent(middle))\" y=\"50%\" class=\"chart-label chart-on-\(kind)\">\(Markup.escaped(words))</text>"
    }

    /// A line across the bar.
    mutating func mark(at place: Int64) {
        text += "<line x1=\"\(percent(place))\" x2=\"\(percent(place))\" y1=\"0\" y2=\"100%\" class=\"chart-mark\"/>"
    }

    func finished() -> String { text + "</svg>" }

    /// `value` of `whole` on the full width; exact integers, never beyond the end.
    static func scale(_ value: Int64, of whole: Int64) -> Int64 {
        guard whole > 0, value > 0 else { return 0 }
        guard value < whole else { return full }
        let product = UInt64(value).multipliedFullWidth(by: UInt64(full))
        return Int64(UInt64(whole).dividingFullWidth((product.high, product.low)).quotient)
    }

    private func percent(_ length: Int64) -> String { "\(Formats.hundredths(length))%" }
}
