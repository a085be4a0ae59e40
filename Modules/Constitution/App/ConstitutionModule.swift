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

    /// The module.
    package init() {}

    /// `GET /constitution`.
    package func addRoutes(to router: Router<PageRequestContext>, _ environment: AppEnvironment) {
        let page = ConstitutionPage(environment)
        router.get("/constitution") { request, context in try page.response(request, context) }
    }
}
