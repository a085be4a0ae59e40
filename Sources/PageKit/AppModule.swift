package import ContractKit
package import Hummingbird
package import LedgerCore
package import Primitives
package import ReadModels

/// What a module's pages and API routes work with: they read, and never write past the gate to the chain.
package struct AppEnvironment: Sendable {
    /// Renders pages.
    package let renderer: PageRenderer
    /// The read models.
    package let readModels: ReadModelStore
    /// The committed state.
    package let state: StateStore
    /// What the node keeps beside the ledger.
    package let beside: any BesideLedger
    /// Every rule value that the node's contracts declare, in the order of the catalog.
    package let parameters: [ParameterDefinition]
    /// Where readers reach the site, such as `https://example.org`, for what leaves it: a poster's QR code, a feed.
    package let address: String

    /// An environment for a node's modules.
    package init(
        renderer: PageRenderer, readModels: ReadModelStore, state: StateStore, beside: any BesideLedger,
        parameters: [ParameterDefinition] = [], address: String = ""
    ) {
        self.renderer = renderer
        self.readModels = readModels
        self.state = state
        self.beside = beside
        self.parameters = parameters
        self.address = address
    }
}

/// One operation of the public API, as `/openapi.json` describes it.
package struct APIOperation: Sendable {
    /// Path with OpenAPI placeholders, such as `/api/v1/units/{unit}`.
    package let path: String
    /// The HTTP method in lower case.
    package let method: String
    /// The operation object as JSON (OpenAPI 3.1 §4.8.10).
    package let json: String

    /// The answer 404 of an operation, as a member of its `responses`.
    package static let notFound = """
        "404":{"description":"There is nothing at this address.","content":{"application/json":{"schema":\
        {"$ref":"#/components/schemas/Problem"}}}}
        """

    /// Describes an operation.
    package init(path: String, method: String, json: String) {
        self.path = path
        self.method = method
        self.json = json
    }
}

/// The manifest of a domain module's pages: everything that the node needs to serve it. The catalog lists them.
package protocol AppModule: Sendable {
    /// The module's name, as in its contract.
    var name: String { get }
    /// Its texts.
    var messages: [MessageSource] { get }
    /// Its templates.
    var templates: [TemplateSource] { get }
    /// Its own scripts and pictures.
    var assets: [AssetFile] { get }
    /// Its places in the navigation.
    var navigation: [NavigationEntry] { get }
    /// Its read model.
    var projection: (any Projection)? { get }
    /// Its API operations, for the description.
    var operations: [APIOperation] { get }
    /// What it has to say on the home page in this environment: what is open, and what was decided last.
    func homeCards(_ environment: AppEnvironment, _ language: Language) throws -> [HomeCard]
    /// What the holder of a resident's key is asked for now, and what has been done already of what is still open.
    func agenda(of holder: KeyRow, _ environment: AppEnvironment, _ language: Language) throws -> [AgendaItem]
    /// What waits for the staff of a party, whoever is to do it.
    func deskItems(_ environment: AppEnvironment, _ language: Language) throws -> [DeskItem]
    /// What staff can begin at the desk.
    var deskTasks: [DeskTask] { get }
    /// What the module finds for the words of a search, the best first, `limit` at most.
    func search(
        _ words: SearchWords, limit: Int, _ environment: AppEnvironment, _ language: Language
    ) throws -> [SearchHit]
    /// How a content stands that the ledger may know by its digest; nil if the module knows nothing of it.
    func standing(ofContent digest: Digest, _ environment: AppEnvironment) throws -> ContentStanding?
    /// What the ledger names by digest in the next `limit` records after a leaf, and the last of these records' leaf: the
    /// same leaf if there are no more.
    func contents(
        after leaf: Int64, limit: Int, _ environment: AppEnvironment
    ) throws -> (contents: [NamedContent], end: Int64)
    /// What a party is called; nil if the module does not know it.
    func name(ofParty id: String, _ environment: AppEnvironment) throws -> String?
    /// What a staff role is called; nil if the module does not know it.
    func name(ofRole id: String, _ environment: AppEnvironment, _ language: Language) -> String?
    /// What it has to say on the health board of the nodes, for those who supervise.
    func supervisionCards(_ environment: AppEnvironment, _ language: Language) throws -> [HomeCard]
    /// What it has to say on the page of statistics.
    func statistics(_ environment: AppEnvironment, _ language: Language) throws -> [Statistic]
    /// Adds its pages and API routes.
    func addRoutes(to router: Router<PageRequestContext>, _ environment: AppEnvironment)
}

extension AppModule {
    /// Most modules need no scripts of their own.
    package var assets: [AssetFile] { [] }
    /// Some modules have no read model.
    package var projection: (any Projection)? { nil }
    /// Some modules have no API.
    package var operations: [APIOperation] { [] }
    /// Some modules have nothing for the home page.
    package func homeCards(_ environment: AppEnvironment, _ language: Language) throws -> [HomeCard] { [] }
    /// Some modules ask residents for nothing.
    package func agenda(
        of holder: KeyRow, _ environment: AppEnvironment, _ language: Language
    ) throws -> [AgendaItem] { [] }
    /// Some modules have no work for the desk.
    package func deskItems(_ environment: AppEnvironment, _ language: Language) throws -> [DeskItem] { [] }
    /// Some modules let staff begin nothing.
    package var deskTasks: [DeskTask] { [] }
    /// Some modules have nothing to be searched.
    package func search(
        _ words: SearchWords, limit: Int, _ environment: AppEnvironment, _ language: Language
    ) throws -> [SearchHit] { [] }
    /// Some modules keep nothing beside the ledger.
    package func standing(ofContent digest: Digest, _ environment: AppEnvironment) throws -> ContentStanding? { nil }
    /// Some modules keep nothing beside the ledger.
    package func contents(
        after leaf: Int64, limit: Int, _ environment: AppEnvironment
    ) throws -> (contents: [NamedContent], end: Int64) { ([], leaf) }
    /// Most modules know no parties.
    package func name(ofParty id: String, _ environment: AppEnvironment) throws -> String? { nil }
    /// Most modules name no roles.
    package func name(ofRole id: String, _ environment: AppEnvironment, _ language: Language) -> String? { nil }
    /// Most modules have nothing for the health board.
    package func supervisionCards(_ environment: AppEnvironment, _ language: Language) throws -> [HomeCard] { [] }
    /// Some modules count nothing.
    package func statistics(_ environment: AppEnvironment, _ language: Language) throws -> [Statistic] { [] }
}
