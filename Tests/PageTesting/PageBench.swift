package import ContractKit
import Foundation
import GRDB
import HTTPTypes
import Hummingbird
import HummingbirdTesting
import LedgerCore
package import LedgerTesting
import MerkleLog
package import PageKit
import Primitives
package import ReadModels

/// The pages of some modules over a rule bench: its events become leaves, its state the node's, and pages are asked for
/// as a browser asks.
package final class PageBench {
    private let bench: RuleBench
    private let contracts: [any Contract.Type]
    private let modules: [any AppModule]
    private let folder: URL
    private var taken = 0
    private var blocks: UInt64 = 0
    private var leaves: [[UInt8]] = []
    /// The read models that follow block by block.
    package let readModels: ReadModelStore
    /// What is kept beside the bench's ledger.
    package let beside = MemoryBeside()

    /// A bench whose pages are those of `modules`.
    package init(_ bench: RuleBench, contracts: [any Contract.Type], modules: [any AppModule]) throws {
        self.bench = bench
        self.contracts = contracts
        self.modules = modules
        folder = FileManager.default.temporaryDirectory.appending(path: "linlian-pages-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        readModels = try ReadModelStore(
            path: folder.appending(path: "read.sqlite").path, projections: modules.compactMap(\.projection))
    }

    deinit { try? FileManager.default.removeItem(at: folder) }

    /// Seals what happened on the bench since the last call into a block: one leaf per event, each with a transaction of
    /// its own. The read models follow.
    package func seal() throws {
        let first = UInt64(leaves.count)
        for event in bench.events[taken...] {
            let payload = "{\"number\":\(leaves.count)}"
            let signature = String(repeating: "A", count: 86)
            let key = String(repeating: "A", count: 43)
            let text = "linlian/tx/v1\nES256 \(key) \(signature)\n\(payload)\naccepted\n["
            leaves.append(Array(text.utf8) + Array(event.rawBytes) + Array("]\n".utf8))
        }
        taken = bench.events.count
        let seal = Seal(
            height: blocks, time: bench.time, previous: .zero, firstEntry: first,
            entryCount: UInt64(leaves.count) - first, state: .zero, position: blocks, proposer: "bench")
        leaves.append(seal.bytes)
        blocks += 1
        try readModels.follow(Leaves(leaves: leaves))
    }

    /// Every row of the modules' tables, as the read models that followed step by step have them.
    package func rows() throws -> [String] { try rows(of: readModels) }

    /// The same after all tables were thrown away and built anew from the leaves.
    package func rebuiltRows() throws -> [String] {
        let store = try ReadModelStore(
            path: folder.appending(path: "rebuilt-\(UUID().uuidString).sqlite").path,
            projections: modules.compactMap(\.projection))
        try store.follow(Leaves(leaves: leaves))
        defer { try? store.close() }
        return try rows(of: store)
    }

    private func rows(of store: ReadModelStore) throws -> [String] {
        let tables = modules.compactMap(\.projection).flatMap(\.tables).sorted()
        return try store.read { database in
            try tables.flatMap { table in
                try Row.fetchAll(database, sql: "SELECT * FROM \(table)").map { "\(table) \($0)" }.sorted()
            }
        }
    }

    /// What draws the pages; the clock stands at `now`, or at the bench's time.
    package func renderer(now: Int64? = nil) throws -> PageRenderer {
        let now = now ?? bench.time.milliseconds
        let size = Int64(leaves.count)
        let origin = bench.ledger
        return PageRenderer(
            catalog: try MessageCatalog(OwnMaterial.messages + modules.flatMap(\.messages)),
            templates: try TemplateLibrary(OwnMaterial.templates + modules.flatMap(\.templates)),
            assets: try assets(), navigation: NavigationEntry.own + modules.flatMap(\.navigation),
            site: Site(name: "梧桐里小区", secure: false, demonstration: true),
            status: { LedgerStatus(origin: origin, size: size, checkpointTime: now) }, now: { now })
    }

    private func assets() throws -> Assets {
        try Assets(OwnMaterial.assets + modules.flatMap(\.assets)) { CryptoSHA256.hash($0).bytes }
    }

    /// What the modules work with, at this moment of the bench.
    package func environment(now: Int64? = nil) throws -> AppEnvironment {
        let rows = bench.state.snapshot.map { (key: $0.key, value: Optional($0.value)) }
        return AppEnvironment(
            renderer: try renderer(now: now), readModels: readModels, state: StateStore(rows),
            beside: beside, parameters: contracts.flatMap { $0.parameters }, address: "https://wutongli.example")
    }

    /// Asks for an address as a browser or program does, through the middleware of the real site.
    package func get(
        _ path: String, _ language: Language = .english, now: Int64? = nil
    ) async throws -> (status: Int, type: String, body: String) {
        try await answer(.get, path, language, now: now)
    }

    /// Posts to an address, without a body.
    package func post(_ path: String, now: Int64? = nil) async throws -> (status: Int, type: String, body: String) {
        try await answer(.post, path, .english, now: now)
    }

    private func answer(
        _ method: HTTPRequest.Method, _ path: String, _ language: Language, now: Int64?
    ) async throws -> (status: Int, type: String, body: String) {
        let environment = try environment(now: now)
        let routes = RouteTable()
        let router = Router(context: PageRequestContext.self)
        router.add(middleware: SecurityHeaders(secure: false))
        router.add(middleware: PreferencesMiddleware(secure: false))
        router.add(middleware: ErrorAnswers(renderer: environment.renderer, routes: routes))
        for module in modules { module.addRoutes(to: router, environment) }
        routes.fill(from: router)
        let application = Application(router: router)
        return try await application.test(.router) { client in
            try await client.execute(
                uri: path, method: method, headers: [.acceptLanguage: language.rawValue]
            ) { response in
                let body = String(buffer: response.body)
                return (Int(response.status.code), response.headers[.contentType] ?? "", body)
            }
        }
    }

    /// Writes a page and the assets to the folder named by LINLIAN_PAGES, to look at; does nothing without it.
    package func show(_ html: String, as name: String) throws {
        guard let path = ProcessInfo.processInfo.environment["LINLIAN_PAGES"] else { return }
        let place = URL(fileURLWithPath: path)
        try FileManager.default.createDirectory(at: place.appending(path: "assets"), withIntermediateDirectories: true)
        let assets = try assets()
        for file in OwnMaterial.assets {
            guard let address = assets.address(of: file.name),
                let served = assets.file(at: String(address.dropFirst(8)))
            else { continue }
            try Data(served.bytes).write(to: place.appending(path: String(address.dropFirst())))
        }
        try Data(html.utf8).write(to: place.appending(path: "\(name).html"))
    }
}

/// Leaves in memory.
private struct Leaves: LeafSource {
    let leaves: [[UInt8]]

    func leafCount() throws -> UInt64 { UInt64(leaves.count) }

    func leaves(from first: UInt64, count: Int) throws -> [[UInt8]] {
        guard first < UInt64(leaves.count) else { return [] }
        return Array(leaves[Int(first)...].prefix(count))
    }
}
