import Hummingbird
import NoticesContract
import PageKit
import ReadModels

/// `/notices.csv` and `/questions.csv`: everything that was published and asked, in its order.
struct NoticesExport: Sendable {
    private static let stretch: Int64 = 1_000

    private let environment: AppEnvironment

    init(_ environment: AppEnvironment) { self.environment = environment }

    func notices() -> Response {
        let environment = environment
        return CSVAnswer.response(
            fileName: "notices.csv",
            header: [
                "notice", "title", "kind", "audience", "building", "party", "status", "begins", "ends",
                "must_post_days", "published", "replaces", "replaced_by", "comments", "transaction",
            ]
        ) { after in
            let found = try environment.readModels.read {
                try NoticeQueries.after($0, leaf: after - 1, limit: NoticesExport.stretch)
            }
            let rows = found.map { notice in
                [
                    notice.notice, notice.title, notice.kind.rawValue, notice.audience, notice.building ?? "",
                    notice.party, notice.status.rawValue, NoticesExport.time(notice.begins),
                    NoticesExport.time(notice.ends), "\(notice.mustPostDays)", NoticesExport.time(notice.published),
                    notice.replaces ?? "", notice.replacedBy ?? "", "\(notice.comments)", notice.record ?? "",
                ]
            }
            return (rows, Int64(found.count) == NoticesExport.stretch ? found.last.map { $0.leaf + 1 } : nil)
        }
    }

    func questions() -> Response {
        let environment = environment
        let reader = ContributionReader(environment)
        return CSVAnswer.response(
            fileName: "questions.csv",
            header: [
                "question", "topic", "standing", "text", "asked", "promised_by", "answered", "in_time", "upvotes",
                "answers", "comments", "notice", "transaction",
            ]
        ) { after in
            let found = try environment.readModels.read {
                try QuestionQueries.after($0, leaf: after - 1, limit: NoticesExport.stretch)
            }
            let rows = try found.map { question in
                let contribution = try reader.read(question.content)
                return [
                    question.question, question.topic.rawValue, contribution.word, contribution.text ?? "",
                    NoticesExport.time(question.asked), NoticesExport.time(question.due),
                    question.answered.map(NoticesExport.time) ?? "", question.inTime.map { "\($0)" } ?? "",
                    "\(question.upvotes)", "\(question.answers)", "\(question.comments)", question.notice ?? "",
                    question.record ?? "",
                ]
            }
            return (rows, Int64(found.count) == NoticesExport.stretch ? found.last.map { $0.leaf + 1 } : nil)
        }
    }

    private static func time(_ milliseconds: Int64) -> String {
        CalendarTime(milliseconds: milliseconds).machineText()
    }
}
