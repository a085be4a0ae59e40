import AssemblyContract
import ConstitutionContract
import ContractKit
import Hummingbird
import PageKit
import ReadModels

/// `/desk/motions/new`: the form by which a convener announces a motion.
struct MotionFormPage: Sendable {
    private static let day: Int64 = 86_400

    private let environment: AppEnvironment

    init(_ environment: AppEnvironment) { self.environment = environment }

    func response(_ request: Request, _ context: PageRequestContext) throws -> Response {
        let wording = Wording(environment.renderer, context.language)
        return try environment.renderer.response(try page(wording), request: request, context: context)
    }

    func page(_ wording: Wording) throws -> Page {
        let state = environment.state
        let notice = try Parameters.integer(AssemblyParameters.noticeDays, in: state)
        let least = try Parameters.integer(AssemblyParameters.minimumVotingDays, in: state)
        let most = try Parameters.integer(AssemblyParameters.maximumVotingDays, in: state)
        let items = MotionMatter.allCases.map { Int64($0.rawValue) } + [MotionSubject.conversionNumber]
        let values: [String: Any] = [
            "label": wording.say("assembly.form.title"),
            "opensHint": wording.say("assembly.form.opensHint", ["days": "\(notice)"]),
            "closesHint": wording.say("assembly.form.closesHint", ["least": "\(least)", "most": "\(most)"]),
            // Halfway between the shortest and the longest vote, which leaves room for the time until it is signed.
            "closesAhead": "\((notice + (least + most) / 2) * MotionFormPage.day)",
            "matters": items.map {
                ["value": "\($0)", "label": wording.say("assembly.matter.\($0)")] as [String: Any]
            },
        ]
        return Page(
            title: wording.say("assembly.form.title"), templateName: "motion-form", context: values,
            scripts: ["act-form.js", "desk.js"], signs: true)
    }
}
