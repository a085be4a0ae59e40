import ConstitutionContract
import ContractKit
import Hummingbird
import NoticesContract
import PageKit
import Primitives
import ReadModels

/// Forms of the desk: publish a notice, answer a question, propose to mask, decide on a proposal.
struct NoticesDeskPages: Sendable {
    private static let masksPerPage: Int64 = 20
    /// For how many days a notice is up if nothing else is said.
    private static let usualDays: Int64 = 30
    /// What the node takes as an attachment.
    private static let mediaTypes = [
        "application/pdf", "image/png", "image/jpeg", "image/webp", "text/plain", "text/csv",
    ]
    private static let largestFile: Int64 = 8 << 20

    private let environment: AppEnvironment

    init(_ environment: AppEnvironment) { self.environment = environment }

    func addRoutes(to router: Router<PageRequestContext>) {
        router.get("/desk/notices/new") { request, context in
            try answer(try notice(request, context.language), request, context)
        }
        router.get("/desk/notices/{notice}/withdraw") { request, context in
            try answer(try withdraw(try context.parameters.require("notice"), context.language), request, context)
        }
        router.get("/desk/questions/{question}") { request, context in
            let question = try QuestionPage.find(try context.parameters.require("question"), environment)
            return try answer(try reply(question, context.language), request, context)
        }
        router.get("/desk/masks") { request, context in
            let paging = Paging(request, size: NoticesDeskPages.masksPerPage)
            return try answer(try masks(paging, context.language), request, context)
        }
        router.get("/desk/masks/new") { request, context in
            let content = request.uri.queryParameters["content"].flatMap { Digest(hex: String($0)) }
            return try answer(try mask(content, context.language), request, context)
        }
    }

    private func answer(_ page: Page, _ request: Request, _ context: PageRequestContext) throws -> Response {
        try environment.renderer.response(page, request: request, context: context)
    }

    private func form(
        _ key: String, _ template: String, _ values: [String: Any], _ words: NoticesWords, scripts: [String] = []
    ) -> Page {
        Page(
            title: words.wording.say(key), templateName: template, context: values,
            scripts: ["act-form.js", "desk.js"] + scripts,
            signs: true)
    }

    /// `/desk/notices/new?replaces=`: the form of a notice, with the must-post period beside each kind.
    private func notice(_ request: Request, _ language: Language) throws -> Page {
        let words = NoticesWords(environment, language)
        let kinds = try NoticeKind.allCases.map { kind in
            let days = try Parameters.integer(NoticesParameters.mustPost(kind), in: environment.state)
            let note =
                days == 0
                ? words.wording.say("notices.mustPost.none")
                : words.wording.catalog.counted("notices.mustPost.required", days, language)
            return words.choice(field: "kind", kind.rawValue, label: words.kind(kind), note: note)
        }
        var values: [String: Any] = [
            "kinds": kinds,
            "audiences": ["estate", "building", "owners", "residents"].map {
                words.option($0, words.wording.say("notices.audienceChoice.\($0)"))
            },
            "endsAhead": String(NoticesDeskPages.usualDays * Instant.day / Instant.second),
            "files": [
                "id": "notice-files", "name": "files", "field": "attachments",
                "label": words.wording.say("notices.publish.files"),
                "hint": words.wording.say("notices.publish.filesHint"),
                "accept": NoticesDeskPages.mediaTypes.joined(separator: ","),
                "most": String(NoticesLimits.attachments), "largest": String(NoticesDeskPages.largestFile),
                "largestShown": words.size(NoticesDeskPages.largestFile),
            ] as [String: Any],
        ]
        let replaces = request.uri.queryParameters["replaces"].map(String.init) ?? ""
        if Fields.isIdentifier(replaces), let text = try NoticesTables.texts.find(replaces, in: environment.state) {
            values["replaces"] = ["id": replaces, "title": text.title]
        }
        return form("notices.publish.title", "desk-notice", values, words, scripts: ["file-drop.js"])
    }

    /// `/desk/notices/{notice}/withdraw`: the form to take a notice down.
    private func withdraw(_ id: String, _ language: Language) throws -> Page {
        let words = NoticesWords(environment, language)
        guard Fields.isIdentifier(id),
            let notice = try environment.readModels.read({ try NoticeQueries.notice($0, id) })
        else { throw Problem(.notFound, code: "notices.noticeUnknown", field: "notice") }
        let values: [String: Any] = [
            "id": id, "title": notice.title, "noticePath": NoticeCards.path(notice),
            "mustPost": NoticeCards(environment, language).mustPost(notice),
        ]
        return form("notices.withdraw.title", "desk-withdraw", values, words)
    }

