import Foundation
import PageKit
import Testing

/// Draws every page with made-up content. With LINLIAN_PAGES set to a folder, the pages are also written there, to look at.
@Suite("Pages")
struct SamplePageTests {
    @Test("every page is drawn whole, in both languages, within its weight", arguments: Language.allCases)
    func pages(language: Language) throws {
        let renderer = try Material.renderer()
        let assets = try Assets(OwnMaterial.assets, digest: Material.digest)
        for sample in SamplePages(catalog: renderer.catalog, language: language).all {
            let html = try renderer.html(sample.page, language: language, path: sample.path)
            #expect(html.hasPrefix("<!doctype html>"), "\(sample.name)")
            #expect(!html.contains("{{"), "\(sample.name)")
            #expect(
                html.firstMatch(of: />[^<]*\{[a-zA-Z]+\}[^<]*<\/(p|dd|td|span|h1)/) == nil,
                "\(sample.name): an unfilled place")
            #expect(html.matches(of: /<h1/).count == 1, "\(sample.name)")
            #expect(html.utf8.count <= 30_000, "\(sample.name): \(html.utf8.count) bytes")
            let ids = html.matches(of: /\sid="([^"]*)"/).map { String($0.1) }
            #expect(ids.count == Set(ids).count, "\(sample.name): an id twice")
            for match in html.matches(of: /aria-(?:labelledby|describedby)="([^"]*)"/) {
                for id in match.1.split(separator: " ") {
                    #expect(ids.contains(String(id)), "\(sample.name): no \(id)")
                }
            }
            try write(html, "\(sample.name).\(language.rawValue).html", assets)
        }
    }

    @Test("what the browser journey looks for is there")
    func testids() throws {
        let renderer = try Material.renderer()
        let samples = SamplePages(catalog: renderer.catalog, language: .english)
        func html(_ page: Page) throws -> String { try renderer.html(page, language: .english, path: "/x") }
        let motion = try html(samples.motion)
        for id in ["choice-yes", "choice-no", "choice-abstain", "ballot-review", "ballot-sign"] {
            #expect(motion.contains("data-testid=\"\(id)\""))
        }
        #expect(try html(samples.motions).contains("data-testid=\"motion-link\""))
        #expect(try html(samples.vote).contains("data-testid=\"project-p0\""))
        for id in ["enrol-code", "enrol-submit", "enrol-done"] {
            #expect(try html(samples.enrol).contains("data-testid=\"\(id)\""))
        }
    }

    private func write(_ html: String, _ name: String, _ assets: Assets) throws {
        guard let path = ProcessInfo.processInfo.environment["LINLIAN_PAGES"] else { return }
        let folder = URL(fileURLWithPath: path)
        try FileManager.default.createDirectory(at: folder.appending(path: "assets"), withIntermediateDirectories: true)
        for file in OwnMaterial.assets {
            guard let address = assets.address(of: file.name),
                let served = assets.file(at: String(address.dropFirst(8)))
            else {
                continue
            }
            try Data(served.bytes).write(to: folder.appending(path: String(address.dropFirst())))
        }
        try Data(html.utf8).write(to: folder.appending(path: name))
    }
}
