import ContractKit
import Hummingbird
import PageKit
import ReadModels
import SupervisionContract

/// `/supervision/findings?status=&page=`, its CSV, and one finding.
struct FindingPages: Sendable {
    private static let perPage: Int64 = 20
    private static let stretch: Int64 = 1_000

    private let environment: AppEnvironment

    init(_ environment: AppEnvironment) { self.environment = environment }

    func addRoutes(to router: Router<PageRequestContext>) {
        router.get("/supervision/findings") { request, context in
            let status = request.uri.queryParameters["status"].flatMap { FindingStatus(rawValue: String($0)) }
            let page = try list(status, Paging(request, size: FindingPages.perPage), context.language)
            return try environment.renderer.response(page, request: request, context: context)
        }
        router.get("/supervision/findings.csv") { _, _ in export() }
        router.get("/supervision/findings/{finding}") { request, context in
            let finding = try FindingPages.find(try context.parameters.require("finding"), environment)
            return try environment.renderer.response(
                try page(finding, context.language), request: request, context: context)
        }
    }

    /// The finding with this id, or 404.
    static func find(_ id: String, _ environment: AppEnvironment) throws -> FindingSummary {
        guard Fields.isIdentifier(id),
            let finding = try environment.readModels.read({ try SupervisionQueries.finding($0, id) })
        else { throw Problem(.notFound, code: SupervisionReason.unknown.code, field: "finding") }
        return finding
    }

    private func list(_ status: FindingStatus?, _ paging: Paging, _ language: Language) throws -> Page {
        let words = FindingWords(environment, language)
        let cards = FindingCards(environment, language)
        let (total, findings) = try environment.readModels.read { database in
            (
                try SupervisionQueries.count(database, status),
                try SupervisionQueries.findings(database, status, limit: paging.size, offset: paging.offset)
            )
        }
        let tabs: [FindingStatus?] = [nil] + FindingStatus.allCases
        var values: [String: Any] = [
            "findings": try findings.map(cards.card), "csv": "/supervision/findings.csv",
            "tabs": tabs.map { tab -> [String: Any] in
                [
                    "path": FindingPages.path(tab), "current": tab == status,
                    "label": words.wording.say("supervision.tab.\(tab?.rawValue ?? "all")"),
                ]
            },
        ]
        values["pagination"] = paging.context(path: FindingPages.path(status), total: total)
        return Page(title: words.wording.say("supervision.list.title"), templateName: "finding-list", context: values)
    }

    private static func path(_ status: FindingStatus?) -> String {
        "/supervision/findings" + (status.map { "?status=\($0.rawValue)" } ?? "")
    }

    private func page(_ finding: FindingSummary, _ language: Language) throws -> Page {
        let words = FindingWords(environment, language)
        let title = try words.title(finding)
        return Page(
            title: title, templateName: "finding",
            context: try FindingPages.context(finding, title, words, environment))
    }

    /// What the page and the form of the desk show of a finding.
    static func context(
        _ finding: FindingSummary, _ title: String, _ words: FindingWords, _ environment: AppEnvironment
    ) throws -> [String: Any] {
        let wording = words.wording
        let entries = try environment.readModels.read { try SupervisionQueries.entries($0, of: finding.finding) }
        var facts = [
            wording.fact("supervision.fact.about", try words.party(finding.about)),
            wording.fact("supervision.fact.raised", try words.party(finding.party)),
            wording.fact("supervision.fact.subject", words.subject(finding.subject)),
        ]
        if finding.status == .open { facts.append(wording.fact("supervision.fact.due", time: finding.due)) }
        if let evidence = finding.evidence { facts.append(wording.code("supervision.fact.evidence", evidence)) }
        var values: [String: Any] = [
            "id": finding.finding, "title": title, "pill": words.pill(finding).context, "facts": facts,
            "path": FindingCards.path(finding.finding), "deskPath": "/desk/findings/\(finding.finding)",
            "entries": try entries.map { entry in
                var values: [String: Any] = [
                    "kind": wording.say("supervision.entry.\(entry.kind.rawValue)"),
                    "party": try words.party(entry.party), "moment": wording.moment(entry.time),
                    "paragraphs": Wording.paragraphs(entry.text), "late": entry.late,
                ]
                values["recordPath"] = entry.record.map(Wording.recordPath)
                return values
            },
        ]
        if finding.evidence != nil { values["evidenceNote"] = true }
        if finding.status == .open { values["deadline"] = wording.deadline(finding.due) }
        return values
    }

    private func export() -> Response {
        let environment = environment
        return CSVAnswer.response(
            fileName: "findings.csv",
            header: [
                "finding", "subject", "about", "raised_by", "raised", "text", "evidence", "status", "promised_by",
                "overdue", "first_answer", "changed", "transaction",
            ]
        ) { after in
            let found = try environment.readModels.read {
                try SupervisionQueries.after($0, leaf: after - 1, limit: FindingPages.stretch)
            }
            func time(_ milliseconds: Int64) -> String { CalendarTime(milliseconds: milliseconds).machineText() }
            let rows = found.map { finding in
                [
                    finding.finding, finding.subject.rawValue, finding.about, finding.party, time(finding.raised),
                    finding.text, finding.evidence ?? "", finding.status.rawValue, time(finding.due),
                    "\(finding.overdue)", finding.answered.map(time) ?? "", time(finding.changed),
                    finding.record ?? "",
                ]
            }
            return (rows, Int64(found.count) == FindingPages.stretch ? found.last.map { $0.leaf + 1 } : nil)
        }
    }
}
