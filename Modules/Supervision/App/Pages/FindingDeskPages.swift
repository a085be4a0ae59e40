import ConstitutionContract
import ContractKit
import Hummingbird
import PageKit
import Primitives
import ReadModels
import SupervisionContract

/// Forms of the desk: raise a finding; answer, accept or ask again.
struct FindingDeskPages: Sendable {
    private let environment: AppEnvironment

    init(_ environment: AppEnvironment) { self.environment = environment }

    func addRoutes(to router: Router<PageRequestContext>) {
        router.get("/desk/findings/new") { request, context in
            try answer(try new(request, context.language), request, context)
        }
        router.get("/desk/findings/{finding}") { request, context in
            let finding = try FindingPages.find(try context.parameters.require("finding"), environment)
            return try answer(try act(finding, context.language), request, context)
        }
    }

    private func answer(_ page: Page, _ request: Request, _ context: PageRequestContext) throws -> Response {
        try environment.renderer.response(page, request: request, context: context)
    }

    /// `/desk/findings/new?about=&subject=&evidence=`: the form of a finding, filled in as far as the address says.
    private func new(_ request: Request, _ language: Language) throws -> Page {
        let words = FindingWords(environment, language)
        let asked = request.uri.queryParameters
        let about = asked["about"].map(String.init)
        let subject = asked["subject"].flatMap { FindingSubject(rawValue: String($0)) }
        let days = try Parameters.integer(SupervisionParameters.replyDays, in: environment.state)
        var values: [String: Any] = [
            "parties": try Parties.all(in: environment.state).map { row -> [String: Any] in
                ["value": row.party.id, "label": row.party.name, "selected": row.party.id == about]
            },
            "subjects": FindingSubject.allCases.map { one -> [String: Any] in
                [
                    "type": "radio", "name": "subject", "field": "subject", "value": one.rawValue,
                    "label": words.subject(one), "checked": one == subject, "required": true,
                    "testid": "subject-\(one.rawValue)",
                ]
            },
            "promise": words.wording.catalog.counted("supervision.raise.promise", days, language),
        ]
        if let evidence = asked["evidence"].flatMap({ Digest(hex: String($0)) }) { values["evidence"] = evidence.hex }
        return Page(
            title: words.wording.say("supervision.raise.title"), templateName: "desk-finding-new", context: values,
            scripts: ["act-form.js", "desk.js"], signs: true)
    }

    /// `/desk/findings/{finding}`: what was said so far, and the forms of what may come next.
    private func act(_ finding: FindingSummary, _ language: Language) throws -> Page {
        let words = FindingWords(environment, language)
        var values = try FindingPages.context(finding, try words.title(finding), words, environment)
        func form(_ act: String, for party: String) throws -> [String: Any] {
            [
                "act": "supervision.\(act)", "name": act, "title": words.wording.say("supervision.\(act).title"),
                "hint": words.wording.say("supervision.\(act).hint", ["party": try words.party(party)]),
            ]
        }
        values["forms"] =
            switch finding.status {
            case .open: [try form("answer", for: finding.about)]
            case .answered: [try form("close", for: finding.party), try form("reopen", for: finding.party)]
            case .closed: [try form("reopen", for: finding.party)]
            }
        return Page(
            title: words.wording.say("supervision.desk.title"), templateName: "desk-finding", context: values,
            scripts: ["act-form.js", "desk.js"], signs: true)
    }
}
