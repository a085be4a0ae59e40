import BudgetingContract
import ContractKit
import Hummingbird
import LedgerCore
import PageKit
import Primitives
import ReadModels

/// The budgeting API: votes, and one vote with its projects and, when it is counted, its result.
struct BudgetingAPI: Sendable {
    private static let listing = APIListing(path: "/api/v1/budgets", member: "budgets")

    private let environment: AppEnvironment

    init(_ environment: AppEnvironment) { self.environment = environment }

    func addRoutes(to router: Router<PageRequestContext>) {
        router.get("/api/v1/budgets") { request, _ in try list(request) }
        router.get("/api/v1/budgets/{vote}") { _, context in try vote(try context.parameters.require("vote")) }
    }

    private func list(_ request: Request) throws -> Response {
        try BudgetingAPI.listing.answer(request) { paging in
            try environment.readModels.read { database in
                (
                    try BudgetingQueries.count(database),
                    try BudgetingQueries.votes(database, limit: paging.size, offset: paging.offset)
                )
            }
        } write: { vote, fields in
            BudgetingAPI.write(vote, to: &fields)
        }
    }

    private func vote(_ id: String) throws -> Response {
        let state = environment.state
        guard Fields.isIdentifier(id), let row = try BudgetingTables.votes.find(id, in: state),
            let terms = try BudgetingTables.terms.find(id, in: state),
            let vote = try environment.readModels.read({ try BudgetingQueries.vote($0, id) })
        else { throw APIAnswer.missing("budgeting.voteUnknown", "vote") }
        let projects = try VoteReader.projects(of: id, in: state)
        let result = try BudgetingTables.results.find(id, in: state)
        let text = try BudgetingTables.texts.find(id, in: state)?.text
        return APIAnswer.object { fields in
            BudgetingAPI.write(vote, to: &fields)
            fields.field("ballot", terms.ballot.rawValue)
            fields.field("convener", row.party)
            fields.field("maximum", row.maximum)
            fields.field("minimum", row.minimum)
            fields.field("projectList", array: projects) { writer, project in
                writer.object { project.write(to: &$0) }
            }
            if let result { BudgetingAPI.write(result, projects, to: &fields) }
            if let text { fields.field("text", text) }
            if let threshold = terms.rule.threshold { fields.field("threshold", threshold) }
        }
    }

    private static func write(_ result: VoteResult, _ projects: [ProjectEntry], to fields: inout JSONWriter) {
        let winners = result.winners.compactMap { number in
            projects.indices.contains(Int(number) - 1) ? projects[Int(number) - 1].id : nil
        }
        fields.field(
            "result",
            object: { writer in
                if let problem = result.problem { writer.field("problem", problem) }
                writer.field("remaining", result.remaining)
                writer.field("spent", result.spent)
                writer.field("votes", array: result.votes) { $0.integer($1) }
                writer.field("winners", array: winners) { $0.string($1) }
            })
    }

    private static func write(_ vote: VoteSummary, to fields: inout JSONWriter) {
        fields.field("ballots", vote.ballots)
        fields.field("budget", vote.budget)
        if let closes = vote.closes { fields.field("closes", closes) }
        fields.field("currency", vote.currency)
        if let opens = vote.opens { fields.field("opens", opens) }
        fields.field("projects", vote.projects)
        if let record = vote.record { fields.field("record", record) }
        fields.field("rule", vote.rule)
        fields.field("status", vote.status.rawValue)
        fields.field("step", vote.step)
        fields.field("title", vote.title)
        fields.field("vote", vote.vote)
    }

    /// The operations as OpenAPI 3.1 describes them.
    static let operations: [APIOperation] = [
        listing.operation(id: "listBudgets", summary: "Budget votes, the latest first", tag: "budgeting", item: schema),
        .one(
            path: listing.path, parameter: "vote", id: "getBudget",
            summary: "A budget vote with its projects and its result", tag: "budgeting",
            description: "The vote; with a result when it is counted",
            schema: schema.with(
                required: ["projectList", "minimum", "maximum"],
                properties: """
                    "ballot":{"enum":["approval","choose-1"]},"convener":{"type":"string"},\
                    "maximum":{"type":"integer"},"minimum":{"type":"integer"},"projectList":{"type":"array","items":\
                    {"type":"object","required":["id","name","cost"],"properties":{"id":{"type":"string"},\
                    "name":{"type":"string"},"cost":{"type":"integer"},"score":{"type":"integer"}}}},"result":\
                    {"type":"object","properties":{"problem":{"type":"string"},"remaining":{"type":"integer"},\
                    "spent":{"type":"integer"},"votes":{"type":"array","items":{"type":"integer"}},\
                    "winners":{"type":"array","items":{"type":"string"}}}},"text":{"type":"string"},\
                    "threshold":{"type":"integer"}
                    """)),
    ]

    private static let schema = APISchema(
        required: ["vote", "title", "budget", "currency", "rule", "status", "projects", "ballots", "step"],
        properties: """
            "vote":{"type":"string"},"title":{"type":"string"},"budget":{"type":"integer","description":\
            "in the smallest unit"},"currency":{"type":"string"},"step":{"type":"integer","description":\
            "smallest units in one currency unit"},"rule":{"type":"string"},"status":{"enum":["draft","published",\
            "closed"]},"opens":{"type":"integer","description":"ms since 1970 UTC"},"closes":{"type":"integer"},\
            "projects":{"type":"integer"},"ballots":{"type":"integer"},"record":{"type":"string",\
            "description":"id of the creating transaction"}
            """)
}
