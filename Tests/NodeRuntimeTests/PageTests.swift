import ContractKit
import Foundation
import HTTPTypes
import HummingbirdTesting
import LedgerCore
import NodeRuntime
import PageKit
import Primitives
import Testing

@Suite("Pages of the ledger")
struct PageTests {
    @Test("Every page is drawn in both languages, with nothing left unfilled", arguments: ["en", "zh-Hans"])
    func pages(_ language: String) async throws {
        try await TestNode.with { test in
            try await test.write(130, block: 130)
            let refused = try test.note("n0", "<script>alert(1)</script>")
            _ = try await test.node.submit([refused])
            try await test.api { client in
                let height = test.node.hub.latest?.height ?? 0
                let paths = [
                    "/", "/verify", "/ledger", "/ledger?upTo=0", "/ledger/blocks/\(height)",
                    "/ledger/blocks/\(height - 1)",
                    "/ledger/blocks/\(height - 1)?from=100", "/ledger/transactions", "/ledger/transactions?before=5",
                    "/ledger/transactions/\(test.id(refused).hex)",
                ]
                for path in paths {
                    let answer = try await client.get(path, [.acceptLanguage: language])
                    #expect(answer.status == .ok, "\(path): \(answer.string.prefix(300))")
                    let html = answer.string
                    #expect(html.contains("<html lang=\"\(language)\""), "\(path)")
                    #expect(!html.contains("{{") && !html.contains(">page.") && !html.contains(">ledger."), "\(path)")
                    #expect(!html.contains("<script>alert"), "\(path)")
                    let tag = try #require(answer.headers[.eTag], "\(path)")
                    let again = try await client.get(path, [.acceptLanguage: language, .ifNoneMatch: tag])
                    #expect(again.status == .notModified, "\(path)")
                }
                let one = try await client.get("/ledger/transactions/\(test.id(refused).hex)")
                #expect(one.string.contains("/api/v1/receipts/\(test.id(refused).hex)"))
                #expect(one.string.contains("notes.known"))
                for path in ["/ledger/blocks/99999", "/ledger/transactions/abc", "/nothing", "/ledger/blocks/x"] {
                    let answer = try await client.get(path)
                    #expect(answer.status == .notFound, "\(path)")
                    #expect(answer.headers[.contentType]?.hasPrefix("text/html") == true, "\(path)")
                }
            }
        }
    }

    @Test("Every code that the node itself gives has a text in both languages")
    func texts() throws {
        let package = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent()
        let catalog = try MessageCatalog(OwnMaterial.messages + NodeMessages.sources)
        #expect(catalog.missing(in: .english).isEmpty)
        #expect(catalog.missing(in: .simplifiedChinese).isEmpty)
        var codes: Set<String> = []
        for folder in [
            "Sources/LedgerCore", "Sources/ContractKit", "Sources/NodeRuntime/API", "Sources/NodeRuntime/Pages",
        ] {
            let files = FileManager.default.enumerator(
                at: package.appending(path: folder), includingPropertiesForKeys: nil)
            for case let file as URL in try #require(files) where file.pathExtension == "swift" {
                let source = try String(contentsOf: file, encoding: .utf8)
                for match in source.matches(of: /(?:Reason\(|code: |missing: )"([A-Za-z]+\.[A-Za-z]+)"/) {
                    codes.insert(String(match.1))
                }
            }
        }
        #expect(codes.count > 40)
        // Faults of stored files: told in the log and by `verify`, never as the answer to a request.
        codes.subtract(["leaf.form", "leaf.seal", "leaf.events", "ledger.dueFailed"])
        for code in codes.sorted() {
            let problem = Problem(.badRequest, code: code)
            #expect(problem.messageKey("message", in: catalog) != "page.reason.unknown.message", "\(code)")
            #expect(problem.messageKey("help", in: catalog) != "page.reason.unknown.help", "\(code)")
        }
    }

    @Test("Health, figures and description are there")
    func operation() async throws {
        try await TestNode.with { test in
            try await test.api { client in
                #expect(try await client.get("/healthz").json().member("status")?.string == "ok")
                _ = try await client.post(try test.note("m").bytes)
                _ = try await client.post(Array("rubbish".utf8))
                let metrics = try await client.get("/metrics").string
                #expect(metrics.contains("linlian_transactions_accepted_total 1\n"))
                #expect(metrics.contains("linlian_transactions_refused_total{code=\"envelope.form\"} 1\n"))
                #expect(metrics.contains("linlian_healthy 1\n"))
                let description = try await client.get("/openapi.json").json()
                #expect(description.member("openapi")?.string == "3.1.0")
                #expect(description.member("paths")?.count ?? 0 >= 18)
                let feed = try await client.get("/feed.atom")
                #expect(feed.headers[.contentType] == "application/atom+xml; charset=utf-8")
                #expect(feed.string.contains("http://www.w3.org/2005/Atom"))
                #expect(try await client.get("/robots.txt").string.contains("Disallow"))
            }
        }
    }
}
