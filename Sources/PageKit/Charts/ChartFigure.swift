extension Chart {
    /// One line of the key beside a chart.
    package struct Key: Sendable {
        /// The class of its sample: "series-2" for an area, "line-2" for a line.
        package let mark: String
        /// What it stands for.
        package let label: String
        /// How much, as people read it; nil if the chart says so itself.
        package let value: String?

        /// States one line.
        package init(mark: String, label: String, value: String? = nil) {
            self.mark = mark
            self.label = label
            self.value = value
        }
    }

    /// The key of a stacked bar or a donut: names, values, shares.
    package static func keys(_ parts: [Part]) -> [Key] {
        let whole = parts.reduce(Int128(0)) { $0 + Int128(max(0, $1.value)) }
        return parts.enumerated().map { index, part in
            let share = Int64(exactly: whole).map { " · \(Formats.percentage(max(0, part.value), of: $0))" } ?? ""
            return Key(mark: "series-\(min(index + 1, mostSeries))", label: part.name, value: part.shown + share)
        }
    }

    /// The key of a line chart.
    package static func keys(_ series: [Series]) -> [Key] {
        series.prefix(3).enumerated().map { Key(mark: "line-\($0 + 1)", label: $1.name) }
    }

    /// The key of a flow chart: letters and names.
    package static func keys(_ nodes: [Node]) -> [Key] {
        nodes.enumerated().map { Key(mark: "series-\(series($0))", label: "\(letter($0)) \($1.name)") }
    }

    /// The bars of the partial "bars": each of `parts` against the largest.
    package static func bars(_ parts: [Part], id: String) -> [[String: Any]] {
        let largest = max(1, parts.map(\.value).max() ?? 1)
        return parts.enumerated().map { index, part in
            [
                "name": part.name, "value": part.shown,
                "svg": BarList.bar(part.value, of: largest, id: "\(id)-\(index)", title: part.name, kind: "plain"),
            ]
        }
    }

    /// What the partial "chart-figure" shows under the name it stands in: the chart, its key, and the exact values as a table.
    ///
    /// - Parameters:
    ///   - columns: heads of the table, the first names the rows; every other column holds numbers.
    ///   - rows: as many cells as columns.
    ///   - csv: the address of the same numbers for a spreadsheet.
    package static func figure(
        _ svg: String, caption: String, keys: [Key] = [], columns: [String], rows: [[String]], csv: String? = nil
    ) -> [String: Any] {
        var context: [String: Any] = [
            "svg": svg, "caption": caption,
            "columns": columns.enumerated().map { ["label": $1, "number": $0 > 0] as [String: Any] },
            "rows": rows.map { row in
                [
                    "head": row.first ?? "",
                    "cells": zip(columns, row).dropFirst().map { ["name": $0, "value": $1] },
                ] as [String: Any]
            },
        ]
        context["hasKeys"] = !keys.isEmpty
        context["keys"] = keys.map { key in
            var line: [String: Any] = ["mark": key.mark, "label": key.label]
            line["value"] = key.value
            return line
        }
        context["csv"] = csv
        return context
    }
}
