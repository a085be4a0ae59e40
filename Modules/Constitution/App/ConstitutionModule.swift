import ConstitutionContract
package import Hummingbird
package import PageKit
package import ReadModels

/// The constitution's pages: who keeps the ledger together, and by which rules.
package struct ConstitutionModule: AppModule {
    package let name = ConstitutionContract.name
    package let messages = [
        MessageSource(.simplifiedChinese, PackageResources.zh_Hans_json),
        MessageSource(.english, PackageResources.en_json),
    ]
    package let templates = [TemplateSource("constitution", PackageResources.constitution_mustache)]
    package let navigation = [
        NavigationEntry(
            path: "/constitution", messageKey: "constitution.navigation", icon: "icon-rules",
            place: .section(.publicNotice), order: 60)
    ]
    package let projection: (any Projection)? = ConstitutionProjection()
    package let operations = StaffAPI.operations

    /// The module.
    package init() {}

    /// What waits for the desk.
    package func deskItems(_ environment: AppEnvironment, _ language: Language) throws -> [DeskItem] {
        try ConstitutionDesk(environment, language).items()
    }

    /// What a search finds.
    package func search(
        _ words: SearchWords, limit: Int, _ environment: AppEnvironment, _ language: Language
    ) throws -> [SearchHit] {
        try ConstitutionDesk(environment, language).search(words, limit: limit)
    }

    /// What a party is called.
    package func name(ofParty id: String, _ environment: AppEnvironment) throws -> String? {
        try Parties.find(id, in: environment.state)?.party.name
    }

    /// What a staff role is called.
    package func name(ofRole id: String, _ environment: AppEnvironment, _ language: Language) -> String? {
        let key = "constitution.role.\(id)"
        return environment.renderer.catalog.contains(key) ? environment.renderer.catalog.text(key, language) : nil
    }

    /// `GET /constitution` and the API of staff keys.
    package func addRoutes(to router: Router<PageRequestContext>, _ environment: AppEnvironment) {
        let page = ConstitutionPage(environment)
        StaffAPI(environment).addRoutes(to: router)
        router.get("/constitution") { request, context in try page.response(request, context) }
    }
}
