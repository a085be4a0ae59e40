import Hummingbird
import NoticesContract
import PageKit
import Primitives
import ReadModels

/// Notices as cards, on the list and on the home page, and how their must-post period stands.
struct NoticeCards: Sendable {
    /// Cards on the home page.
    static let homeLimit: Int64 = 6

    private let environment: AppEnvironment
    private let words: NoticesWords
    private var wording: Wording { words.wording }

    init(_ environment: AppEnvironment, _ language: Language) {
        self.environment = environment
        words = NoticesWords(environment, language)
    }

    /// What the home page shows.
    func home() throws -> [HomeCard] {
        let posted = try environment.readModels.read { try NoticeQueries.posted($0, limit: NoticeCards.homeLimit) }
        return posted.filter { $0.isPosted(at: wording.now) }.map { notice in
            HomeCard(
                isOpen: true, title: notice.title, kind: words.kind(notice.kind), pill: words.pill(notice),
                address: NoticeCards.path(notice), time: notice.ends, began: notice.begins, isNews: true,
                testID: "notice-link")
        }
    }

    static func path(_ notice: NoticeSummary) -> String { "/notices/\(notice.notice)" }

    /// One notice for the partial "notice-card".
    func card(_ notice: NoticeSummary) throws -> [String: Any] {
        var values: [String: Any] = [
            "path": NoticeCards.path(notice), "title": notice.title, "kind": words.kind(notice.kind),
            "party": try words.party(notice.party), "audience": words.audience(notice),
            "pill": words.pill(notice).context,
        ]
        switch notice.status {
        case .coming:
            values["note"] = wording.say("notices.card.begins", ["time": wording.momentText(notice.begins)])
        case .posted: values["deadline"] = wording.deadline(notice.ends)
        case .ended, .withdrawn: values["moment"] = wording.moment(notice.ends)
        }
        if notice.mustPostDays > 0 { values["mustPost"] = mustPost(notice) }
        values["corrected"] = notice.replacedBy != nil
        return values
    }

    /// How the must-post period stands, in one line.
    func mustPost(_ notice: NoticeSummary) -> String {
        guard notice.mustPostDays > 0 else { return required(notice) }
        let required = required(notice)
        switch notice.status {
        case .coming: return required
        case .withdrawn where notice.begunHeight == nil: return wording.say("notices.mustPost.never")
        default:
            let days = daysUp(notice)
            let up = wording.catalog.counted("notices.mustPost.up", days, wording.language)
            return wording.say(
                notice.endedHeight != nil
                    ? "notices.mustPost.proven"
                    : days >= notice.mustPostDays ? "notices.mustPost.done" : "notices.mustPost.running",
                ["required": required, "up": up])
        }
    }

    /// For how long the notice must stay up, in words.
    func required(_ notice: NoticeSummary) -> String {
        notice.mustPostDays > 0
            ? wording.catalog.counted("notices.mustPost.required", notice.mustPostDays, wording.language)
            : wording.say("notices.mustPost.none")
    }

    /// Whole days that the notice has been up.
    func daysUp(_ notice: NoticeSummary) -> Int64 {
        guard notice.begunHeight != nil else { return 0 }
        let end = notice.endedHeight == nil ? wording.now : notice.ends
        return max(0, end - notice.begins) / Instant.day
    }

    /// The bar beside the line; nil where nothing must stay up, or where it is not up yet.
    func mustPostBar(_ notice: NoticeSummary) -> String? {
        guard notice.mustPostDays > 0, notice.begunHeight != nil else { return nil }
        return BarList.bar(
            min(daysUp(notice), notice.mustPostDays), of: notice.mustPostDays, id: "must-post",
            title: wording.say("notices.mustPost.title"), kind: "chosen")
    }
}
