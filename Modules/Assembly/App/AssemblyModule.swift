import AssemblyContract
package import ContractKit
package import Hummingbird
package import PageKit
package import ReadModels

/// The assembly's pages: motions, ballots, and results worked out line by line.
package struct AssemblyModule: AppModule {
    package let name = AssemblyContract.name
    package let messages = [
        MessageSource(.simplifiedChinese, PackageResources.zh_Hans_json),
        MessageSource(.english, PackageResources.en_json),
    ]
    package let templates = [
        TemplateSource("motion-card", PackageResources.motion_card_mustache),
        TemplateSource("motion-form", PackageResources.motion_form_mustache),
        TemplateSource("motion-list", PackageResources.motion_list_mustache),
        TemplateSource("motion-result", PackageResources.motion_result_mustache),
        TemplateSource("motion", PackageResources.motion_mustache),
    ]
    package let navigation = [
        NavigationEntry(
            path: "/motions", messageKey: "assembly.navigation", icon: "icon-vote", place: .section(.decisions),
            order: 10),
        NavigationEntry(
            path: "/motions", messageKey: "assembly.navigation", icon: "icon-vote", place: .section(.publicNotice),
            order: 20),
    ]
    package let projection: (any Projection)? = AssemblyProjection()
    package let operations = AssemblyAPI.operations
    package let deskTasks = AssemblyDesk.tasks

    /// The module.
    package init() {}

    /// Motions that are open, and those decided last.
    package func homeCards(_ environment: AppEnvironment, _ language: Language) throws -> [HomeCard] {
        try MotionCards(environment, language).home()
    }

    /// Open motions on which the holder's homes have a vote.
    package func agenda(
        of holder: KeyRow, _ environment: AppEnvironment, _ language: Language
    ) throws -> [AgendaItem] {
        try AssemblyAgenda(environment, language).items(of: holder.account)
    }

    /// How many owners take part.
    package func statistics(_ environment: AppEnvironment, _ language: Language) throws -> [Statistic] {
        try AssemblyStatistics.turnout(environment, language)
    }

    /// What waits for the desk.
    package func deskItems(_ environment: AppEnvironment, _ language: Language) throws -> [DeskItem] {
        try AssemblyDesk(environment, language).items()
    }

    /// What a search finds.
    package func search(
        _ words: SearchWords, limit: Int, _ environment: AppEnvironment, _ language: Language
    ) throws -> [SearchHit] {
        try AssemblyDesk(environment, language).search(words, limit: limit)
    }

    /// `GET /motions`, `/desk/motions/new`, `/motions/{motion}`, its result and ballots, and the API of motions.
    package func addRoutes(to router: Router<PageRequestContext>, _ environment: AppEnvironment) {
        let list = MotionListPage(environment)
        let motion = MotionPage(environment)
        let result = MotionResultPage(environment)
        let export = BallotExport(environment)
        let form = MotionFormPage(environment)
        router.get("/desk/motions/new") { request, context in try form.response(request, context) }
        router.get("/motions") { request, context in try list.response(request, context) }
        router.get("/motions/{motion}") { request, context in try motion.response(request, context) }
        router.get("/motions/{motion}/poster") { request, context in try motion.poster(request, context) }
        router.get("/motions/{motion}/result") { request, context in try result.response(request, context) }
        router.get("/motions/{motion}/ballots.csv") { _, context in try export.response(context) }
        AssemblyAPI(environment).addRoutes(to: router)
    }
}
