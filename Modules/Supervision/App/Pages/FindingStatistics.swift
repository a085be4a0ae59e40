import PageKit
import ReadModels
import SupervisionContract

/// What the page of statistics says of findings.
struct FindingStatistics: Sendable {
    private let environment: AppEnvironment
    private let words: FindingWords

    init(_ environment: AppEnvironment, _ language: Language) {
        self.environment = environment
        words = FindingWords(environment, language)
    }

    func all() throws -> [Statistic] {
        let subjects = try environment.readModels.read { try SupervisionQueries.bySubject($0) }
        guard !subjects.isEmpty else { return [] }
        let wording = words.wording
        let title = wording.say("supervision.statistic.title")
        let names = FindingStatus.allCases.map { wording.say("supervision.statistic.\($0.rawValue)") }
        let parts = zip(FindingStatus.allCases, names).map { status, name in
            let sum = subjects.reduce(Int64(0)) { $0 + ($1.counts[status] ?? 0) }
            return Chart.Part(name, sum, shown: Formats.count(sum))
        }
        return [
            Statistic(
                id: "supervision-findings", title: title, note: wording.say("supervision.statistic.note"),
                svg: Chart.stacked(parts, Chart.Words(id: "supervision-findings", title: title)),
                keys: Chart.keys(parts),
                columns: [wording.say("supervision.statistic.subject")] + names
                    + [wording.say("supervision.statistic.overdue")],
                rows: subjects.map { entry in
                    [words.subject(entry.subject)]
                        + FindingStatus.allCases.map { Formats.count(entry.counts[$0] ?? 0) }
                        + [Formats.count(entry.overdue)]
                })
        ]
    }
}
