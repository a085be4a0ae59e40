import __Name__Contract
package import Hummingbird
package import PageKit
package import ReadModels

/// The notes' page.
package struct __Name__Module: AppModule {
    package let name = __Name__Contract.name
    package let messages = [
        MessageSource(.simplifiedChinese, PackageResources.zh_Hans_json),
        MessageSource(.english, PackageResources.en_json),
    ]
    package let templates = [TemplateSource("__name__-list", PackageResources.__name___list_mustache)]
    package let navigation = [
        NavigationEntry(
            path: "/__name__", messageKey: "__name__.navigation", icon: "icon-ledger", place: .foot, order: 50)
    ]
    package let projection: (any Projection)? = __Name__Projection()

    /// The module.
    package init() {}

    /// `GET /__name__`.
    package func addRoutes(to router: Router<PageRequestContext>, _ environment: AppEnvironment) {
        let list = __Name__ListPage(environment)
        router.get("/__name__") { request, context in try list.response(request, context) }
    }
}
