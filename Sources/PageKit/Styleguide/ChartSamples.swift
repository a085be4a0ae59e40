extension Styleguide {
    var charts: [Component] { [ballot, bars, stacked, donut] }
    var trends: [Component] { [line, flow] }

    private var ballot: Component {
        let svg = BallotChart(catalog).svg(
            .init(yes: 601, no: 84, abstain: 33, notCast: 182), id: "ballot", title: sample("heads"), threshold: (2, 3),
            language)
        let names = ["yes", "no", "abstain", "notCast"].map { catalog.text("page.chart.\($0)", language) }
        return Component(
            id: "ballot", template: "chart-figure",
            samples: [
                (
                    "usual",
                    Chart.figure(
                        svg, caption: sample("heads"), columns: [sample("kind"), sample("count")],
                        rows: zip(names, ["601", "84", "33", "182"]).map { [$0, $1] })
                )
            ])
    }

    private var parts: [Chart.Part] {
        [("lift", 19), ("water", 14), ("kindDoor", 8), ("kindLight", 4), ("green", 2), ("other", 1)].map {
            Chart.Part(sample($0), $1, shown: Formats.count($1))
        }
    }

    private func figure(_ svg: String, _ parts: [Chart.Part]) -> [String: Any] {
        let whole = parts.reduce(0) { $0 + $1.value }
        return Chart.figure(
            svg, caption: sample("repairs"), keys: Chart.keys(parts),
            columns: [sample("kind"), sample("count"), sample("share")],
            rows: parts.map { [$0.name, $0.shown, Formats.percentage($0.value, of: whole)] })
    }

    private var bars: Component {
        Component(
            id: "bars", template: "bars", samples: [("usual", ["bars": Chart.bars(parts, id: "bar")])])
    }

    private var stacked: Component {
        let none = parts.prefix(2).map { Chart.Part($0.name, 0, shown: "0") }
        return Component(
            id: "stacked", template: "chart-figure",
            samples: [
                ("usual", figure(Chart.stacked(parts, .init(id: "stacked", title: sample("repairs"))), parts)),
                ("nothing", figure(Chart.stacked(none, .init(id: "stacked-0", title: sample("repairs"))), none)),
            ])
    }

    private var line: Component {
        let months = (1...12).map { $0 < 10 ? "2025-0\($0)" : "2025-\($0)" }
        let monthly = [Chart.Series(sample("count"), [31, 28, 36, 42, 40, 55, 61, 58, 47, 44, 39, 48])]
        let years = Styleguide.years
        let accounts = [
            Chart.Series(sample("income"), years.map(\.income)), Chart.Series(sample("spent"), years.map(\.spent)),
            Chart.Series(sample("saldo"), [nil] + years.dropFirst().map { $0.income - $0.spent }),
        ]
        return Component(
            id: "line", template: "chart-figure",
            samples: [
                (
                    "oneLine",
                    Chart.figure(
                        Chart.line(
                            monthly, moments: months, .init(id: "monthly", title: sample("monthly")),
                            shown: Formats.count), caption: sample("monthly"),
                        columns: [sample("month"), sample("count")],
                        rows: zip(months, monthly[0].values).map { [$0, $1.map { Formats.count($0) } ?? "–"] },
                        csv: "/feed.atom")
                ),
                (
                    "threeLines",
                    Chart.figure(
                        Chart.line(
                            accounts, moments: years.map(\.year), .init(id: "accounts", title: sample("accounts")),
                            shown: { Formats.money(fen: $0) }), caption: sample("accounts"), keys: Chart.keys(accounts),
                        columns: [sample("yearColumn")] + accounts.map(\.name),
                        rows: years.indices.map { index in
                            [years[index].year]
                                + accounts.map { $0.values[index].map { Formats.money(fen: $0) } ?? "–" }
                        })
                ),
            ])
    }

    private var donut: Component {
        let none = parts.prefix(2).map { Chart.Part($0.name, 0, shown: "0") }
        return Component(
            id: "donut", template: "chart-figure",
            samples: [
                ("usual", figure(Chart.donut(parts, .init(id: "donut", title: sample("repairs"))), parts)),
                ("nothing", figure(Chart.donut(none, .init(id: "donut-0", title: sample("repairs"))), none)),
            ])
    }

    private var flow: Component {
        let nodes = [
            Chart.Node(sample("parking"), column: 0), Chart.Node(sample("adverts"), column: 0),
            Chart.Node(sample("lockers"), column: 0), Chart.Node(sample("pool"), column: 1),
            Chart.Node(sample("fund"), column: 2), Chart.Node(sample("activities"), column: 2),
            Chart.Node(sample("audit"), column: 2),
        ]
        let flows = [
            Chart.Flow(from: 0, to: 3, 14_975_530), .init(from: 1, to: 3, 7_200_000), .init(from: 2, to: 3, 2_800_000),
            .init(from: 3, to: 4, 17_482_871), .init(from: 3, to: 5, 5_000_000), .init(from: 3, to: 6, 2_492_659),
        ]
        let svg = Chart.flow(
            nodes, flows, .init(id: "flow", title: sample("money")), shown: { Formats.money(fen: $0) })
        return Component(
            id: "flow", template: "chart-figure",
            samples: [
                (
                    "usual",
                    Chart.figure(
                        svg, caption: sample("money"), keys: Chart.keys(nodes),
                        columns: [sample("from"), sample("to"), sample("amount")],
                        rows: flows.map { [nodes[$0.from].name, nodes[$0.to].name, Formats.money(fen: $0.value)] })
                )
            ])
    }
}
