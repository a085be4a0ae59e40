import AssemblyContract
import ContractKit
import Hummingbird
import LedgerCore
import PageKit
import Primitives
import ReadModels

/// The assembly's API: motions, and one motion with its text and, when it is counted, its result.
struct AssemblyAPI: Sendable {
    private static let listing = APIListing(path: "/api/v1/motions", member: "motions")

    private let environment: AppEnvironment

    init(_ environment: AppEnvironment) { self.environment = environment }

    func addRoutes(to router: Router<PageRequestContext>) {
        router.get("/api/v1/motions") { request, _ in try list(request) }
        router.get("/api/v1/motions/{motion}") { _, context in try motion(try context.parameters.require("motion")) }
    }

    private func list(_ request: Request) throws -> Response {
        try AssemblyAPI.listing.answer(request) { paging in
            try environment.readModels.read { database in
                (
                    try AssemblyQueries.count(database),
                    try AssemblyQueries.motions(database, limit: paging.size, offset: paging.offset)
                )
            }
        } write: { motion, fields in
            AssemblyAPI.write(motion, to: &fields)
        }
    }

    private func motion(_ id: String) throws -> Response {
        let state = environment.state
        guard Fields.isIdentifier(id), let row = try AssemblyTables.motions.find(id, in: state),
            let text = try AssemblyTables.texts.find(id, in: state),
            let motion = try environment.readModels.read({ try AssemblyQueries.motion($0, id) })
        else { throw APIAnswer.missing("assembly.motionUnknown", "motion") }
        let result = try AssemblyTables.results.find(id, in: state)
        return APIAnswer.object { fields in
            AssemblyAPI.write(motion, to: &fields)
            fields.field("convener", row.party)
            fields.field("majority", row.matter.majority.rawValue)
            fields.field("noticeShortened", row.noticeShortened)
            if let result { fields.field("result", object: { result.write(to: &$0) }) }
            fields.field("scope", row.scope.word)
            fields.field("text", text.text)
        }
    }

    private static func write(_ motion: MotionSummary, to fields: inout JSONWriter) {
        fields.field("ballots", motion.ballots)
        fields.field("closes", motion.closes)
        fields.field("matter", motion.matter)
        fields.field("motion", motion.motion)
        fields.field("opens", motion.opens)
        fields.field("participatingArea", motion.area)
        fields.field("participatingHeads", motion.heads)
        if let passed = motion.passed { fields.field("passed", passed) }
        if let record = motion.record { fields.field("record", record) }
        fields.field("status", motion.status.rawValue)
        fields.field("title", motion.title)
        fields.field("totalArea", motion.totalArea)
        fields.field("totalHeads", motion.totalHeads)
    }

    /// The operations as OpenAPI 3.1 describes them.
    static let operations: [APIOperation] = [
        listing.operation(id: "listMotions", summary: "Motions, the latest first", tag: "assembly", item: schema),
        .one(
            path: listing.path, parameter: "motion", id: "getMotion", summary: "A motion with its text and its result",
            tag: "assembly", description: "The motion; with a result when it is counted",
            schema: schema.with(
                required: ["convener", "majority", "scope", "text"],
                properties: """
                    "convener":{"type":"string"},"majority":{"enum":["ordinary","special","unanimous"]},\
                    "noticeShortened":{"type":"boolean"},"result":{"type":"object"},"scope":{"type":"string"},\
                    "text":{"type":"string"}
                    """)),
    ]

    private static let schema = APISchema(
        required: ["motion", "title", "matter", "status", "opens", "closes", "ballots"],
        properties: """
            "motion":{"type":"string"},"title":{"type":"string"},"matter":{"type":"integer","description":\
            "item 1 to 9 of Civil Code art. 278, or 279"},"status":{"enum":["announced","open","closed","withdrawn"]},\
            "opens":{"type":"integer","description":"ms since 1970 UTC"},"closes":{"type":"integer"},\
            "ballots":{"type":"integer"},"participatingHeads":{"type":"integer"},"participatingArea":{"type":"integer",\
            "description":"0.01 m²"},"totalHeads":{"type":"integer"},"totalArea":{"type":"integer"},\
            "passed":{"type":"boolean"},"record":{"type":"string","description":"id of the announcing transaction"}
            """)
}
