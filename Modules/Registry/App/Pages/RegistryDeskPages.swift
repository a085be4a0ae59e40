import ContractKit
import Hummingbird
import LedgerCore
import PageKit
import ReadModels
import RegistryContract

/// The registrar's pages at the desk: `/desk/units/import`, `/desk/codes`, `/desk/keys`.
struct RegistryDeskPages: Sendable {
    /// Owners on a page: as many as one act may give codes to.
    static let ownersPerPage = Int64(RegistryLimits.codes)

    private let environment: AppEnvironment

    init(_ environment: AppEnvironment) { self.environment = environment }

    func addRoutes(to router: Router<PageRequestContext>) {
        router.get("/desk/units/import") { request, context in try respond(units, request, context) }
        router.get("/desk/codes") { request, context in try respond(codes, request, context) }
        router.get("/desk/keys") { request, context in try respond(keys, request, context) }
    }

    private func respond(
        _ page: (Request, Wording) throws -> Page, _ request: Request, _ context: PageRequestContext
    ) throws -> Response {
        let wording = Wording(environment.renderer, context.language)
        return try environment.renderer.response(try page(request, wording), request: request, context: context)
    }

    /// Units from a file that is read in the browser.
    private func units(_ request: Request, _ wording: Wording) -> Page {
        Page(
            title: wording.say("registry.desk.import"), templateName: "desk-import",
            context: ["label": wording.say("registry.act.importUnits")], scripts: ["desk.js", "desk-import.js"],
            signs: true)
    }

    /// Owners who have no account, to be given codes.
    private func codes(_ request: Request, _ wording: Wording) throws -> Page {
        let paging = Paging(request, size: RegistryDeskPages.ownersPerPage)
        let asked = request.uri.queryParameters["building"].map(String.init)
        let (building, count, owners) = try environment.readModels.read { database in
            let building = try asked.flatMap { try RegistryQueries.building(database, $0) }?.building
            return (
                building, try EnrolmentQueries.waitingCount(database, building: building),
                try EnrolmentQueries.waiting(database, building: building, limit: paging.size, offset: paging.offset)
            )
        }
        if let asked, !asked.isEmpty, building == nil {
            throw Problem(.notFound, code: "registry.buildingUnknown", field: "building")
        }
        var values: [String: Any] = [
            "label": wording.say("registry.act.issueCodes"), "building": building ?? "", "hasOwners": !owners.isEmpty,
            "total": wording.catalog.counted("registry.desk.waiting", count, wording.language),
            "owners": owners.map { owner in
                [
                    "owner": owner.owner, "short": Formats.short(owner.owner), "homes": wording.list(owner.homes),
                ] as [String: Any]
            },
        ]
        values["pagination"] = paging.context(
            path: building.map { "/desk/codes?building=\($0)" } ?? "/desk/codes", total: count)
        return Page(
            title: wording.say("registry.desk.codes"), templateName: "desk-codes", context: values,
            scripts: ["desk.js", "desk-codes.js"], signs: true)
    }

    /// The keys of a home's owner or of an account, to be closed when one was lost.
    private func keys(_ request: Request, _ wording: Wording) throws -> Page {
        let asked = request.uri.queryParameters["of"].map(String.init)?.trimmed ?? ""
        let owner = try OwnerRoll.unit(asked, in: environment.state)?.entry.owner
        let found = try environment.readModels.read { database in
            let account = try owner.map { try EnrolmentQueries.account(database, ofOwner: $0) } ?? asked
            return try account.map { try EnrolmentQueries.keys(database, account: $0) } ?? []
        }
        // Keys of staff are the constitution's business.
        let keys = try found.filter { try LedgerTables.keys.find($0.key, in: environment.state)?.party == nil }
        let values: [String: Any] = [
            "asked": !asked.isEmpty, "of": asked, "hasKeys": !keys.isEmpty,
            "keys": keys.map { key($0, of: asked, wording) },
        ]
        return Page(
            title: wording.say("registry.desk.keys"), templateName: "desk-keys", context: values,
            scripts: ["desk.js", "staging.js"], signs: true)
    }

    private func key(_ key: ResidentKey, of asked: String, _ wording: Wording) -> [String: Any] {
        var values: [String: Any] = [
            "key": key.key, "account": key.account, "opened": wording.moment(key.opened),
            "pill": wording.pill(
                key.closed == nil ? .good : .bad, "registry.desk.key\(key.closed == nil ? "Open" : "Closed")"
            ).context,
        ]
        if key.closed == nil {
            values["act"] = [
                "type": "\(CloseResidentKey.type)", "role": RegistryRoles.registrar,
                "body": String(decoding: CloseResidentKey(key: key.key).canonicalJSON, as: UTF8.self),
                "label": "\(wording.say("registry.act.closeKey")) · \(asked)",
            ]
        }
        return values
    }
}

extension String {
    /// Without white space at both ends.
    fileprivate var trimmed: String {
        let inside = drop(while: \.isWhitespace)
        return String(inside.reversed().drop(while: \.isWhitespace).reversed())
    }
}
