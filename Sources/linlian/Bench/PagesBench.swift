import AppCatalog
import Foundation
import LedgerCore
import Logging
import NodeRuntime
import PageKit
import Primitives

/// How long the pages of a large community take, and what they weigh: the demo's life with as many homes as a town.
enum PagesBench {
    /// Times that each page is asked for.
    private static let repeats = 300

    static func run(homes: Int) async throws -> [BenchFigure] {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("linlian-bench-\(UUID().uuidString)")
        let directory = NodeDirectory(folder.path)
        defer { try? FileManager.default.removeItem(at: folder) }
        _ = try await DemoNeighbourhood(directory: directory, today: SystemClock.now, homes: homes).make()
        return try await LocalServer.run(directory) { node, port in
            guard let height = node.hub.latest?.height, let last = node.transactions.page(before: .max, count: 1).first
            else { throw Complaint("the community is empty") }
            let pages = [
                "/", "/decisions", "/services", "/together", "/public", "/me", "/statistics", "/notices", "/questions",
                "/desk", "/search?q=1", "/motions", "/motions/manager-2027", "/motions/lift-2026/result", "/budgets",
                "/budgets/services-2027", "/budgets/renewal-2026/result", "/roll", "/roll/1-1-1", "/enrol",
                "/constitution", "/verify", "/ledger", "/ledger/blocks/\(height)", "/ledger/transactions",
                "/ledger/transactions/\(last.id.hex)",
            ]
            return try await withCheckedThrowingContinuation { done in
                Thread.detachNewThread {
                    done.resume(with: Result { try pages.map { try measure($0, port: port, homes: homes) } })
                }
            }
        }
    }

    private static func measure(_ page: String, port: Int, homes: Int) throws -> BenchFigure {
        let connection = try LoopbackConnection(port: port)
        let start = ProcessInfo.processInfo.systemUptime
        let answer = try connection.get(page)
        let cold = ProcessInfo.processInfo.systemUptime - start
        // What a page links to is read from its text, and weighed as it goes over the wire.
        let linked = try links(in: connection.get(page, encoding: "identity"))
        let assets = try Set(linked).reduce(0) { try $0 + connection.get($1).count }
        let times = try (0..<repeats).map { _ in
            let start = ProcessInfo.processInfo.systemUptime
            try connection.get(page)
            return ProcessInfo.processInfo.systemUptime - start
        }.sorted()
        var figure = BenchFigure("page")
        figure.add("page", "\"\(page.count > 40 ? "/ledger/transactions/{id}" : page)\"")
        figure.add("homes", homes)
        figure.add("firstMilliseconds", cold * 1_000)
        figure.add("p50Milliseconds", times[times.count / 2] * 1_000)
        figure.add("p99Milliseconds", times[times.count * 99 / 100] * 1_000)
        figure.add("firstVisitKilobytes", Double(answer.count + assets) / 1_024, decimals: 1)
        figure.add("laterKilobytes", Double(answer.count) / 1_024, decimals: 1)
        return figure
    }

    /// The assets that a page names.
    private static func links(in answer: ArraySlice<UInt8>) -> [String] {
        String(decoding: answer, as: UTF8.self).split(separator: "\"").filter { $0.hasPrefix("/assets/") }.map(
            String.init)
    }
}

/// Runs a node with its server inside this process for as long as some work takes.
enum LocalServer {
    static func run<Result: Sendable>(
        _ directory: NodeDirectory, _ body: (Node, Int) async throws -> Result
    ) async throws -> Result {
        var logger = Logger(label: "bench")
        logger.logLevel = .critical
        let node = try await Node.open(
            directory, catalog: LocalNode.catalog, projections: AppCatalog.modules.compactMap(\.projection),
            logger: logger)
        var options = ServerOptions()
        options.port = 0
        let server = try LinlianServer(node: node, modules: AppCatalog.modules, options: options, logger: logger)
        let (ports, announce) = AsyncStream.makeStream(of: Int.self)
        let running = Task { try await server.run(stopOn: []) { announce.yield($0) } }
        defer { running.cancel() }
        guard let port = await ports.first(where: { _ in true }) else { throw Complaint("the server did not start") }
        let result = try await body(node, port)
        running.cancel()
        _ = await running.result
        try node.close()
        return result
    }
}
