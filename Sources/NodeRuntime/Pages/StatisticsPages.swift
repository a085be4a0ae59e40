import Hummingbird
import PageKit

extension LedgerPages {
    /// `/statistics`: what the modules count, as charts with their tables.
    func statistics(_ language: Language) throws -> Page {
        let subjects = try modules.flatMap { try $0.statistics(environment, language) }
        let context: [String: Any] = [
            "statistics": subjects.map { subject in
                var values = Chart.figure(
                    subject.svg, caption: subject.title, keys: subject.keys, columns: subject.columns,
                    rows: subject.rows, csv: "/statistics/\(subject.id).csv")
                values["id"] = subject.id
                values["note"] = subject.note
                return values
            }
        ]
        return Page(title: text("page.statistics.title", language), templateName: "statistics", context: context)
    }

    /// `/statistics/{id}.csv`: one subject's table.
    func statisticsTable(_ request: Request, _ context: PageRequestContext) throws -> Response {
        let name = try context.parameters.require("file")
        guard name.hasSuffix(".csv"),
            let subject = try modules.flatMap({ try $0.statistics(environment, context.language) })
                .first(where: { "\($0.id).csv" == name })
        else { throw Problem.notFound }
        return CSVAnswer.response(fileName: name, header: subject.columns) { _ in (subject.rows, nil) }
    }
}
