import Hummingbird
import PageKit
import ReadModels

/// `/roll.csv`: the whole roll as a table, areas in square metres.
enum RollExport {
    private static let stretch: Int64 = 1_000

    static func response(_ environment: AppEnvironment) -> Response {
        CSVAnswer.response(
            fileName: "roll.csv",
            header: ["number", "unit", "label", "building", "area_m2", "area_source", "owner"]
        ) { after in
            let units = try environment.readModels.read {
                try RegistryQueries.units($0, after: after, limit: stretch)
            }
            let rows = units.map {
                [
                    "\($0.number)", $0.unit, $0.label ?? "", $0.building, CSVText.hundredths($0.area), $0.source,
                    $0.owner.map(Formats.short) ?? "developer",
                ]
            }
            return (rows, Int64(units.count) == stretch ? units.last?.number : nil)
        }
    }
}
