import ContractKit
import Hummingbird
import LedgerCore
import NoticesContract
import PageKit
import Primitives
import ReadModels

/// `/notices/{notice}`: what it says, how long it is up, its files, comments; and its poster for the notice board.
struct NoticePage: Sendable {
    private static let commentsPerPage: Int64 = 30

    private let environment: AppEnvironment

    init(_ environment: AppEnvironment) { self.environment = environment }

    func response(_ request: Request, _ context: PageRequestContext) throws -> Response {
        let paging = Paging(request, size: NoticePage.commentsPerPage)
        let page = try page(try context.parameters.require("notice"), paging, context.language)
        return try environment.renderer.response(page, request: request, context: context)
    }

    func poster(_ request: Request, _ context: PageRequestContext) throws -> Response {
        let page = try poster(try context.parameters.require("notice"), context.language)
        return try environment.renderer.response(page, request: request, context: context)
    }

    private func find(_ id: String) throws -> (notice: NoticeSummary, text: NoticeText) {
        guard Fields.isIdentifier(id), let text = try NoticesTables.texts.find(id, in: environment.state),
            let notice = try environment.readModels.read({ try NoticeQueries.notice($0, id) })
        else { throw Problem(.notFound, code: "notices.noticeUnknown", field: "notice") }
        return (notice, text)
    }

    private func page(_ id: String, _ paging: Paging, _ language: Language) throws -> Page {
        let (notice, text) = try find(id)
        let words = NoticesWords(environment, language)
        let wording = words.wording
        let cards = NoticeCards(environment, language)
        let posted = notice.isPosted(at: wording.now)
        var values: [String: Any] = [
            "id": id, "title": text.title, "paragraphs": Wording.paragraphs(text.text), "posted": posted,
            "kind": words.kind(notice.kind), "pill": words.pill(notice).context,
            "mustPost": cards.mustPost(notice), "facts": try facts(notice, words),
            "attachments": try text.attachments.map { try attachment($0, words) },
            "hasAttachments": !text.attachments.isEmpty, "posterPath": "/notices/\(id)/poster",
            "askPath": "/questions/new?notice=\(id)",
            "reads": wording.catalog.counted(
                "notices.notice.reads", try environment.beside.total(NoticesAPI.readTotal(id)), language),
        ]
        values["svg"] = cards.mustPostBar(notice)
        if notice.status == .posted { values["deadline"] = wording.deadline(notice.ends) }
        if let reason = notice.reason {
            values["withdrawn"] = wording.say("notices.notice.withdrawn", ["reason": reason])
        }
        values["replacedByPath"] = notice.replacedBy.map { "/notices/\($0)" }
        values["replacesPath"] = notice.replaces.map { "/notices/\($0)" }
        values.merge(
            try words.comments(
                on: .notice(id), paging, count: notice.comments, path: "/notices/\(id)", open: posted)
        ) { first, _ in first }
        return Page(
            title: text.title, templateName: "notice", context: values,
            scripts: posted ? ["act-form.js", "notice-read.js"] : [], signs: posted)
    }

    private func poster(_ id: String, _ language: Language) throws -> Page {
        let (notice, text) = try find(id)
        let words = NoticesWords(environment, language)
        let wording = words.wording
        var facts = [
            wording.fact("notices.fact.party", try words.party(notice.party)),
            wording.fact("notices.fact.audience", words.audience(notice)),
            wording.fact("notices.fact.begins", time: notice.begins),
            wording.fact("notices.fact.ends", time: notice.ends),
            wording.fact("notices.mustPost.title", NoticeCards(environment, language).required(notice)),
        ]
        if !text.attachments.isEmpty {
            facts.append(wording.fact("notices.notice.files", wording.list(text.attachments.map(\.name))))
        }
        if let record = notice.record { facts.append(wording.code("notices.fact.record", record)) }
        return Poster(
            kind: words.kind(notice.kind), title: text.title, paragraphs: Wording.paragraphs(text.text),
            facts: facts, path: "/notices/\(id)"
        ).page(environment, language)
    }

    private func facts(_ notice: NoticeSummary, _ words: NoticesWords) throws -> [[String: Any]] {
        let wording = words.wording
        var facts = [
            wording.fact("notices.fact.party", try words.party(notice.party)),
            wording.fact("notices.fact.audience", words.audience(notice)),
            wording.fact("notices.fact.begins", time: notice.begins),
            wording.fact("notices.fact.ends", time: notice.ends),
            wording.record("notices.fact.record", transaction: notice.record, leaf: notice.leaf),
        ]
        if let height = notice.begunHeight { facts.append(block("notices.fact.begun", height, wording)) }
        if let height = notice.endedHeight { facts.append(block("notices.fact.ended", height, wording)) }
        return facts
    }

    /// The block that proves when the notice went up or came down.
    private func block(_ key: String, _ height: Int64, _ wording: Wording) -> [String: Any] {
        wording.fact(
            key, wording.say("notices.fact.block", ["height": Formats.count(height)]),
            path: "/ledger/blocks/\(height)")
    }

    private func attachment(_ file: NoticeAttachment, _ words: NoticesWords) throws -> [String: Any] {
        var values: [String: Any] = [
            "name": file.name, "size": words.size(file.size), "digest": file.digest.hex,
        ]
        if try environment.beside.attachment(file.digest) != nil {
            values["path"] = "/api/v1/attachments/\(file.digest.hex)"
        }
        return values
    }
}
