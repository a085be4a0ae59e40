import Hummingbird
import LedgerCore
import PageKit
import Primitives
import Storage

/// The pages that belong to no module: home, the ledger's explorer, how to check. All work without JavaScript.
struct LedgerPages: Sendable {
    /// Rows of a list.
    static let rows = 20

    let node: Node
    let modules: [any AppModule]
    let environment: AppEnvironment
    let receipts: Receipts

    /// Where readers reach the site, such as `https://example.org`.
    var address: String { environment.address }
    var renderer: PageRenderer { environment.renderer }

    func add(to router: Router<PageRequestContext>) {
        router.get("/") { request, context in try page(home(context.language), request, context) }
        for part in NavigationEntry.Section.allCases {
            router.get(RouterPath(part.path)) { request, context in
                try page(section(part, context.language), request, context)
            }
        }
        router.get("/statistics") { request, context in
            try page(statistics(context.language), request, context)
        }
        router.get("/statistics/{file}") { request, context in try statisticsTable(request, context) }
        addHealth(to: router)
        router.get("/me") { request, context in try page(me(context.language), request, context) }
        router.get("/me/agenda") { request, context in try agenda(request, context) }
        router.get(RouterPath(PageRenderer.feedPath)) { request, context in try feed(request, context) }
        router.get("/verify") { request, context in try page(verify(context.language), request, context) }
        router.get("/ledger") { request, context in
            let top = try RequestReading.number(
                "upTo", request, in: 0...UInt64(Int64.max), standard: UInt64(Int64.max))
            let language = context.language
            return try page(await node.reading { try blocks(upTo: top, language) }, request, context)
        }
        router.get("/ledger/blocks/{height}") { request, context in
            let height = try RequestReading.number("height", context, missing: "block.unknown")
            let from = try RequestReading.number("from", request, in: 0...UInt64(Int64.max), standard: 0)
            let language = context.language
            return try page(await node.reading { try block(height, from: from, language) }, request, context)
        }
        router.get("/ledger/transactions") { request, context in
            let before = try RequestReading.number(
                "before", request, in: 0...UInt64(Int64.max), standard: UInt64(Int64.max))
            let language = context.language
            let shown = try await node.reading { try transactions(before: Int(clamping: before), language) }
            return try page(shown, request, context)
        }
        router.get("/ledger/transactions/{id}") { request, context in
            let id = try RequestReading.digest("id", context, missing: "transaction.unknown")
            let language = context.language
            return try page(await node.reading { try transaction(id, language) }, request, context)
        }
    }

    private func page(_ page: Page, _ request: Request, _ context: PageRequestContext) throws -> Response {
        try renderer.response(page, request: request, context: context)
    }

    func text(_ key: String, _ language: Language, _ values: [String: String] = [:]) -> String {
        renderer.catalog.text(key, language, values)
    }

    /// The state of a block or an accepted record: on this ledger what is published is final.
    func finalPill(_ language: Language) -> [String: Any] {
        ["kind": "good", "label": text("page.explorer.final", language)]
    }

    /// How a transaction ended.
    func pill(_ outcome: Outcome, _ language: Language) -> [String: Any] {
        outcome == .accepted
            ? ["kind": "good", "label": text("page.explorer.accepted", language)]
            : ["kind": "bad", "label": text("page.explorer.rejected", language)]
    }

    /// The figures over the explorer and at the end of the home page.
    func figures(_ language: Language) -> [[String: Any]] {
        let latest = node.hub.latest
        var figures: [[String: Any]] = [
            [
                "name": text("page.figure.records", language),
                "value": Formats.count(Int64(node.transactions.count)),
            ],
            [
                "name": text("page.figure.blocks", language),
                "value": Formats.count(latest.map { Int64(clamping: $0.height) + 1 } ?? 0),
            ],
            ["name": text("page.figure.parties", language), "value": Formats.count(Int64(witnesses.count))],
        ]
        if let latest {
            figures.append([
                "name": text("page.figure.confirmed", language),
                "value": renderer.time.moment(latest.time.milliseconds, language),
            ])
        }
        return figures
    }
}
