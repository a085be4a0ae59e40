import Logging
import ServiceLifecycle

/// Fetches contents from the other nodes until the server is asked to stop.
struct ContentService: Service {
    let supply: ContentSupply

    func run() async throws { await cancelWhenGracefulShutdown { await supply.run() } }
}

/// The node's pipeline as a service: it stops after the block under way, after the server has stopped.
///
/// When the pipeline fails nothing more can be recorded, but what is recorded stays readable: the server goes on, refuses
/// transactions with `node.failed`, and `/healthz` says so.
struct NodeService: Service {
    let node: Node
    let logger: Logger

    func run() async throws {
        try await withGracefulShutdownHandler {
            do {
                try await node.run()
            } catch {
                logger.critical("no more blocks can be made", metadata: ["error": "\(error)"])
                try await gracefulShutdown()
            }
        } onGracefulShutdown: {
            Task { await node.shutDown() }
        }
    }
}
