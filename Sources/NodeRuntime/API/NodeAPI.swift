import Hummingbird
import PageKit

/// The node's public interface for programs: what `/openapi.json` describes.
struct NodeAPI: Sendable {
    let node: Node
    let catalog: MessageCatalog
    let receipts: Receipts
    let metrics: NodeMetrics
    let supply: ContentSupply

    /// Where transactions are taken.
    var intake: TransactionIntake { TransactionIntake(node: node, catalog: catalog, metrics: metrics) }

    /// Adds every address but the modules' own.
    func addRoutes(to router: Router<PageRequestContext>, operations: [APIOperation]) throws {
        TileRoutes(node: node, tiles: receipts.tiles).add(to: router)
        TransactionRoutes(node: node, catalog: catalog, receipts: receipts, intake: intake).add(to: router)
        BlockRoutes(node: node).add(to: router)
        StateRoutes(node: node, receipts: receipts).add(to: router)
        SnapshotRoutes(node: node).add(to: router)
        EventRoutes(node: node).add(to: router)
        AttachmentRoutes(node: node, catalog: catalog, supply: supply).add(to: router)
        HealthRoutes(node: node, metrics: metrics).add(to: router)
        HealthAPI(node: node).add(to: router)
        try DescriptionRoutes(operations: operations).add(to: router)
    }
}
