import PageKit
import Testing

/// What must hold of every drawing, whatever the numbers.
@Suite("Charts")
struct ChartTests {
    private static let extremes: [[Int64]] = [
        [], [0], [0, 0, 0], [1], [1, 1, 1], [.max], [.max, .max, .max, .max], [.min, .max, -1, 0], [-5, -3],
        [1, .max], [1, 1_000_000_000, 1, 1], [3, 3, 3, 3, 3, 3, 3, 3], [999_999_999_999_999_999, 1],
    ]

    private static let hostile = "<script>alert(\"1\")</script>&'\u{0301}"

    /// Numbers from a fixed seed, of every size and sign.
    private static func seeded(_ rounds: Int) -> [[Int64]] {
        var seed: UInt64 = 20_261_105
        func next() -> UInt64 {
            seed = seed &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return seed >> 11
        }
        return (0..<rounds).map { _ in
            (0..<Int(next() % 9)).map { _ in
                Int64(truncatingIfNeeded: next() << (next() % 12)) >> Int64(next() % 60)
            }
        }
    }

    private static let lists = extremes + seeded(200)

    private func parts(_ values: [Int64]) -> [Chart.Part] {
        values.enumerated().map { Chart.Part("part \($0)", $1, shown: Formats.count($1)) }
    }

    private func numbers(_ svg: String, _ pattern: Regex<(Substring, Substring)>) -> [Int64] {
        svg.matches(of: pattern).compactMap { Int64($0.1.filter { $0 != "." && $0 != "," }) }
    }

