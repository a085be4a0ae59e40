import Logging
package import Ordering

/// What a node is connected to, for a program that does not leave that to `network.json`.
package struct Surroundings: Sendable {
    let engine: any OrderingEngine
    private let peers: [NetworkFile.Peer]
    private let fetch: PeerFetch
    private let limit: RunLimit

    /// An engine, and the nodes from which blocks come that the engine no longer has: `fetch` asks them. Blocks are taken in
    /// runs of at most `limit`.
    package init(
        engine: any OrderingEngine, peers: [NetworkFile.Peer], limit: RunLimit = RunLimit(), fetch: @escaping PeerFetch
    ) {
        self.engine = engine
        self.peers = peers
        self.limit = limit
        self.fetch = fetch
    }

    func blocks(_ logger: Logger) -> any BlockSource {
        PeerBlocks(peers: peers, fetch: fetch, logger: logger, limit: limit)
    }
}
