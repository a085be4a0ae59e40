import ContractKit
import ConstitutionContract
import LedgerCore
import NoticesContract
import PageKit
import Primitives
import ReadModels

/// The words that all pages of notices and questions share, in one language.
struct NoticesWords: Sendable {
    /// Characters of a question that stand for its title.
    private static let titleLength = 60

    let environment: AppEnvironment
    let wording: Wording
    let reader: ContributionReader

    init(_ environment: AppEnvironment, _ language: Language) {
        self.environment = environment
        wording = Wording(environment.renderer, language)
        reader = ContributionReader(environment)
    }

    /// A party's name.
    func party(_ id: String) throws -> String {
        try Parties.find(id, in: environment.state)?.party.name ?? id
    }

    func kind(_ kind: NoticeKind) -> String { wording.say("notices.kind.\(kind.rawValue)") }

    func topic(_ topic: QuestionTopic) -> String { wording.say("notices.topic.\(topic.rawValue)") }

    /// Whom a notice addresses.
    func audience(_ notice: NoticeSummary) -> String {
        wording.say("notices.audience.\(notice.audience)", ["building": notice.building ?? ""])
    }

    func pill(_ notice: NoticeSummary) -> Pill {
        switch notice.status {
        case .coming: wording.pill(.wait, "notices.state.coming")
        case .posted where notice.isPosted(at: wording.now): wording.pill(.open, "notices.state.posted")
        case .posted, .ended: wording.pill(.plain, "notices.state.ended")
        case .withdrawn: wording.pill(.bad, "notices.state.withdrawn")
        }
    }

    func pill(_ question: QuestionSummary) -> Pill {
        if question.masked { return wording.pill(.plain, "notices.state.masked") }
        return switch question.inTime {
        case true: wording.pill(.good, "notices.state.answered")
        case false: wording.pill(.wait, "notices.state.answeredLate")
        case nil where question.due < wording.now: wording.pill(.bad, "notices.state.overdue")
        case nil: wording.pill(.open, "notices.state.waiting")
        }
    }

    /// The first line of what a question says, or why it is not shown.
    func title(_ question: QuestionSummary) throws -> String {
        try NoticesWords.firstLine(reader.read(question.content), wording)
    }

    static func firstLine(_ contribution: Contribution, _ wording: Wording) -> String {
        switch contribution {
        case .shown(let text):
            let line = text.split(whereSeparator: \.isNewline).first ?? ""
            return line.count > titleLength ? "\(line.prefix(titleLength))…" : String(line)
        case .waiting: return wording.say("notices.content.waiting")
        case .masked: return wording.say("notices.content.masked")
        }
    }

    /// What a contribution says for a template: `paragraphs`, or `gone` with the reason why it is not shown.
    func body(_ contribution: Contribution) throws -> [String: Any] {
        switch contribution {
        case .shown(let text): return ["paragraphs": Wording.paragraphs(text)]
        case .waiting: return ["gone": wording.say("notices.content.waiting")]
        case .masked(let decision):
            var values: [String: Any] = [
                "gone": wording.say(
                    "notices.content.maskedBy",
                    [
                        "reason": wording.say("notices.maskReason.\(decision.proposal.reason.rawValue)"),
                        "proposer": try party(decision.proposal.party),
                        "confirmer": try party(decision.confirmedBy),
                    ])
            ]
            values["goneNote"] = decision.proposal.note
            return values
        }
    }

    /// One entry of the partial "contribution".
    func entry(_ summary: ContributionSummary, author: String, official: Bool = false) throws -> [String: Any] {
        var values = try body(reader.read(summary.content))
        values["id"] = "c\(summary.leaf)"
        values["author"] = author
        values["official"] = official
        values["moment"] = wording.moment(summary.time)
        values["recordPath"] = summary.record.map(Wording.recordPath)
        values["maskPath"] = NoticesWords.maskPath(summary.content)
        return values
    }

    /// A resident's pseudonym on this site.
    func resident(_ account: String) -> String { wording.say("notices.resident", ["account": account]) }

    /// Where moderators propose to mask a content, or to show it again.
    static func maskPath(_ content: Digest) -> String { "/desk/masks/new?content=\(content.hex)" }

    /// The comments under something, with the form to add one: what the partial "contributions" shows.
    func comments(on subject: CommentSubject, _ paging: Paging, count: Int64, path: String, open: Bool) throws
        -> [String: Any]
    {
        let listed = try environment.readModels.read {
            try QuestionQueries.comments($0, on: subject, limit: paging.size, offset: paging.offset)
        }
        var values: [String: Any] = [
            "comments": try listed.map { try entry($0, author: resident($0.author)) },
            "commentCount": wording.catalog.counted("notices.comments", count, wording.language),
            "commentable": open, "subjectKind": subject.word, "subjectID": subject.id, "subjectPath": path,
        ]
        values["pagination"] = paging.context(path: path, fragment: "comments", total: count)
        return values
    }

    /// A choice of a form's list: `value`, `label`, `selected`.
    func option(_ value: String, _ label: String, selected: Bool = false) -> [String: Any] {
        ["value": value, "label": label, "selected": selected]
    }

    /// One answer as a card, for the partial "choice".
    func choice(field: String, _ value: String, label: String, note: String? = nil, checked: Bool = false)
        -> [String: Any]
    {
        var values: [String: Any] = [
            "type": "radio", "name": field, "field": field, "value": value, "label": label, "checked": checked,
            "required": true, "testid": "\(field)-\(value)",
        ]
        values["note"] = note
        return values
    }

    /// A file's size as people read it.
    func size(_ bytes: Int64) -> String {
        let kilobytes = max(1, (bytes + 512) / 1024)
        return kilobytes < 1024
            ? wording.say("notices.size.kilobytes", ["count": Formats.count(kilobytes)])
            : wording.say("notices.size.megabytes", ["count": Formats.hundredths(bytes / 10_486)])
    }
}
