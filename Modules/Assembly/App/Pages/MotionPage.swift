import AssemblyContract
import ConstitutionContract
import ContractKit
import Hummingbird
import LedgerCore
import PageKit
import Primitives
import ReadModels
import RegistryContract

/// `/motions/{motion}`: the text, what it takes to pass, who has taken part, and the ballot.
struct MotionPage: Sendable {
    let environment: AppEnvironment

    init(_ environment: AppEnvironment) { self.environment = environment }

    func response(_ request: Request, _ context: PageRequestContext) throws -> Response {
        let page = try page(try context.parameters.require("motion"), context.language)
        return try environment.renderer.response(page, request: request, context: context)
    }

    func page(_ id: String, _ language: Language) throws -> Page {
        let state = environment.state
        let wording = Wording(environment.renderer, language)
        guard Fields.isIdentifier(id), let row = try AssemblyTables.motions.find(id, in: state),
            let text = try AssemblyTables.texts.find(id, in: state),
            let summary = try environment.readModels.read({ try AssemblyQueries.motion($0, id) })
        else { throw Problem(.notFound, code: "assembly.motionUnknown", field: "motion") }
        let roll = try AssemblyTables.rolls.find(id, in: state) ?? OwnerRoll.totals(row.scope, in: state)
        let open = row.status == .open && wording.now < row.closes.milliseconds
        var values: [String: Any] = [
            "id": id, "title": text.title, "paragraphs": Wording.paragraphs(text.text),
            "matter": wording.say("assembly.matter.\(row.matter.number)"),
            "rule": wording.say("assembly.rule.\(row.matter.majority.rawValue)"),
            "pill": MotionCards(environment, language).pill(summary).context, "open": open,
            "figures": figures(roll, row.matter.majority, wording), "facts": try facts(row, summary, wording),
            "posterPath": "/motions/\(id)/poster",
        ]
        switch row.status {
        case .announced:
            values["opens"] = wording.say(
                "assembly.motion.opensAt", ["time": wording.momentText(row.opens.milliseconds)])
        case .open: values["deadline"] = wording.deadline(row.closes.milliseconds)
        case .closed:
            values["deadline"] = wording.deadline(row.closes.milliseconds)
            values["resultPath"] = "/motions/\(id)/result"
        case .withdrawn: values["withdrawn"] = wording.say("assembly.motion.withdrawn")
        }
        if row.noticeShortened { values["notice"] = wording.say("assembly.motion.shortened") }
        if open {
            values["choices"] = MotionPage.choices(wording)
            values["changeNote"] = wording.say("assembly.change.\(row.changePolicy.rawValue)")
        }
        if row.status == .open, row.matter.majority != .unanimous {
            values["participation"] = participation(summary, roll, wording)
        }
        return Page(
            title: text.title, templateName: "motion", context: values, scripts: open ? ["ballot.js"] : [],
            signs: open)
    }

    /// The three answers that are always offered.
    static func choices(_ wording: Wording) -> [[String: Any]] {
        BallotChoice.allCases.map { choice in
            [
                "type": "radio", "name": "choice", "value": choice.rawValue,
                "label": wording.say("page.chart.\(choice.rawValue)"),
                "note": wording.say("assembly.motion.\(choice.rawValue)Note"), "testid": "choice-\(choice.rawValue)",
            ]
        }
    }

    /// The roll, and what two thirds of it are.
    private func figures(_ roll: RollTotals, _ majority: MajorityKind, _ wording: Wording) -> [[String: Any]] {
        var figures = [
            wording.figure("assembly.figure.heads", Formats.count(roll.heads)),
            wording.figure("assembly.figure.area", Formats.area(hundredths: roll.area.hundredths)),
        ]
        if majority != .unanimous {
            figures += [
                wording.figure("assembly.figure.quorumHeads", Formats.count(MotionPage.twoThirds(of: roll.heads))),
                wording.figure(
                    "assembly.figure.quorumArea",
                    Formats.area(hundredths: MotionPage.twoThirds(of: roll.area.hundredths))),
            ]
        }
        return figures
    }

    /// The smallest number that reaches two thirds of `whole`.
    static func twoThirds(of whole: Int64) -> Int64 {
        let (doubled, overflow) = whole.multipliedReportingOverflow(by: 2)
        guard !overflow, whole >= 0 else { return whole }
        return doubled / 3 + (doubled % 3 == 0 ? 0 : 1)
    }

    /// Who has taken part, and nothing of how they chose: that is told when voting has ended.
    private func participation(_ motion: MotionSummary, _ roll: RollTotals, _ wording: Wording) -> [String: Any] {
        let chart = BallotChart(environment.renderer.catalog)
        return [
            "heads": wording.say(
                "assembly.motion.turnoutHeads",
                [
                    "count": Formats.count(motion.heads), "share": Formats.percentage(motion.heads, of: roll.heads),
                ]),
            "area": wording.say(
                "assembly.motion.turnoutArea",
                [
                    "area": Formats.area(hundredths: motion.area),
                    "share": Formats.percentage(motion.area, of: roll.area.hundredths),
                ]),
            "headsChart": chart.participation(
                motion.heads, of: roll.heads, id: "heads", title: wording.say("assembly.chart.heads")),
            "areaChart": chart.participation(
                motion.area, of: roll.area.hundredths, id: "area", title: wording.say("assembly.chart.area")),
        ]
    }

    func facts(_ row: MotionRow, _ motion: MotionSummary, _ wording: Wording) throws -> [[String: Any]] {
        let party = try Parties.find(row.party, in: environment.state)?.party.name ?? row.party
        let scope =
            switch row.scope {
            case .estate: wording.say("assembly.scope.estate")
            case .building(let building): wording.say("assembly.scope.building", ["building": building])
            }
        var facts = [
            wording.fact("assembly.fact.convener", party), wording.fact("assembly.fact.scope", scope),
        ]
        if let unit = row.unit {
            let label = try OwnerRoll.unit(unit, in: environment.state)?.entry.label ?? unit
            facts.append(wording.fact("assembly.fact.unit", label, path: "/roll/\(unit)"))
        }
        return facts + [
            wording.fact("assembly.fact.noticed", time: row.noticed.milliseconds),
            wording.fact("assembly.fact.opens", time: row.opens.milliseconds),
            wording.fact("assembly.fact.closes", time: row.closes.milliseconds),
            wording.record("assembly.fact.record", transaction: motion.record, leaf: motion.leaf),
        ]
    }
}
