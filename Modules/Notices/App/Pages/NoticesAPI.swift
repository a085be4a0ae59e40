import ContractKit
import HTTPTypes
import Hummingbird
import LedgerCore
import NoticesContract
import PageKit
import Primitives
import ReadModels

/// The API of notices: all of them, one with its text, and the count of devices that have seen one.
struct NoticesAPI: Sendable {
    private static let listing = APIListing(path: "/api/v1/notices", member: "notices")

    private let environment: AppEnvironment

    init(_ environment: AppEnvironment) { self.environment = environment }

    func addRoutes(to router: Router<PageRequestContext>) {
        router.get("/api/v1/notices") { request, _ in try list(request) }
        router.get("/api/v1/notices/{notice}") { _, context in try notice(try context.parameters.require("notice")) }
        router.post("/api/v1/notices/{notice}/reads") { _, context in
            try read(try context.parameters.require("notice"))
        }
    }

    /// The name of the total of devices that have seen a notice.
    static func readTotal(_ notice: String) -> String { "notices/\(notice)/read" }

    private func list(_ request: Request) throws -> Response {
        try NoticesAPI.listing.answer(request) { paging in
            try environment.readModels.read { database in
                (
                    try NoticeQueries.count(database),
                    try NoticeQueries.all(database, limit: paging.size, offset: paging.offset)
                )
            }
        } write: { notice, fields in
            NoticesAPI.write(notice, detail: nil, to: &fields)
        }
    }

    private func find(_ id: String) throws -> NoticeSummary {
        guard Fields.isIdentifier(id),
            let notice = try environment.readModels.read({ try NoticeQueries.notice($0, id) })
        else { throw APIAnswer.missing("notices.noticeUnknown", "notice") }
        return notice
    }

    private func notice(_ id: String) throws -> Response {
        let notice = try find(id)
        guard let text = try NoticesTables.texts.find(id, in: environment.state)
        else { throw APIAnswer.missing("notices.noticeUnknown", "notice") }
        let reads = try environment.beside.total(NoticesAPI.readTotal(id))
        return APIAnswer.object { NoticesAPI.write(notice, detail: (reads, text), to: &$0) }
    }

    /// Counts that one more device has seen a notice that is up. Nobody is identified, so nobody is counted twice only as
    /// far as devices are honest.
    private func read(_ id: String) throws -> Response {
        guard try find(id).isPosted(at: environment.renderer.currentTime)
        else { throw Problem(.conflict, code: "notices.notPosted", field: "notice") }
        try environment.beside.count(NoticesAPI.readTotal(id))
        return Response(status: .noContent, headers: [.cacheControl: "no-store"])
    }

    private static func write(
        _ notice: NoticeSummary, detail: (reads: Int64, text: NoticeText)?, to fields: inout JSONWriter
    ) {
        if let detail {
            fields.field("attachments", array: detail.text.attachments) { writer, file in
                writer.object { file.write(to: &$0) }
            }
        }
        fields.field("audience", notice.audience)
        fields.field("begins", notice.begins)
        if let building = notice.building { fields.field("building", building) }
        fields.field("comments", notice.comments)
        fields.field("ends", notice.ends)
        fields.field("kind", notice.kind.rawValue)
        fields.field("mustPostDays", notice.mustPostDays)
        fields.field("notice", notice.notice)
        fields.field("party", notice.party)
        fields.field("published", notice.published)
        if let detail { fields.field("reads", detail.reads) }
        if let record = notice.record { fields.field("record", record) }
        if let replacedBy = notice.replacedBy { fields.field("replacedBy", replacedBy) }
        if let replaces = notice.replaces { fields.field("replaces", replaces) }
        fields.field("status", notice.status.rawValue)
        if let detail { fields.field("text", detail.text.text) }
        fields.field("title", notice.title)
        if let reason = notice.reason { fields.field("withdrawnFor", reason) }
    }

    /// The operations as OpenAPI 3.1 describes them.
    static let operations: [APIOperation] = [
        listing.operation(id: "listNotices", summary: "Notices, the latest first", tag: "notices", item: schema),
        .one(
            path: listing.path, parameter: "notice", id: "getNotice", summary: "A notice with its text and files",
            tag: "notices", description: "The notice",
            schema: schema.with(
                required: ["attachments", "reads", "text"],
                properties: """
                    "attachments":{"type":"array","items":{"type":"object","required":["digest","mediaType","name",\
                    "size"],"properties":{"digest":{"type":"string","description":"SHA-256 in hex; the file is at \
                    /api/v1/attachments/{digest}"},"mediaType":{"type":"string"},"name":{"type":"string"},\
                    "size":{"type":"integer","description":"bytes"}}}},"reads":{"type":"integer","description":\
                    "devices that have seen it, as counted by this node"},"text":{"type":"string"}
                    """)),
        APIOperation(
            path: "\(listing.path)/{notice}/reads", method: "post",
            json: """
                {"operationId":"countNoticeRead","summary":"Counts that a device has seen a notice that is up; nobody is \
                identified","tags":["notices"],"parameters":[{"name":"notice","in":"path","required":true,"schema":\
                {"type":"string"}}],"responses":{"204":{"description":"Counted"},\(APIOperation.notFound),\
                "409":{"description":"The notice is not up now.","content":{"application/json":{"schema":\
                {"$ref":"#/components/schemas/Problem"}}}}}}
                """),
    ]

    private static let schema = APISchema(
        required: [
            "notice", "title", "kind", "audience", "party", "status", "begins", "ends", "mustPostDays", "published",
            "comments",
        ],
        properties: """
            "notice":{"type":"string"},"title":{"type":"string"},"kind":{"enum":["general","decision","finance",\
            "meeting","election","works","safety"]},"audience":{"enum":["estate","building","owners","residents"]},\
            "building":{"type":"string"},"party":{"type":"string"},"status":{"enum":["coming","posted","ended",\
            "withdrawn"]},"begins":{"type":"integer","description":"ms since 1970 UTC"},"ends":{"type":"integer"},\
            "mustPostDays":{"type":"integer","description":"days for which it must stay up"},"published":{"type":\
            "integer"},"comments":{"type":"integer"},"replaces":{"type":"string","description":"the earlier notice that \
            it corrects"},"replacedBy":{"type":"string"},"withdrawnFor":{"type":"string"},"record":{"type":"string",\
            "description":"id of the publishing transaction"}
            """)
}
