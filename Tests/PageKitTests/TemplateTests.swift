import Foundation
import PageKit
import Testing

@Suite("Templates")
struct TemplateTests {
    /// What a reader would see of a template: no tags, comments, attributes or samples of code.
    private func words(_ text: String) -> String {
        text.replacing(/\{\{![\s\S]*?\}\}/, with: "")
            .replacing(/\{\{\{?[^}]*\}?\}\}/, with: "")
            .replacing(/<code class="raw">[^<]*<\/code>/, with: "")
            .replacing(/<[^>]*>/, with: "")
    }

    @Test("no text in a template that is not a message")
    func noHardCodedText() throws {
        for template in try Material.templates() {
            let left = words(String(decoding: template.bytes, as: UTF8.self)).filter(\.isLetter)
            #expect(left == "", "\(template.name)")
        }
    }

    @Test("labels and placeholders in attributes are messages too")
    func noHardCodedAttributes() throws {
        for template in try Material.templates() {
            let text = String(decoding: template.bytes, as: UTF8.self)
            for match in text.matches(of: /(aria-label|title|alt|data-name)="([^"]*)"/) {
                let value = match.2.replacing(/\{\{[^}]*\}\}/, with: "")
                #expect(value.filter(\.isLetter) == "", "\(template.name): \(match.0)")
            }
        }
    }

    @Test("no inline script or style, no handler attributes: the policy would block them")
    func nothingInline() throws {
        for template in try Material.templates() {
            let text = String(decoding: template.bytes, as: UTF8.self)
            #expect(!text.contains(/\sstyle=|\son[a-z]+=|<style|javascript:/), "\(template.name)")
            for match in text.matches(of: /<script[^>]*>([^<]*)/) {
                #expect(match.0.contains("src=") && match.1.isEmpty, "\(template.name)")
            }
        }
    }

    @Test("unescaped values are charts and the layout's content only")
    func onlyChartsAreRaw() throws {
        for template in try Material.templates() {
            for match in String(decoding: template.bytes, as: UTF8.self).matches(of: /\{\{[{&]\s*([A-Za-z.]+)/) {
                let raw = ["content", "headsChart", "areaChart", "bar", "svg"]
                #expect(raw.contains(String(match.1)), "\(template.name)")
            }
        }
    }

    @Test("PageKit embeds exactly the files of its folders")
    func embedsAll() throws {
        let part = Material.root.appending(path: "Sources/PageKit")
        let templates = try Material.files("Templates", in: part).map { $0.deletingPathExtension().lastPathComponent }
            .sorted()
        #expect(OwnMaterial.templates.map(\.name).sorted() == templates)
        let assets = try Material.files("Assets", in: part).map(\.lastPathComponent).sorted()
        let embedded = OwnMaterial.assets.filter { $0.name != "style.css" } + OwnMaterial.styles
        #expect(embedded.map(\.name).sorted() == assets)
        for asset in embedded {
            #expect(asset.bytes == (try Material.bytes(part.appending(path: "Assets/\(asset.name)"))))
        }
    }

    @Test("refuses duplicates, syntax errors and partials that do not exist")
    func refuses() {
        func code(_ templates: [(String, String)]) -> String? {
            do throws(PageMaterialError) {
                _ = try TemplateLibrary(templates.map { TemplateSource($0.0, Array($0.1.utf8)) })
                return nil
            } catch { return error.code }
        }
        #expect(code([("a", "x"), ("a", "y")]) == "template.duplicate")
        #expect(code([("a", "{{#x}}")]) == "template.form")
        #expect(code([("a", "{{> b }}")]) == "template.missing")
        #expect(code([("a", "{{>b}}{{>*c}}"), ("b", "")]) == nil)
    }
}
