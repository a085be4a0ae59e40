import AssemblyContract
import ContractKit
import Hummingbird
import LedgerCore
import PageKit
import ReadModels

extension MotionPage {
    /// `/motions/{motion}/poster`: the notice of a motion, and when it is counted its outcome, to be put up on the board.
    func poster(_ request: Request, _ context: PageRequestContext) throws -> Response {
        let id = try context.parameters.require("motion")
        let state = environment.state
        let wording = Wording(environment.renderer, context.language)
        guard Fields.isIdentifier(id), let row = try AssemblyTables.motions.find(id, in: state),
            let text = try AssemblyTables.texts.find(id, in: state),
            let summary = try environment.readModels.read({ try AssemblyQueries.motion($0, id) })
        else { throw Problem(.notFound, code: "assembly.motionUnknown", field: "motion") }
        let result = try AssemblyTables.results.find(id, in: state)
        let poster = Poster(
            kind: wording.say(result == nil ? "assembly.poster.notice" : "assembly.poster.result"), title: text.title,
            paragraphs: Wording.paragraphs(text.text)
                + [wording.say("assembly.rule.\(row.matter.majority.rawValue)")],
            facts: try facts(row, summary, wording), path: "/motions/\(id)\(result == nil ? "" : "/result")",
            verdict: result.map { ResultWords(wording).verdict($0) })
        return try environment.renderer.response(
            poster.page(environment, context.language), request: request, context: context)
    }
}
