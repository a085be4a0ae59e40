import NoticesContract
import PageKit
import ReadModels

/// What the page of statistics says: promises kept month by month, and what was published.
struct NoticesStatistics: Sendable {
    private static let months: Int64 = 24

    private let environment: AppEnvironment
    private let words: NoticesWords

    init(_ environment: AppEnvironment, _ language: Language) {
        self.environment = environment
        words = NoticesWords(environment, language)
    }

    func all() throws -> [Statistic] {
        let (months, kinds) = try environment.readModels.read { database in
            (
                try QuestionQueries.replyMonths(database, limit: NoticesStatistics.months),
                try NoticeQueries.countByKind(database)
            )
        }
        return [months.isEmpty ? nil : replies(months), kinds.isEmpty ? nil : published(kinds)].compactMap { $0 }
    }

    private func replies(_ months: [ReplyMonth]) -> Statistic {
        let wording = words.wording
        let title = wording.say("notices.statistic.replies")
        let names = ["inTime", "late", "waiting"].map { wording.say("notices.statistic.\($0)") }
        let sums = months.reduce(into: [Int64](repeating: 0, count: 3)) { sums, month in
            sums[0] += month.inTime
            sums[1] += month.late
            sums[2] += month.waiting
        }
        let parts = zip(names, sums).map { Chart.Part($0, $1, shown: Formats.count($1)) }
        return Statistic(
            id: "notices-replies", title: title, note: wording.say("notices.statistic.repliesNote"),
            svg: Chart.stacked(parts, Chart.Words(id: "notices-replies", title: title)), keys: Chart.keys(parts),
            columns: [wording.say("notices.statistic.month")] + names,
            rows: months.map { month in
                [month.month] + [month.inTime, month.late, month.waiting].map(Formats.count)
            })
    }

    private func published(_ counts: [NoticeKind: Int64]) -> Statistic {
        let wording = words.wording
        let title = wording.say("notices.statistic.published")
        let kinds = NoticeKind.allCases.map { (words.kind($0), counts[$0] ?? 0) }.filter { $0.1 > 0 }
            .sorted { ($1.1, $0.0) < ($0.1, $1.0) }
        let parts = kinds.map { Chart.Part($0.0, $0.1, shown: Formats.count($0.1)) }
        return Statistic(
            id: "notices-published", title: title,
            svg: Chart.donut(parts, Chart.Words(id: "notices-published", title: title)), keys: Chart.keys(parts),
            columns: [wording.say("notices.statistic.kind"), wording.say("notices.statistic.count")],
            rows: kinds.map { [$0.0, Formats.count($0.1)] })
    }
}
