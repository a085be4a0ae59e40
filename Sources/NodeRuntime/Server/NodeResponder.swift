import HTTPTypes
package import Hummingbird
package import PageKit

/// Answers every request: transactions go straight to the gate, everything else through the router and its middleware.
package struct NodeResponder: HTTPResponder {
    /// What a request carries.
    package typealias Context = PageRequestContext

    let intake: TransactionIntake
    let router: RouterResponder<PageRequestContext>
    let metrics: NodeMetrics
    let supply: ContentSupply
    /// Answers what is for other parties' nodes alone.
    let peers: RouterResponder<PageRequestContext>
    /// Whether those who ask have shown that they are one.
    private(set) var isForPeers = false

    /// The same answers, and those for other parties' nodes.
    var forPeers: NodeResponder {
        var responder = self
        responder.isForPeers = true
        return responder
    }

    /// Answers everybody.
    init(
        intake: TransactionIntake, router: RouterResponder<PageRequestContext>, metrics: NodeMetrics,
        supply: ContentSupply, peers: RouterResponder<PageRequestContext>
    ) {
        self.intake = intake
        self.router = router
        self.metrics = metrics
        self.supply = supply
        self.peers = peers
    }

    /// Answers one request and counts it.
    @concurrent
    package func respond(to request: Request, context: PageRequestContext) async throws -> Response {
        let start = ContinuousClock.now
        var response: Response
        let group: NodeMetrics.Group
        if request.method == .post, request.head.path == TransactionIntake.path {
            group = .submit
            response = try await intake.respond(to: request)
        } else {
            let path = request.head.path ?? "/"
            group = Self.group(path)
            let answering = isForPeers && path.hasPrefix(PeerRoutes.prefix) ? peers : router
            response = try await answering.respond(to: request, context: context)
        }
        if response.status == .unauthorized {
            // RFC 9110 section 15.5.2 asks for a challenge; the scheme names what must sign.
            response.headers[.wwwAuthenticate] = "Linlian-Signature"
        }
        metrics.answered(group, status: response.status.code, after: ContinuousClock.now - start)
        return response
    }

    private static func group(_ path: String) -> NodeMetrics.Group {
        if path.hasPrefix("/api/") { return .api }
        if path.hasPrefix("/tile/") || path == "/checkpoint" { return .tiles }
        return path.hasPrefix("/assets/") ? .assets : .pages
    }
}
