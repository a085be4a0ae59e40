import AssemblyContract
import ContractKit
import Hummingbird
import LedgerCore
import PageKit
import ReadModels
import RegistryContract

/// `/motions/{motion}/result?page=`: the rule worked out line by line, and every ballot that went into it.
struct MotionResultPage: Sendable {
    static let ballotsPerPage: Int64 = 25

    private let environment: AppEnvironment

    init(_ environment: AppEnvironment) { self.environment = environment }

    func response(_ request: Request, _ context: PageRequestContext) throws -> Response {
        let paging = Paging(request, size: MotionResultPage.ballotsPerPage)
        let page = try page(try context.parameters.require("motion"), paging, context.language)
        return try environment.renderer.response(page, request: request, context: context)
    }

    func page(_ id: String, _ paging: Paging, _ language: Language) throws -> Page {
        let wording = Wording(environment.renderer, language)
        let state = environment.state
        let found = try environment.readModels.read { database in
            (
                try AssemblyQueries.motion(database, id),
                try AssemblyQueries.ballots(database, motion: id, limit: paging.size, offset: paging.offset)
            )
        }
        guard Fields.isIdentifier(id), let motion = found.0, let row = try AssemblyTables.motions.find(id, in: state)
        else { throw Problem(.notFound, code: "assembly.motionUnknown", field: "motion") }
        guard let result = try AssemblyTables.results.find(id, in: state) else {
            throw Problem(.notFound, code: "assembly.notCounted", field: "motion")
        }
        let words = ResultWords(wording)
        var values: [String: Any] = [
            "title": motion.title, "path": "/motions/\(id)",
            "matter": wording.say("assembly.matter.\(row.matter.number)"),
            "rule": wording.say("assembly.rule.\(result.majority.rawValue)"), "verdict": words.verdict(result),
            "rows": words.rows(result), "reckoning": words.reckoning(result), "facts": facts(motion, result, wording),
            "ballots": try found.1.map { try ballot($0, wording) }, "exportPath": "/motions/\(id)/ballots.csv",
        ]
        values.merge(charts(result, wording)) { $1 }
        values["pagination"] = paging.context(
            path: "/motions/\(id)/result", fragment: "ballots", total: result.ballots)
        return Page(title: motion.title, templateName: "motion-result", context: values)
    }

    private func charts(_ result: MotionResult, _ wording: Wording) -> [String: Any] {
        let chart = BallotChart(wording.catalog)
        let marked = result.majority == .unanimous ? nil : (Int64(2), Int64(3))
        func svg(_ part: (Weight) -> Int64, id: String) -> String {
            chart.svg(
                .init(
                    yes: part(result.yes), no: part(result.no), abstain: part(result.abstain),
                    notCast: part(result.total) - part(result.participating)),
                id: id, title: wording.say("assembly.chart.\(id)"), threshold: marked, wording.language)
        }
        return ["headsChart": svg(\.heads, id: "heads"), "areaChart": svg(\.area, id: "area"), "marked": marked != nil]
    }

    private func facts(_ motion: MotionSummary, _ result: MotionResult, _ wording: Wording) -> [[String: Any]] {
        var facts = [
            wording.fact("assembly.fact.closes", time: motion.closes),
            wording.fact("assembly.fact.closed", time: motion.closed ?? motion.closes),
            wording.fact("assembly.fact.ballots", Formats.count(result.ballots)),
        ]
        if let rule = result.decision?.rule { facts.append(wording.code("assembly.fact.rule", rule.version)) }
        if let leaf = motion.closedLeaf {
            facts.append(wording.record("assembly.fact.countRecord", transaction: nil, leaf: leaf))
        }
        facts.append(wording.record("assembly.fact.record", transaction: motion.record, leaf: motion.leaf))
        return facts
    }

    private func ballot(_ ballot: BallotRecord, _ wording: Wording) throws -> [String: Any] {
        let label = try OwnerRoll.unit(ballot.unit, in: environment.state)?.entry.label ?? ballot.unit
        var values: [String: Any] = [
            "unit": label, "area": Formats.area(hundredths: ballot.area), "owner": Formats.short(ballot.owner),
            "choice": wording.say("page.chart.\(ballot.choice)"), "kind": ballot.choice,
        ]
        values["path"] = ballot.record.map(Wording.recordPath)
        return values
    }
}
