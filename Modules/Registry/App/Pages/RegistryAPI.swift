import ContractKit
import Hummingbird
import LedgerCore
import PageKit
import Primitives
import ReadModels
import RegistryContract

/// The registry's API: a unit of the roll, and the units of an account.
struct RegistryAPI: Sendable {
    private static let listing = APIListing(path: "/api/v1/units", member: "units")

    private let environment: AppEnvironment

    init(_ environment: AppEnvironment) { self.environment = environment }

    func addRoutes(to router: Router<PageRequestContext>) {
        router.get("/api/v1/units") { request, _ in try units(request) }
        router.get("/api/v1/units/{unit}") { _, context in try unit(try context.parameters.require("unit")) }
        router.get("/api/v1/accounts/{account}") { _, context in
            try account(try context.parameters.require("account"))
        }
        router.get("/api/v1/keys/{keyid}") { _, context in try key(try context.parameters.require("keyid")) }
    }

    /// The roll in the order of its numbers, with the owners' pseudonyms as they stand on the ledger.
    private func units(_ request: Request) throws -> Response {
        try RegistryAPI.listing.answer(request) { paging in
            try environment.readModels.read { database in
                (
                    try RegistryQueries.unitCount(database),
                    try RegistryQueries.units(database, limit: paging.size, offset: paging.offset)
                )
            }
        } write: { unit, fields in
            fields.field("area", unit.area)
            fields.field("areaSource", unit.source)
            fields.field("building", unit.building)
            if unit.owner == nil { fields.field("developer", true) }
            fields.field("label", unit.name)
            fields.field("number", unit.number)
            if let owner = unit.owner { fields.field("owner", owner) }
            fields.field("unit", unit.unit)
        }
    }

    private func unit(_ id: String) throws -> Response {
        guard let row = try OwnerRoll.unit(id, in: environment.state) else {
            throw APIAnswer.missing("registry.unitUnknown", "unit")
        }
        return APIAnswer.object { RegistryAPI.write(id, row, to: &$0) }
    }

    /// The account of a key, so that a browser that lost its notes finds itself again.
    private func key(_ id: String) throws -> Response {
        guard id.utf8.count == 43, let row = try LedgerTables.keys.find(id, in: environment.state), row.active else {
            throw APIAnswer.missing("registry.keyUnknown", "keyid")
        }
        return try account(row.account)
    }

    /// An account that owns nothing has an empty list: whether an account exists is no secret on an open ledger, but it
    /// is not told here either.
    private func account(_ account: String) throws -> Response {
        let state = environment.state
        let owner = try OwnerRoll.owner(ofAccount: account, in: state)
        var units: [(id: String, row: UnitRow)] = []
        for id in try owner.map({ try OwnerRoll.units(ofOwner: $0, in: state) }) ?? [] {
            if let row = try OwnerRoll.unit(id, in: state) { units.append((id, row)) }
        }
        return APIAnswer.object { fields in
            fields.field("account", account)
            fields.field("units", array: units) { writer, unit in
                writer.object { RegistryAPI.write(unit.id, unit.row, to: &$0) }
            }
        }
    }

    private static func write(_ id: String, _ row: UnitRow, to fields: inout JSONWriter) {
        fields.field("area", row.entry.area.hundredths)
        fields.field("areaSource", row.entry.areaSource.rawValue)
        fields.field("building", row.entry.building)
        if row.entry.owner == nil { fields.field("developer", true) }
        fields.field("label", row.entry.label ?? id)
        fields.field("number", row.number)
        fields.field("unit", id)
    }

    /// The operations as OpenAPI 3.1 describes them.
    static let operations: [APIOperation] = [
        listing.operation(
            id: "listUnits", summary: "The owner roll, unit by unit", tag: "registry",
            item: unit.with(properties: #""owner":{"type":"string","description":"pseudonym"}"#)),
        .one(
            path: "/api/v1/units", parameter: "unit", id: "getUnit", summary: "A unit of the owner roll",
            tag: "registry", description: "The unit", schema: unit),
        .one(
            path: "/api/v1/accounts", parameter: "account", id: "getAccount", summary: "The units an account votes for",
            tag: "registry", description: "The account's units; none if it owns nothing", schema: account),
        .one(
            path: "/api/v1/keys", parameter: "keyid", id: "getKey", summary: "The account of a key, and its units",
            tag: "registry", description: "The account's units; none if it owns nothing", schema: account),
    ]

    private static let account = APISchema(
        required: ["account", "units"],
        properties: #""account":{"type":"string"},"units":{"type":"array","items":\#(unit.json)}"#)

    private static let unit = APISchema(
        required: ["area", "areaSource", "building", "label", "number", "unit"],
        properties: """
            "area":{"type":"integer","description":"exclusive area in 0.01 m²"},\
            "areaSource":{"enum":["registry","survey","contract"]},"building":{"type":"string"},\
            "developer":{"type":"boolean"},"label":{"type":"string"},"number":{"type":"integer"},\
            "unit":{"type":"string"}
            """)
}
