extension Styleguide {
    var data: [Component] { [tabs, table, figures, facts, money, person, code, pages, csv] }

    private var tabs: Component {
        Component(
            id: "tabs2", template: "component-tabs",
            samples: [
                (
                    "usual",
                    [
                        "tabsLabel": sample("repairs"),
                        "tabs": [
                            ["path": "?all", "label": sample("tabAll"), "current": false] as [String: Any],
                            ["path": "?open", "label": sample("tabOpen"), "current": true, "count": "12"],
                            ["path": "?done", "label": sample("tabDone"), "current": false],
                        ],
                    ]
                )
            ])
    }

    /// Three years of the common revenue in fen.
    static let years: [(year: String, income: Int64, spent: Int64)] = [
        ("2023", 18_640_000, 17_205_050), ("2024", 21_030_000, 22_481_275), ("2025", 24_975_530, 19_900_000),
    ]

    private var table: Component {
        let columns = ["yearColumn", "income", "spent", "saldo"].map { sample($0) }
        return Component(
            id: "table", template: "component-table",
            samples: [
                (
                    "usual",
                    [
                        "caption": sample("year"),
                        "columns": columns.enumerated().map { ["label": $1, "number": $0 > 0] as [String: Any] },
                        "rows": Styleguide.years.map { year in
                            [
                                "head": year.year,
                                "cells": zip(columns.dropFirst(), [year.income, year.spent, year.income - year.spent])
                                    .map { ["name": $0, "value": Formats.money(fen: $1)] },
                            ] as [String: Any]
                        },
                    ]
                )
            ])
    }

    private var figures: Component {
        Component(
            id: "figures", template: "figures",
            samples: [
                (
                    "usual",
                    [
                        "figures": [
                            ["name": sample("requests"), "value": "48"],
                            ["name": sample("closed"), "value": "41", "note": "85.42%"],
                            ["name": sample("inTime"), "value": "39", "note": "95.12%"],
                        ]
                    ]
                )
            ])
    }

    private var facts: Component {
        Component(
            id: "facts", template: "facts",
            samples: [
                (
                    "usual",
                    [
                        "facts": [
                            ["name": sample("place"), "value": sample("building3")],
                            [
                                "name": sample("when"), "value": time.moment(Styleguide.now, language),
                                "datetime": time.machine(Styleguide.now),
                            ],
                            ["name": sample("kind"), "value": sample("kindDoor"), "path": "?kind=door"],
                        ]
                    ]
                )
            ])
    }

    private var money: Component {
        Component(
            id: "money", template: "component-money",
            samples: [
                ("usual", ["amount": Formats.amount(fen: 123_456)]),
                ("big", ["amount": Formats.amount(fen: 24_975_530, big: true)]),
                ("incoming", ["amount": Formats.amount(fen: 860_000, signed: true)]),
                ("outgoing", ["amount": Formats.amount(fen: -5, signed: true)]),
            ])
    }

    private var person: Component {
        Component(
            id: "person", template: "component-person",
            samples: ["3f2a9c01b7", "9be04d77aa", "c15e23f08d"].map {
                ("usual", ["person": PersonMark.context($0)])
            })
    }

    private var code: Component {
        let address = "https://example.org/public/notices/2026-03"
        return Component(
            id: "qr", template: "component-qr",
            samples: [
                (
                    "usual",
                    [
                        "svg": QRCode.svg(address, id: "qr", title: sample("scan")), "caption": sample("scan"),
                        "address": address,
                    ]
                )
            ])
    }

    private var pages: Component {
        Component(
            id: "pages", template: "pagination",
            samples: [
                (
                    "middle",
                    ["pagination": ["previous": "?page=2", "next": "?page=4", "position": "3 / 12"] as [String: Any]]
                )
            ])
    }

    private var csv: Component {
        Component(id: "csv", template: "component-csv", samples: [("usual", ["csv": "/feed.atom"])])
    }
}
