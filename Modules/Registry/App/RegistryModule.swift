package import Hummingbird
package import PageKit
package import ReadModels
import RegistryContract

/// The registry's pages: the owner roll without names, and binding a phone to an account.
package struct RegistryModule: AppModule {
    package let name = RegistryContract.name
    package let messages = [
        MessageSource(.simplifiedChinese, PackageResources.zh_Hans_json),
        MessageSource(.english, PackageResources.en_json),
    ]
    package let templates = [
        TemplateSource("desk-codes", PackageResources.desk_codes_mustache),
        TemplateSource("desk-import", PackageResources.desk_import_mustache),
        TemplateSource("desk-keys", PackageResources.desk_keys_mustache),
        TemplateSource("enrol", PackageResources.enrol_mustache),
        TemplateSource("roll", PackageResources.roll_mustache),
        TemplateSource("unit", PackageResources.unit_mustache),
    ]
    package let navigation = [
        NavigationEntry(
            path: "/roll", messageKey: "registry.navigation", icon: "icon-people", place: .section(.publicNotice),
            order: 50),
        NavigationEntry(
            path: "/enrol", messageKey: "registry.enrol.navigation", icon: "icon-phone", place: .section(.services),
            order: 30),
    ]
    package let projection: (any Projection)? = RegistryProjection()
    package let operations = RegistryAPI.operations
    package let deskTasks = RegistryDesk.tasks

    /// The module.
    package init() {}

    /// What waits for the desk.
    package func deskItems(_ environment: AppEnvironment, _ language: Language) throws -> [DeskItem] {
        try RegistryDesk(environment, language).items()
    }

    /// What a search finds.
    package func search(
        _ words: SearchWords, limit: Int, _ environment: AppEnvironment, _ language: Language
    ) throws -> [SearchHit] {
        try RegistryDesk(environment, language).search(words, limit: limit)
    }

    /// How many owners can act from a phone.
    package func statistics(_ environment: AppEnvironment, _ language: Language) throws -> [Statistic] {
        try RegistryStatistics.enrolment(environment, language)
    }

    /// `GET /enrol`, `/roll`, `/roll.csv`, `/roll/{unit}`, the registrar's pages, and the API of units and accounts.
    package func addRoutes(to router: Router<PageRequestContext>, _ environment: AppEnvironment) {
        let roll = RollPage(environment)
        let unit = UnitPage(environment)
        let api = RegistryAPI(environment)
        router.get("/enrol") { request, context in
            let wording = Wording(environment.renderer, context.language)
            let page = Page(
                title: wording.say("registry.enrol.title"), templateName: "enrol", scripts: ["enrol.js"], signs: true)
            return try environment.renderer.response(page, request: request, context: context)
        }
        router.get("/roll") { request, context in try roll.response(request, context) }
        router.get("/roll.csv") { _, _ in RollExport.response(environment) }
        router.get("/roll/{unit}") { request, context in try unit.response(request, context) }
        RegistryDeskPages(environment).addRoutes(to: router)
        api.addRoutes(to: router)
    }
}
