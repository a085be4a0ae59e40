import Hummingbird
import PageKit
import Primitives
import ReadModels
import RegistryContract

/// `/roll?building=&page=&buildings=`: the owner roll, homes and areas without names.
struct RollPage: Sendable {
    static let unitsPerPage: Int64 = 30
    static let buildingsPerPage: Int64 = 48

    private let environment: AppEnvironment

    init(_ environment: AppEnvironment) { self.environment = environment }

    func response(_ request: Request, _ context: PageRequestContext) throws -> Response {
        let wording = Wording(environment.renderer, context.language)
        let building = request.uri.queryParameters["building"].map(String.init)
        let page = try page(
            building: building, units: Paging(request, size: RollPage.unitsPerPage),
            buildings: Paging(request, size: RollPage.buildingsPerPage, name: "buildings"), wording)
        return try environment.renderer.response(page, request: request, context: context)
    }

    func page(building id: String?, units paging: Paging, buildings: Paging, _ wording: Wording) throws -> Page {
        let (listed, count, shown, units) = try environment.readModels.read { database in
            let shown = try id.flatMap { try RegistryQueries.building(database, $0) }
            return (
                try RegistryQueries.buildings(database, limit: buildings.size, offset: buildings.offset),
                try RegistryQueries.buildingCount(database), shown,
                try RegistryQueries.units(
                    database, building: shown?.building, limit: paging.size, offset: paging.offset)
            )
        }
        if id != nil, shown == nil { throw Problem(.notFound, code: "registry.buildingUnknown", field: "building") }
        let scope: RollScope = shown.map { .building($0.building) } ?? .estate
        let totals = try OwnerRoll.totals(scope, in: environment.state)
        var values: [String: Any] = [
            "figures": RollPage.figures(totals, wording),
            "buildings": listed.map { building in
                [
                    "path": "/roll?building=\(building.building)", "label": building.building,
                    "units": wording.say("registry.roll.buildingUnits", ["count": Formats.count(building.units)]),
                    "current": building == shown,
                ] as [String: Any]
            },
            "units": units.map { RollPage.row($0, wording) }, "exportPath": "/roll.csv",
        ]
        if let shown {
            values["building"] = shown.building
            values["wholePath"] = "/roll"
        }
        if let pages = buildings.context(path: "/roll", total: count) {
            values["buildingPages"] = ["pagination": pages]
        }
        values["pagination"] = paging.context(
            path: shown.map { "/roll?building=\($0.building)" } ?? "/roll", total: totals.units)
        return Page(title: wording.say("registry.roll.title"), templateName: "roll", context: values)
    }

    /// What the roll comes to.
    static func figures(_ totals: RollTotals, _ wording: Wording) -> [[String: Any]] {
        [
            wording.figure("registry.figure.units", Formats.count(totals.units)),
            wording.figure("registry.figure.heads", Formats.count(totals.heads)),
            wording.figure("registry.figure.area", Formats.area(hundredths: totals.area.hundredths)),
            wording.figure(
                "registry.figure.developer", Formats.count(totals.developerUnits),
                note: totals.developerUnits > 0 ? wording.say("registry.figure.oneHead") : nil),
        ]
    }

    private static func row(_ unit: RollUnit, _ wording: Wording) -> [String: Any] {
        [
            "path": "/roll/\(unit.unit)", "label": unit.name, "area": Formats.area(hundredths: unit.area),
            "source": wording.say("registry.source.\(unit.source)"), "owner": owner(unit.owner, wording),
        ]
    }

    /// The owner's pseudonym, shortened; in words while the developer holds the unit.
    static func owner(_ owner: String?, _ wording: Wording) -> String {
        owner.map(Formats.short) ?? wording.say("registry.fact.developer")
    }
}
