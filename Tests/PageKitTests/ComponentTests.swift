import Foundation
import PageKit
import Testing

/// What every component draws in every state, in both languages, as usual and in care mode, against files that somebody has read.
///
/// `LINLIAN_RECORD=1` writes the files anew; then they are to be read before they are kept.
@Suite("Components")
struct ComponentTests {
    private static let folder = Material.root.appending(path: "Tests/PageKitTests/Snapshots")
    private static let all = Styleguide.Part.allCases.flatMap { part in
        (try? Material.catalog()).map { Styleguide($0, .english).components(part).map(\.id) } ?? []
    }

    @Test("are drawn as they were reviewed", arguments: all)
    func snapshots(id: String) throws {
        let drawn = try text(of: id)
        let file = ComponentTests.folder.appending(path: "\(id).txt")
        if ProcessInfo.processInfo.environment["LINLIAN_RECORD"] == "1" {
            try FileManager.default.createDirectory(at: ComponentTests.folder, withIntermediateDirectories: true)
            try Data(drawn.utf8).write(to: file)
        }
        let kept = String(decoding: try Material.bytes(file), as: UTF8.self)
        #expect(drawn == kept, "\(id): look at it, then record it with LINLIAN_RECORD=1")
    }

    @Test("no reviewed file is left of a component that is gone")
    func nothingLeft() throws {
        let files = try FileManager.default.contentsOfDirectory(atPath: ComponentTests.folder.path).sorted()
        #expect(files == ComponentTests.all.map { "\($0).txt" }.sorted())
    }

    @Test("stand on a page that weighs little, every id once", arguments: Styleguide.Part.allCases)
    func pages(part: Styleguide.Part) throws {
        let renderer = try Material.renderer()
        for language in Language.allCases {
            let page = Styleguide(renderer.catalog, language).page(part)
            let html = try renderer.html(page, language: language, path: "/styleguide/\(part.rawValue)")
            #expect(html.utf8.count <= 32_000, "\(html.utf8.count) bytes")
            let ids = html.matches(of: /\sid="([^"]*)"/).map { String($0.1) }
            #expect(ids.count == Set(ids).count, "\(Dictionary(grouping: ids) { $0 }.filter { $1.count > 1 }.keys)")
            for match in html.matches(of: /aria-(?:labelledby|describedby)="([^"]*)"/) {
                for id in match.1.split(separator: " ") { #expect(ids.contains(String(id)), "no \(id)") }
            }
            #expect(!html.contains("page.styleguide.") && !html.contains("page.component."), "a key instead of a text")
        }
    }

    /// One component in all its modes; a mode that changes nothing says so instead of repeating it.
    private func text(of id: String) throws -> String {
        let renderer = try Material.renderer()
        var text = ""
        for language in Language.allCases {
            let guide = Styleguide(renderer.catalog, language)
            let component = try #require(Styleguide.Part.allCases.flatMap(guide.components).first { $0.id == id })
            for (number, sample) in component.samples.enumerated() {
                let usual = try renderer.fragment(component.template, sample.context, language)
                let care = try renderer.fragment(
                    component.template, sample.context.merging(["care": true]) { $1 }, language)
                text += "== \(language.rawValue) usual: \(number + 1) \(sample.state)\n\(lines(usual))\n"
                text += "== \(language.rawValue) care: \(number + 1) \(sample.state)\n"
                text += care == usual ? "as usual\n\n" : "\(lines(care))\n"
            }
        }
        return text
    }

    private func lines(_ html: String) -> String {
        html.replacing("><", with: ">\n<").split(separator: "\n").map {
            String($0.trimmingPrefix(while: \.isWhitespace))
        }
        .filter { !$0.isEmpty }.joined(separator: "\n") + "\n"
    }
}
