import ContractKit
import HTTPTypes
import Hummingbird
import LedgerCore
import MerkleLog
package import PageKit
import Primitives

/// The node's own texts: refusals of the gate, of the API and of the node.
package enum NodeMessages {
    /// One file per language.
    package static let sources = [
        MessageSource(.simplifiedChinese, PackageResources.zh_Hans_json),
        MessageSource(.english, PackageResources.en_json),
    ]
}

/// Puts the pages' material and the routes of all parts together.
struct SiteMaterial {
    let node: Node
    let modules: [any AppModule]
    let options: ServerOptions

    /// What draws the pages.
    func renderer() throws -> PageRenderer {
        let node = node
        let status: @Sendable () -> LedgerStatus = {
            let latest = node.hub.latest
            return LedgerStatus(
                origin: node.origin, size: Int64(clamping: latest?.size ?? 0),
                checkpointTime: latest?.time.milliseconds)
        }
        return PageRenderer(
            catalog: try MessageCatalog(OwnMaterial.messages + NodeMessages.sources + modules.flatMap(\.messages)),
            templates: try TemplateLibrary(OwnMaterial.templates + modules.flatMap(\.templates)), assets: try assets(),
            navigation: NavigationEntry.own + supervision + guide + modules.flatMap(\.navigation), site: options.site,
            status: status,
            now: { node.clock().milliseconds })
    }

    /// The health board, for whoever supervises.
    private var supervision: [NavigationEntry] {
        let places: [NavigationEntry.Place] = [.section(.publicNotice), .foot]
        return places.map { place in
            NavigationEntry(
                path: "/supervision", messageKey: "page.navigation.health", icon: "icon-check", place: place, order: 65)
        }
    }

    /// Who looks at the demonstration may want to see what its pages are made of.
    private var guide: [NavigationEntry] {
        guard options.site.demonstration else { return [] }
        return [
            NavigationEntry(
                path: Styleguide.path, messageKey: "page.styleguide.navigation", icon: "", place: .foot, order: 96)
        ]
    }

    private func assets() throws -> Assets {
        try Assets(OwnMaterial.assets + modules.flatMap(\.assets)) { CryptoSHA256.hash($0).bytes }
    }

    /// The answers to every address.
    func responder(metrics: NodeMetrics) throws -> NodeResponder {
        let renderer = try renderer()
        let receipts = Receipts(store: node.store, index: node.transactions, tiles: node.tiles)
        let routes = RouteTable()
        let router = Router(context: PageRequestContext.self, options: .autoGenerateHeadEndpoints)
        router.add(middleware: SecurityHeaders(secure: options.isSecure))
        router.add(middleware: PreferencesMiddleware(secure: options.isSecure))
        router.add(middleware: ErrorAnswers(renderer: renderer, routes: routes))
        let environment = AppEnvironment(
            renderer: renderer, readModels: node.readModels, state: node.state,
            beside: NodeBesideLedger(store: node.attachments),
            parameters: node.catalog.contracts.flatMap { $0.parameters }, address: options.address(port: options.port))
        let supply = ContentSupply(node: node, modules: modules, environment: environment)
        let api = NodeAPI(
            node: node, catalog: renderer.catalog, receipts: receipts, metrics: metrics, supply: supply)
        try api.addRoutes(to: router, operations: modules.flatMap(\.operations))
        ContentRoutes(node: node, modules: modules, environment: environment, supply: supply).add(to: router)
        AssetRoutes(try assets()).add(to: router)
        LedgerPages(
            node: node, modules: modules, environment: environment, receipts: receipts
        ).add(to: router)
        StyleguidePage(renderer: renderer).add(to: router)
        DeskPages(node: node, modules: modules, environment: environment).add(to: router)
        for module in modules { module.addRoutes(to: router, environment) }
        let built = router.buildResponder()
        routes.fill(from: router)
        let peers = Router(context: PageRequestContext.self)
        peers.add(middleware: ErrorAnswers(renderer: renderer, routes: routes))
        PeerRoutes(node: node).add(to: peers)
        return NodeResponder(
            intake: api.intake, router: built, metrics: metrics, supply: supply, peers: peers.buildResponder())
    }
}