    /// `/desk/questions/{question}`: what was asked and answered so far, and the form of an official answer.
    private func reply(_ question: QuestionSummary, _ language: Language) throws -> Page {
        let words = NoticesWords(environment, language)
        var values = try words.body(words.reader.read(question.content))
        let answers = try environment.readModels.read { try QuestionQueries.answers($0, question.question) }
        values["id"] = question.question
        values["questionPath"] = QuestionCards.path(question.question)
        values["topic"] = words.topic(question.topic)
        values["pill"] = words.pill(question).context
        values["asker"] = words.resident(question.account)
        values["moment"] = words.wording.moment(question.asked)
        values["open"] = !question.masked
        values["answered"] = !answers.isEmpty
        values["answers"] = try answers.map { try words.entry($0, author: words.party($0.author), official: true) }
        if answers.isEmpty { values["deadline"] = words.wording.deadline(question.due) }
        return form("notices.answer.title", "desk-answer", values, words)
    }

    /// `/desk/masks?page=`: proposals that wait, each with the two forms to agree and to disagree.
    private func masks(_ paging: Paging, _ language: Language) throws -> Page {
        let words = NoticesWords(environment, language)
        let (listed, total) = try environment.readModels.read { database in
            (
                try QuestionQueries.waitingMasks(database, limit: paging.size, offset: paging.offset),
                try QuestionQueries.waitingMaskCount(database)
            )
        }
        var values: [String: Any] = ["proposals": try listed.compactMap { try proposal($0, words) }]
        values["pagination"] = paging.context(path: "/desk/masks", total: total)
        return form("notices.masks.title", "desk-masks", values, words)
    }

    private func proposal(_ mask: WaitingMask, _ words: NoticesWords) throws -> [String: Any]? {
        guard let row = try NoticesTables.contents.find(mask.content.hex, in: environment.state),
            let proposal = row.proposal, proposal.number == mask.number
        else { return nil }
        var values = try words.body(words.reader.read(mask.content))
        values["content"] = mask.content.hex
        values["number"] = String(mask.number)
        values["what"] = words.wording.say("notices.contribution.\(row.kind.rawValue)")
        values["action"] = words.wording.say("notices.desk.\(proposal.action.rawValue)")
        values["reason"] = words.wording.say("notices.maskReason.\(proposal.reason.rawValue)")
        values["proposer"] = try words.party(mask.proposer)
        values["moment"] = words.wording.moment(mask.proposed)
        values["note"] = proposal.note
        values["place"] = try place(row)
        return values
    }

    /// `/desk/masks/new?content=`: the form to propose that a contribution be masked, or shown again.
    private func mask(_ content: Digest?, _ language: Language) throws -> Page {
        let words = NoticesWords(environment, language)
        guard let content, let row = try NoticesTables.contents.find(content.hex, in: environment.state)
        else { throw Problem(.notFound, code: "notices.contentUnknown", field: "content") }
        let action: MaskAction = row.isMasked ? .unmask : .mask
        var values = try words.body(words.reader.read(content))
        values["content"] = content.hex
        values["what"] = words.wording.say("notices.contribution.\(row.kind.rawValue)")
        values["action"] = action.rawValue
        values["actionWord"] = words.wording.say("notices.desk.\(action.rawValue)")
        values["waits"] = row.proposal != nil
        values["place"] = try place(row)
        values["reasons"] = MaskReason.allCases.map {
            words.choice(field: "reason", $0.rawValue, label: words.wording.say("notices.maskReason.\($0.rawValue)"))
        }
        return form("notices.mask.title", "desk-mask", values, words)
    }

    /// The page on which a contribution stands.
    private func place(_ row: ContentRow) throws -> String {
        guard row.kind == .comment else { return QuestionCards.path(row.id) }
        switch try NoticesTables.comments.find(row.id, in: environment.state)?.on {
        case .notice(let id): return "/notices/\(id)"
        case .question(let id): return QuestionCards.path(id)
        case nil: return "/questions"
        }
    }
}
