import Hummingbird
import PageKit
import Primitives
import ReadModels
import SupervisionContract

/// The API of findings: all of them, and one with everything that was said about it.
struct SupervisionAPI: Sendable {
    private static let listing = APIListing(path: "/api/v1/findings", member: "findings")

    private let environment: AppEnvironment

    init(_ environment: AppEnvironment) { self.environment = environment }

    func addRoutes(to router: Router<PageRequestContext>) {
        router.get("/api/v1/findings") { request, _ in
            try SupervisionAPI.listing.answer(request) { paging in
                try environment.readModels.read { database in
                    (
                        try SupervisionQueries.count(database),
                        try SupervisionQueries.findings(database, limit: paging.size, offset: paging.offset)
                    )
                }
            } write: { (finding: FindingSummary, fields) in
                SupervisionAPI.write(finding, [], to: &fields)
            }
        }
        router.get("/api/v1/findings/{finding}") { _, context in
            let finding = try FindingPages.find(try context.parameters.require("finding"), environment)
            let entries = try environment.readModels.read { try SupervisionQueries.entries($0, of: finding.finding) }
            return APIAnswer.object { SupervisionAPI.write(finding, entries, to: &$0) }
        }
    }

    private static func write(_ finding: FindingSummary, _ entries: [FindingEntry], to fields: inout JSONWriter) {
        fields.field("about", finding.about)
        fields.field("changed", finding.changed)
        if !entries.isEmpty {
            fields.field("entries", array: entries) { writer, entry in
                writer.object { fields in
                    fields.field("kind", entry.kind.rawValue)
                    fields.field("late", entry.late)
                    fields.field("number", entry.number)
                    fields.field("party", entry.party)
                    if let record = entry.record { fields.field("record", record) }
                    fields.field("text", entry.text)
                    fields.field("time", entry.time)
                }
            }
        }
        if let evidence = finding.evidence { fields.field("evidence", evidence) }
        fields.field("finding", finding.finding)
        if let answered = finding.answered { fields.field("firstAnswer", answered) }
        fields.field("overdue", finding.overdue)
        fields.field("promisedBy", finding.due)
        fields.field("raised", finding.raised)
        fields.field("raisedBy", finding.party)
        if let record = finding.record { fields.field("record", record) }
        fields.field("status", finding.status.rawValue)
        fields.field("subject", finding.subject.rawValue)
        fields.field("text", finding.text)
    }

    /// The operations as OpenAPI 3.1 describes them.
    static let operations: [APIOperation] = [
        listing.operation(
            id: "listFindings", summary: "Findings of the supervision committee, the latest first", tag: "supervision",
            item: schema),
        .one(
            path: listing.path, parameter: "finding", id: "getFinding",
            summary: "A finding with everything that was said about it", tag: "supervision",
            description: "The finding",
            schema: schema.with(
                properties: """
                    "entries":{"type":"array","items":{"type":"object","required":["number","kind","party","text","time",\
                    "late"],"properties":{"number":{"type":"integer"},"kind":{"enum":["raised","answered","closed",\
                    "reopened"]},"party":{"type":"string"},"text":{"type":"string"},"time":{"type":"integer"},"late":\
                    {"type":"boolean"},"record":{"type":"string"}}}}
                    """)),
    ]

    private static let schema = APISchema(
        required: [
            "finding", "about", "raisedBy", "subject", "text", "status", "raised", "promisedBy", "overdue", "changed",
        ],
        properties: """
            "finding":{"type":"string"},"about":{"type":"string","description":"the party concerned"},"raisedBy":\
            {"type":"string"},"subject":{"enum":["nodeDown","equivocation","lateBatch","certificate","other"]},"text":\
            {"type":"string"},"evidence":{"type":"string","description":"SHA-256 of a file that shows it"},"status":\
            {"enum":["open","answered","closed"]},"raised":{"type":"integer","description":"ms since 1970 UTC"},\
            "promisedBy":{"type":"integer"},"overdue":{"type":"boolean","description":"whether a promised time has ever \
            passed without an answer"},"firstAnswer":{"type":"integer"},"changed":{"type":"integer"},"record":{"type":\
            "string"}
            """)
}
