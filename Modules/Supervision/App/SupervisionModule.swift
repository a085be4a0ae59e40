import ConstitutionContract
import ContractKit
package import Hummingbird
package import PageKit
package import ReadModels
import SupervisionContract

/// The pages of findings.
package struct SupervisionModule: AppModule {
    package let name = SupervisionContract.name
    package let messages = [
        MessageSource(.simplifiedChinese, PackageResources.zh_Hans_json),
        MessageSource(.english, PackageResources.en_json),
    ]
    package let templates = [
        TemplateSource("desk-finding", PackageResources.desk_finding_mustache),
        TemplateSource("desk-finding-new", PackageResources.desk_finding_new_mustache),
        TemplateSource("finding", PackageResources.finding_mustache),
        TemplateSource("finding-list", PackageResources.finding_list_mustache),
    ]
    package let navigation = [
        NavigationEntry(
            path: "/supervision/findings", messageKey: "supervision.navigation", icon: "icon-question",
            place: .section(.publicNotice), order: 66)
    ]
    package let projection: (any Projection)? = SupervisionProjection()
    package let operations = SupervisionAPI.operations
    package let deskTasks = [
        DeskTask(
            messageKey: "supervision.task.raise", address: "/desk/findings/new", role: SupervisionRoles.supervisor,
            icon: "icon-search")
    ]

    /// The module.
    package init() {}

    /// Findings that are not closed.
    package func homeCards(_ environment: AppEnvironment, _ language: Language) throws -> [HomeCard] {
        try FindingCards(environment, language).open()
    }

    /// The same, and those closed last.
    package func supervisionCards(_ environment: AppEnvironment, _ language: Language) throws -> [HomeCard] {
        try FindingCards(environment, language).latest()
    }

    /// Findings to be answered, and answers to be accepted.
    package func deskItems(_ environment: AppEnvironment, _ language: Language) throws -> [DeskItem] {
        try FindingCards(environment, language).deskItems()
    }

    /// How many findings there are, and how they were answered.
    package func statistics(_ environment: AppEnvironment, _ language: Language) throws -> [Statistic] {
        try FindingStatistics(environment, language).all()
    }

    /// Pages of findings, forms of the desk, and the API.
    package func addRoutes(to router: Router<PageRequestContext>, _ environment: AppEnvironment) {
        FindingPages(environment).addRoutes(to: router)
        FindingDeskPages(environment).addRoutes(to: router)
        SupervisionAPI(environment).addRoutes(to: router)
    }
}