    private func check(_ svg: String) {
        #expect(svg.hasPrefix("<svg ") && svg.hasSuffix("</svg>"))
        #expect(svg.contains("role=\"img\"") && svg.contains("<title ") && svg.contains("<desc "))
        #expect(!svg.contains("style=") && !svg.contains("<script"))
        for match in svg.matches(of: /\s(?:width|height|r)="([^"]*)"/) {
            #expect(!match.1.hasPrefix("-"), "a negative size: \(match.0)")
        }
        let opened = svg.matches(of: /<(svg|g|defs|pattern|title|desc|text)\b/).count
        let closed = svg.matches(of: /<\/(svg|g|defs|pattern|title|desc|text)>/).count
        #expect(opened == closed)
    }

    @Test("the parts of a stacked bar fill it, in order, without gaps")
    func stacked() {
        for values in ChartTests.lists {
            let svg = Chart.stacked(parts(values), .init(id: "x", title: "t"))
            check(svg)
            var end: Int64 = 0
            for bar in svg.matches(of: /<rect x="([\d.]+)%" width="([\d.]+)%" height="100%" class/) {
                let start = Int64(bar.1.filter { $0 != "." })
                #expect(start == end, "\(values)")
                end = (start ?? 0) + (Int64(bar.2.filter { $0 != "." }) ?? 0)
            }
            #expect(end == 10_000 || values.isEmpty && end == 10_000, "\(values): \(end)")
        }
    }

    @Test("the arcs of a donut make one whole turn")
    func donut() {
        for values in ChartTests.lists {
            let svg = Chart.donut(parts(values), .init(id: "x", title: "t"))
            check(svg)
            var end: Int64 = 0
            for arc in svg.matches(
                of:
                    /stroke-dasharray="(\d+) 10000" stroke-dashoffset="-(\d+)" class="donut-arc donut-(series-\d|track)"/
            ) {
                #expect(Int64(arc.2) == end, "\(values)")
                end += Int64(arc.1) ?? 0
            }
            #expect(end == 10_000, "\(values): \(end)")
        }
    }

    @Test("lines stay inside their field, higher values are higher, and zero is on the scale")
    func line() throws {
        for values in ChartTests.lists where !values.isEmpty {
            let moments = values.indices.map { "m\($0)" }
            let svg = Chart.line([.init("s", values.map { $0 })], moments: moments, .init(id: "x", title: "t")) {
                Formats.count($0)
            }
            check(svg)
            let points = svg.matches(of: /<circle cx="([\d.]+)%" cy="([\d.]+)em"/).compactMap { match in
                Int64(match.2.filter { $0 != "." })
            }
            #expect(points.count == values.count)
            for (y, value) in zip(points, values) {
                #expect((250...1_450).contains(y), "\(values)")
                for (other, than) in zip(points, values) where value > than { #expect(y <= other, "\(values)") }
            }
            for path in svg.matches(of: /<path d="M([^"]*)" class="chart-path/) {
                let numbers = path.1.split(separator: " ").compactMap { Int64($0) }
                #expect(numbers.allSatisfy { (0...10_000).contains($0) })
            }
            #expect(svg.contains("chart-axis"), "\(values): no line at zero")
            #expect(svg.matches(of: /chart-grid|chart-axis/).count <= 7)
        }
    }

    @Test("a moment without a value leaves a gap; a line of one point has a marker")
    func gaps() {
        let svg = Chart.line(
            [.init("s", [1, 2, nil, 4, nil, 3, 5])], moments: ["a", "b", "c", "d", "e", "f", "g"],
            .init(id: "x", title: "t")
        ) { Formats.count($0) }
        #expect(svg.matches(of: /class="chart-path chart-path-1"/).count == 2)
        #expect(svg.matches(of: /<circle cx/).count == 5)
    }

    @Test("labels at the ends of three lines stand apart")
    func labels() {
        let same = (0..<3).map { Chart.Series("s\($0)", [1, 1_000]) }
        for series in [same, (0..<3).map { Chart.Series("s\($0)", [1_000, 0]) }] {
            let svg = Chart.line(series, moments: ["a", "b"], .init(id: "x", title: "t")) { Formats.count($0) }
            let heights = svg.matches(of: /y="([\d.]+)em" class="chart-value/).compactMap {
                Int64($0.1.filter { $0 != "." })
            }
            #expect(heights.count == 3)
            for (upper, lower) in zip(heights, heights.dropFirst()) { #expect(lower - upper >= 140) }
        }
    }

    @Test("bands leave and arrive inside their places, and fill the fuller side")
    func flow() {
        for values in ChartTests.lists {
            let nodes = [0, 0, 1, 2, 2].enumerated().map { Chart.Node("n\($0)", column: $1) }
            let ends = [(0, 2), (1, 2), (2, 3), (2, 4), (3, 1), (0, 9), (1, 4)]
            let flows = zip(ends, values).map { Chart.Flow(from: $0.0, to: $0.1, $1) }
            let svg = Chart.flow(nodes, flows, .init(id: "x", title: "t")) { Formats.count($0) }
            check(svg)
            let bands = svg.matches(
                of: /<path d="M(\d+) (\d+)C[\d ]+ (\d+) (\d+)V(\d+)C[\d ]+ (\d+) (\d+)z" class="flow-band/)
            #expect(
                bands.count
                    == flows.filter { $0.value > 0 && $0.to < 5 && nodes[$0.from].column < nodes[$0.to].column }.count)
            for band in bands {
                let (top, bottom) = (Int64(band.2) ?? -1, Int64(band.7) ?? -1)
                #expect(top >= 0 && top <= bottom && bottom <= 10_000)
                #expect((Int64(band.4) ?? -1) <= (Int64(band.5) ?? -1))
                // Both ends are as thick as the amount, give or take the rounding of a hundredth of an em.
                let left = bottom - top
                let right = (Int64(band.5) ?? 0) - (Int64(band.4) ?? 0)
                #expect(abs(left - right) <= 20, "\(values): \(left) and \(right)")
            }
        }
    }

    @Test("hostile names are text")
    func hostile() {
        let name = ChartTests.hostile
        let words = Chart.Words(id: "x", title: name)
        let parts = [Chart.Part(name, 5, shown: name), Chart.Part("b", 5, shown: "5")]
        let nodes = [Chart.Node(name, column: 0), Chart.Node(name, column: 1)]
        let drawings = [
            Chart.stacked(parts, words), Chart.donut(parts, words),
            Chart.line([.init(name, [1, 2]), .init(name, [2, 1])], moments: [name, name], words) { _ in name },
            Chart.flow(nodes, [.init(from: 0, to: 1, 5)], words) { _ in name },
        ]
        for svg in drawings + [QRCode.svg(name, id: "x", title: name)] {
            check(svg)
            #expect(!svg.contains("<script") && !svg.contains("alert(\"1\")"))
        }
        #expect(PersonMark.code(name) == "SCRI-PTAL" && !PersonMark.svg(name).contains("script"))
    }

    @Test("the table and the key hold every value exactly")
    func exact() throws {
        let figure = Chart.figure(
            "", caption: "c", keys: Chart.keys(parts([3, 1])), columns: ["k", "v"], rows: [["a", "3"], ["b", "1"]])
        let keys = try #require(figure["keys"] as? [[String: Any]])
        #expect(keys.map { $0["value"] as? String } == ["3 · 75.00%", "1 · 25.00%"])
        let rows = try #require(figure["rows"] as? [[String: Any]])
        #expect(rows.map { $0["head"] as? String } == ["a", "b"])
        #expect((rows[1]["cells"] as? [[String: String]]) == [["name": "v", "value": "1"]])
    }

    @Test("letters of places go on after Z")
    func letters() {
        #expect([0, 25, 26, 51, 52, 701, 702, -1].map(Chart.letter) == ["A", "Z", "AA", "AZ", "BA", "ZZ", "AAA", ""])
    }

    @Test("a pseudonym always has the same mark, different ones nearly always another")
    func marks() {
        #expect(PersonMark.svg("3f2a") == PersonMark.svg("3f2a"))
        #expect(PersonMark.code("h-3f2a9c01b7") == "H3F2-A9C0" && PersonMark.code("三") == "")
        #expect(Set((0..<500).map { PersonMark.svg("person-\($0)") }).count > 490)
    }
}
