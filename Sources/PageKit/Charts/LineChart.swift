extension Chart {
    /// One line over time.
    package struct Series: Sendable {
        /// What is counted.
        package let name: String
        /// One value a moment; nil leaves a gap.
        package let values: [Int64?]

        /// States one line.
        package init(_ name: String, _ values: [Int64?]) {
            self.name = name
            self.values = values
        }
    }

    /// One to three lines over the same moments, each with its own dashes and markers; ends are labelled with their values.
    ///
    /// The scale always holds zero, so that a small change does not look like a large one.
    /// - Parameters:
    ///   - moments: one short name for each value, such as "2026-03".
    ///   - shown: a value as people read it.
    package static func line(
        _ series: [Series], moments: [String], _ words: Words, shown: (Int64) -> String
    ) -> String {
        let lines = series.prefix(3)
        let plot = LinePlot(lines.flatMap { $0.values.prefix(moments.count) }.compactMap(\.self), moments.count)
        var svg = SVGText(
            id: words.id, kind: "chart-line", title: words.title,
            description: describe(lines, moments, shown), height: LinePlot.height)
        for tick in plot.ticks {
            svg.level(y: plot.y(tick), kind: tick == 0 ? "chart-axis" : "chart-grid")
            svg.words(shown(tick), x: 0, y: plot.y(tick) - 30, anchor: "start", kind: "chart-tick")
        }
        for (index, line) in lines.enumerated() {
            let points = plot.points(line.values.prefix(moments.count))
            svg.field(
                x: 0, y: LinePlot.top, width: SVGText.full, height: LinePlot.depth,
                plot.paths(points).map { ($0, "chart-path chart-path-\(index + 1)") })
            // Every point where there is room; the ends always.
            for point in points.count <= 24 ? points : Array(points.prefix(1) + points.suffix(1)) {
                svg.marker(x: point.x, y: point.y, series: index + 1)
            }
        }
        label(lines, plot, moments.count, shown, &svg)
        if let first = moments.first {
            svg.words(first, x: 0, y: LinePlot.height - 40, anchor: "start", kind: "chart-tick")
        }
        if moments.count > 1, let last = moments.last {
            svg.words(last, x: SVGText.full, y: LinePlot.height - 40, anchor: "end", kind: "chart-tick")
        }
        return svg.finished()
    }

    /// Labels of the last values, and of the first where there is one line; they stand apart from each other.
    private static func label(
        _ lines: ArraySlice<Series>, _ plot: LinePlot, _ count: Int, _ shown: (Int64) -> String, _ svg: inout SVGText
    ) {
        var labels: [(point: Int64, name: String, value: String)] = []
        for line in lines {
            guard let last = line.values.prefix(count).last(where: { $0 != nil }) ?? nil else { continue }
            labels.append((plot.y(last), lines.count == 1 ? "" : line.name, shown(last)))
        }
        labels.sort { ($0.point, $0.name) < ($1.point, $1.name) }
        var heights: [Int64] = []
        for label in labels {
            // Above its point; below it where another label is above already.
            let above = label.point - 60
            let isFree = heights.last.map { above - $0 >= LinePlot.distance + 60 } ?? true
            heights.append(isFree ? above : label.point + 130)
        }
        for (label, y) in zip(labels, LinePlot.apart(heights)) {
            svg.words(
                label.value, x: SVGText.full, y: y, anchor: "end", kind: "chart-value", name: label.name)
        }
    }

    /// What the lines say to those who do not see them: the first and the last value of each.
    private static func describe(
        _ lines: ArraySlice<Series>, _ moments: [String], _ shown: (Int64) -> String
    ) -> String {
        lines.map { line in
            let told = zip(moments, line.values).compactMap { moment, value in value.map { "\(moment) \(shown($0))" } }
            return "\(line.name): \(told.first ?? "–") … \(told.last ?? "–")"
        }.joined(separator: "; ")
    }
}

/// Where the points of a line chart lie.
struct LinePlot {
    /// The whole height, and the part in which lines run, in hundredths of an em.
    static let height: Int64 = 1_700
    static let top: Int64 = 250
    static let depth: Int64 = 1_200
    /// Labels stand this far apart.
    static let distance: Int64 = 140
    /// Room for the markers at both ends, in hundredths of a percent of the width.
    static let margin: Int64 = 250

    /// The values at which there is a line across, lowest first.
    let ticks: [Int64]
    private let low: Int128
    private let high: Int128
    private let count: Int

    init(_ values: [Int64], _ count: Int) {
        let least = Int128(min(0, values.min() ?? 0))
        let most = Int128(max(values.max() ?? 0, least == 0 ? 1 : 0))
        let step = LinePlot.step(most - least)
        low = -((-least + step - 1) / step) * step
        high = (most + step - 1) / step * step
        ticks = stride(from: low, through: high, by: Int128.Stride(step)).compactMap { Int64(exactly: $0) }
        self.count = count
    }

    /// A step of 1, 2 or 5 times a power of ten that makes at most four of the range.
    static func step(_ range: Int128) -> Int128 {
        var power: Int128 = 1
        while true {
            for factor in [1, 2, 5] as [Int128] where factor * power * 4 >= range { return factor * power }
            power *= 10
        }
    }

    /// The height of a value, in hundredths of an em from the top of the drawing.
    func y(_ value: Int64) -> Int64 {
        LinePlot.top + SVGText.scale(high - Int128(value), of: high - low, to: LinePlot.depth)
    }

    /// Where the value of a moment lies across.
    func x(_ index: Int) -> Int64 {
        guard count > 1 else { return SVGText.full / 2 }
        let width = SVGText.full - 2 * LinePlot.margin
        return LinePlot.margin + width * Int64(index) / Int64(count - 1)
    }

    /// The points that have a value.
    func points(_ values: ArraySlice<Int64?>) -> [(index: Int, x: Int64, y: Int64)] {
        values.enumerated().compactMap { index, value in value.map { (index, x(index), y($0)) } }
    }

    /// Lines through neighbouring points on the grid of the plot; a moment without a value begins a new one.
    func paths(_ points: [(index: Int, x: Int64, y: Int64)]) -> [String] {
        var paths: [String] = []
        var previous: Int?
        for point in points {
            let place = "\(point.x) \((point.y - LinePlot.top) * 10_000 / LinePlot.depth)"
            if let last = paths.last, previous == point.index - 1 {
                paths[paths.count - 1] = "\(last) \(place)"
            } else {
                paths.append("M\(place)")
            }
            previous = point.index
        }
        return paths.filter { $0.contains(where: { $0 == " " }) && $0.split(separator: " ").count > 2 }
    }

    /// The heights of labels, moved down and then up until they are readable; as given they are in order.
    static func apart(_ heights: [Int64]) -> [Int64] {
        var moved = heights.map { max($0, distance) }
        for index in moved.indices.dropFirst() { moved[index] = max(moved[index], moved[index - 1] + distance) }
        let lowest = top + depth
        if let last = moved.last, last > lowest {
            moved[moved.count - 1] = lowest
            for index in moved.indices.dropLast().reversed() {
                moved[index] = min(moved[index], moved[index + 1] - distance)
            }
        }
        return moved
    }
}
