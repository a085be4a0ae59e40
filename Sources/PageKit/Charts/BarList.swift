/// Bars under each other as SVG, one a row, longest first or as given: projects by votes, costs by project.
///
/// The names and numbers stand in the page's list beside it; here each bar only shows a size.
package enum BarList {
    /// One bar alone, to stand in a row of a list or table: `value` of `largest`. `kind` is "chosen" or "plain".
    package static func bar(_ value: Int64, of largest: Int64, id: String, title: String, kind: String) -> String {
        var svg = SVGText(
            id: id, kind: "chart-bar", title: title, description: Formats.percentage(value, of: largest))
        svg.bar(from: 0, width: SVGText.full, kind: "track")
        let width = SVGText.scale(value, of: largest)
        if width > 0 { svg.bar(from: 0, width: width, kind: kind) }
        return svg.finished()
    }
}
