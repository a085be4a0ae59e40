import ContractKit
import Hummingbird
import PageKit
import Primitives
import ReadModels
import RegistryContract

/// `/roll/{unit}`: one home, and what was recorded about it.
struct UnitPage: Sendable {
    private let environment: AppEnvironment

    init(_ environment: AppEnvironment) { self.environment = environment }

    func response(_ request: Request, _ context: PageRequestContext) throws -> Response {
        let wording = Wording(environment.renderer, context.language)
        let page = try page(try context.parameters.require("unit"), wording)
        return try environment.renderer.response(page, request: request, context: context)
    }

    func page(_ id: String, _ wording: Wording) throws -> Page {
        guard let row = try OwnerRoll.unit(id, in: environment.state) else {
            throw Problem(.notFound, code: "registry.unitUnknown", field: "unit")
        }
        let history = try environment.readModels.read { try RegistryQueries.history($0, number: row.number) }
        let entry = row.entry
        var facts: [[String: Any]] = []
        if entry.label != nil { facts.append(wording.code("registry.fact.unit", id)) }
        facts += [
            wording.fact("registry.fact.building", entry.building, path: "/roll?building=\(entry.building)"),
            wording.fact("registry.fact.area", Formats.area(hundredths: entry.area.hundredths)),
            wording.fact("registry.fact.source", wording.say("registry.source.\(entry.areaSource.rawValue)")),
            wording.fact("registry.fact.owner", RollPage.owner(entry.owner, wording)),
        ]
        if let owner = entry.owner {
            let bound = try RegistryTables.owners.find(owner, in: environment.state)?.account != nil
            facts.append(
                wording.fact(
                    "registry.fact.enrolled", wording.say("registry.fact.\(bound ? "enrolledYes" : "enrolledNo")")))
        }
        return Page(
            title: entry.label ?? id, templateName: "unit",
            context: [
                "label": entry.label ?? id, "rollPath": "/roll", "facts": facts,
                "history": history.map { UnitPage.line($0, wording) },
            ])
    }

    private static func line(_ record: UnitRecord, _ wording: Wording) -> [String: Any] {
        var values: [String: Any] = [
            "moment": wording.moment(record.time),
            "text": wording.say(
                record.added ? "registry.unit.added" : "registry.unit.changed",
                [
                    "area": Formats.area(hundredths: record.area), "owner": RollPage.owner(record.owner, wording),
                ]),
        ]
        values["path"] = record.record.map(Wording.recordPath)
        return values
    }
}
