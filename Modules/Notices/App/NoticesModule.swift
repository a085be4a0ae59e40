import ConstitutionContract
package import ContractKit
package import Hummingbird
import NoticesContract
package import PageKit
package import Primitives
package import ReadModels

/// The pages of notices, questions and moderation.
package struct NoticesModule: AppModule {
    package let name = NoticesContract.name
    package let messages = [
        MessageSource(.simplifiedChinese, PackageResources.zh_Hans_json),
        MessageSource(.english, PackageResources.en_json),
    ]
    package let templates = [
        TemplateSource("ask", PackageResources.ask_mustache),
        TemplateSource("contribution", PackageResources.contribution_mustache),
        TemplateSource("contributions", PackageResources.contributions_mustache),
        TemplateSource("desk-answer", PackageResources.desk_answer_mustache),
        TemplateSource("desk-mask", PackageResources.desk_mask_mustache),
        TemplateSource("desk-masks", PackageResources.desk_masks_mustache),
        TemplateSource("desk-withdraw", PackageResources.desk_withdraw_mustache),
        TemplateSource("desk-notice", PackageResources.desk_notice_mustache),
        TemplateSource("notice-card", PackageResources.notice_card_mustache),
        TemplateSource("notice-list", PackageResources.notice_list_mustache),
        TemplateSource("notice", PackageResources.notice_mustache),
        TemplateSource("question-list", PackageResources.question_list_mustache),
        TemplateSource("question", PackageResources.question_mustache),
    ]
    package let navigation = [
        NavigationEntry(
            path: "/notices", messageKey: "notices.navigation", icon: "icon-notice", place: .section(.services),
            order: 10),
        NavigationEntry(
            path: "/notices", messageKey: "notices.navigation", icon: "icon-notice", place: .section(.publicNotice),
            order: 10),
        NavigationEntry(
            path: "/questions", messageKey: "notices.questions.navigation", icon: "icon-question",
            place: .section(.together), order: 10),
    ]
    package let projection: (any Projection)? = NoticesProjection()
    package let operations = NoticesAPI.operations + QuestionsAPI.operations
    package let deskTasks = [
        DeskTask(
            messageKey: "notices.task.publish", address: "/desk/notices/new", role: NoticesRoles.publisher,
            icon: "icon-notice"),
        DeskTask(
            messageKey: "notices.task.masks", address: "/desk/masks", role: NoticesRoles.moderator,
            icon: "icon-question"),
    ]

    /// The module.
    package init() {}

    /// Notices that are up, and the questions asked last.
    package func homeCards(_ environment: AppEnvironment, _ language: Language) throws -> [HomeCard] {
        try NoticeCards(environment, language).home() + QuestionCards(environment, language).home()
    }

    /// The account's questions that wait for an answer, and answers that arrived lately.
    package func agenda(
        of holder: KeyRow, _ environment: AppEnvironment, _ language: Language
    ) throws -> [AgendaItem] {
        try QuestionCards(environment, language).agenda(of: holder.account)
    }

    /// Questions to be answered, and proposals to mask that another party is to look at.
    package func deskItems(_ environment: AppEnvironment, _ language: Language) throws -> [DeskItem] {
        try NoticesDesk(environment, language).items()
    }

    /// Notices by title and text, questions by what they say.
    package func search(
        _ words: SearchWords, limit: Int, _ environment: AppEnvironment, _ language: Language
    ) throws -> [SearchHit] {
        try NoticesSearch(environment, language).hits(words, limit: limit)
    }

    /// What is known of a question's, answer's or comment's content.
    package func standing(ofContent digest: Digest, _ environment: AppEnvironment) throws -> ContentStanding? {
        try ContributionReader(environment).standing(digest)
    }

    /// Texts of questions, answers and comments, and files of notices.
    package func contents(
        after leaf: Int64, limit: Int, _ environment: AppEnvironment
    ) throws -> (contents: [NamedContent], end: Int64) {
        try ContributionReader(environment).contents(after: leaf, limit: limit)
    }

    /// How questions were answered, month by month, and what was published.
    package func statistics(_ environment: AppEnvironment, _ language: Language) throws -> [Statistic] {
        try NoticesStatistics(environment, language).all()
    }

    /// Pages of notices and questions, forms of the desk, and the API.
    package func addRoutes(to router: Router<PageRequestContext>, _ environment: AppEnvironment) {
        let notices = NoticeListPage(environment)
        let notice = NoticePage(environment)
        let questions = QuestionListPage(environment)
        let question = QuestionPage(environment)
        let ask = AskPage(environment)
        let export = NoticesExport(environment)
        router.get("/notices") { request, context in try notices.response(request, context) }
        router.get("/notices.csv") { _, _ in export.notices() }
        router.get("/notices/{notice}") { request, context in try notice.response(request, context) }
        router.get("/notices/{notice}/poster") { request, context in try notice.poster(request, context) }
        router.get("/questions") { request, context in try questions.response(request, context) }
        router.get("/questions.csv") { _, _ in export.questions() }
        router.get("/questions/new") { request, context in try ask.response(request, context) }
        router.get("/questions/{question}") { request, context in try question.response(request, context) }
        NoticesDeskPages(environment).addRoutes(to: router)
        NoticesAPI(environment).addRoutes(to: router)
        QuestionsAPI(environment).addRoutes(to: router)
    }
}
