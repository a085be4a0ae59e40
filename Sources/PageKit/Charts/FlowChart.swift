extension Chart {
    /// One place that an amount comes from or goes to.
    package struct Node: Sendable {
        /// What it is.
        package let name: String
        /// The column it stands in, from 0 on the left.
        package let column: Int

        /// States one place.
        package init(_ name: String, column: Int) {
            self.name = name
            self.column = column
        }
    }

    /// An amount that goes from one place to another, each given by its number in the list of places.
    package struct Flow: Sendable {
        /// Where it comes from.
        package let from: Int
        /// Where it goes.
        package let to: Int
        /// How much; what is below nothing is drawn as nothing.
        package let value: Int64

        /// States one amount.
        package init(from: Int, to: Int, _ value: Int64) {
            self.from = from
            self.to = to
            self.value = value
        }
    }

    /// What flows from where to where, such as money from its sources to its uses: columns from left to right, bands as thick
    /// as their amounts. Every place has a letter; where there is room it has its name too.
    ///
    /// Flows that do not lead to a later column are left out.
    package static func flow(
        _ nodes: [Node], _ flows: [Flow], _ words: Words, shown: (Int64) -> String
    ) -> String {
        let layout = FlowLayout(nodes, flows)
        let told = layout.bands.map { "\(nodes[$0.from].name) → \(nodes[$0.to].name) \(shown($0.value))" }
        var svg = SVGText(
            id: words.id, kind: "chart-flow", title: words.title, description: told.joined(separator: ", "),
            height: FlowLayout.height)
        svg.seriesPatterns(min(nodes.count, mostSeries))
        svg.field(
            x: 0, y: FlowLayout.top, width: SVGText.full, height: FlowLayout.depth,
            layout.bands.map { ($0.path, "flow-band flow-series-\(series($0.from))") })
        for (index, place) in layout.places.enumerated() {
            let isLast = place.column == layout.lastColumn
            svg.block(
                x: place.x, y: place.y, width: FlowLayout.thickness, height: place.height, series: series(index),
                shiftedLeft: isLast)
            // The name stands over its block: bands begin below it and cannot hide it.
            let anchor = place.column == 0 ? "start" : isLast ? "end" : "middle"
            svg.words(letter(index), x: place.x, y: place.y - 35, anchor: anchor, kind: "flow-letter")
            svg.words(
                "\(letter(index)) \(nodes[index].name)", x: place.x, y: place.y - 35, anchor: anchor, kind: "flow-name")
        }
        return svg.finished()
    }

    /// The letter of a place, for the chart and for its key: A to Z, then AA.
    package static func letter(_ index: Int) -> String {
        let letters = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZ")
        guard index >= 0 else { return "" }
        return index < letters.count
            ? String(letters[index]) : letter(index / letters.count - 1) + String(letters[index % letters.count])
    }

    /// The colour and pattern of a place, for the chart and for its key.
    package static func series(_ index: Int) -> Int { index % mostSeries + 1 }
}

/// Where the places and bands of a flow chart lie, in whole numbers.
struct FlowLayout {
    /// One place: across in hundredths of a percent, down in hundredths of an em.
    struct Place {
        let column: Int
        let x: Int64
        var y: Int64 = 0
        var height: Int64 = 0
    }

    /// One band, its path on the grid of the field.
    struct Band {
        let from: Int
        let to: Int
        let value: Int64
        var path = ""
    }

    static let top: Int64 = 0
    static let depth: Int64 = 2_000
    static let height: Int64 = 2_000
    /// Room over each place for its name, and the breadth of a block, in hundredths of an em.
    static let gap: Int64 = 180
    static let thickness: Int64 = 90

    private(set) var places: [Place]
    private(set) var bands: [Band]
    let lastColumn: Int

    init(_ nodes: [Chart.Node], _ flows: [Chart.Flow]) {
        let last = max(1, nodes.map(\.column).max() ?? 1)
        lastColumn = last
        places = nodes.map { node in
            let column = min(max(0, node.column), last)
            return Place(column: column, x: SVGText.full * Int64(column) / Int64(last))
        }
        let columns = places.map(\.column)
        bands = flows.filter { flow in
            columns.indices.contains(flow.from) && columns.indices.contains(flow.to)
                && columns[flow.from] < columns[flow.to] && flow.value > 0
        }.map { Band(from: $0.from, to: $0.to, value: $0.value) }
        var out = Array(repeating: Int128(0), count: nodes.count)
        var into = out
        for band in bands {
            out[band.from] += Int128(band.value)
            into[band.to] += Int128(band.value)
        }
        let amounts = zip(out, into).map { max($0, $1) }
        place(amounts)
        draw(amounts)
    }

    /// All columns have one scale, that of the fullest.
    private mutating func place(_ amounts: [Int128]) {
        var most: Int128 = 1
        var crowd: Int64 = 1
        for column in 0...lastColumn {
            let inside = places.indices.filter { places[$0].column == column }
            most = max(most, inside.reduce(0) { $0 + amounts[$1] })
            crowd = max(crowd, Int64(inside.count))
        }
        let room = max(100, FlowLayout.depth - crowd * FlowLayout.gap)
        for column in 0...lastColumn {
            var sum: Int128 = 0
            var rank: Int64 = 0
            for index in places.indices where places[index].column == column {
                let start = SVGText.scale(sum, of: most, to: room)
                sum += amounts[index]
                rank += 1
                places[index].y = rank * FlowLayout.gap + start
                places[index].height = SVGText.scale(sum, of: most, to: room) - start
            }
        }
    }

    /// Bands leave and arrive in the order of the places at their other end, so that they cross as little as may be.
    private mutating func draw(_ amounts: [Int128]) {
        var left = Array(repeating: Int128(0), count: places.count)
        var arrived = left
        var edges = Array(repeating: (from: (Int64(0), Int64(0)), to: (Int64(0), Int64(0))), count: bands.count)
        for index in bands.indices.sorted(by: { (bands[$0].to, $0) < (bands[$1].to, $1) }) {
            let from = bands[index].from
            edges[index].from = edge(from, left[from], left[from] + Int128(bands[index].value), of: amounts[from])
            left[from] += Int128(bands[index].value)
        }
        for index in bands.indices.sorted(by: { (bands[$0].from, $0) < (bands[$1].from, $1) }) {
            let to = bands[index].to
            edges[index].to = edge(to, arrived[to], arrived[to] + Int128(bands[index].value), of: amounts[to])
            arrived[to] += Int128(bands[index].value)
        }
        for index in bands.indices {
            let (start, end) = (places[bands[index].from].x, places[bands[index].to].x)
            let middle = (start + end) / 2
            let (a, b) = edges[index].from
            let (c, d) = edges[index].to
            bands[index].path =
                "M\(start) \(a)C\(middle) \(a) \(middle) \(c) \(end) \(c)V\(d)C\(middle) \(d) \(middle) \(b) \(start) \(b)z"
        }
    }

    /// The upper and lower end of a band at a place, on the grid of the field.
    private func edge(_ place: Int, _ start: Int128, _ end: Int128, of whole: Int128) -> (Int64, Int64) {
        let (y, height) = (places[place].y, places[place].height)
        func grid(_ amount: Int128) -> Int64 {
            (y + SVGText.scale(amount, of: whole, to: height)) * 10_000 / FlowLayout.depth
        }
        return (grid(start), grid(end))
    }
}
