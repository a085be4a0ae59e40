import ConstitutionContract
import ContractKit
import Hummingbird
import PageKit
import Primitives
import ReadModels

/// Who holds a staff key: for a browser that is given one, and for whoever reads a signature.
struct StaffAPI: Sendable {
    private let environment: AppEnvironment

    init(_ environment: AppEnvironment) { self.environment = environment }

    func addRoutes(to router: Router<PageRequestContext>) {
        router.get("/api/v1/staff/{keyid}") { _, context in try staff(try context.parameters.require("keyid")) }
    }

    private func staff(_ id: String) throws -> Response {
        let state = environment.state
        guard id.utf8.count == 43, let row = try LedgerTables.keys.find(id, in: state), let party = row.party else {
            throw APIAnswer.missing("constitution.staffUnknown", "keyid")
        }
        // A closed key has left its party's row; what it may not do any more is still told.
        let found = try Parties.find(party, in: state)
        let title = found?.staff.first { $0.key == id }?.title
        return APIAnswer.object { fields in
            fields.field("account", row.account)
            fields.field("active", row.active)
            fields.field("keyid", id)
            fields.field("party", party)
            fields.field("partyName", found?.party.name ?? party)
            fields.field("roles", array: row.roles) { $0.string($1) }
            fields.field("title", title ?? row.account)
        }
    }

    /// The operations as OpenAPI 3.1 describes them.
    static let operations: [APIOperation] = [
        .one(
            path: "/api/v1/staff", parameter: "keyid", id: "getStaff", summary: "Who holds a staff key, and its roles",
            tag: "constitution", description: "The key's account, party and roles", schema: schema)
    ]

    private static let schema = APISchema(
        required: ["account", "active", "keyid", "party", "partyName", "roles", "title"],
        properties: """
            "account":{"type":"string"},"active":{"type":"boolean"},"keyid":{"type":"string"},\
            "party":{"type":"string"},"partyName":{"type":"string"},\
            "roles":{"type":"array","items":{"type":"string"}},"title":{"type":"string"}
            """)
}
