import Foundation
import PageKit
import Testing

@Suite("Messages")
struct MessageTests {
    @Test("every key exists in both languages, with the same places")
    func complete() throws {
        let catalog = try Material.catalog()
        for language in Language.allCases { #expect(catalog.missing(in: language) == []) }
        #expect(catalog.differingPlaces() == [])
    }

    @Test("keys begin with the part's name")
    func prefixes() throws {
        for part in try Material.parts() {
            let prefix =
                part.lastPathComponent == "PageKit"
                ? "page." : part.deletingLastPathComponent().lastPathComponent.lowercased() + "."
            for file in try Material.files("Messages", in: part) {
                let keys = try JSONDecoder().decode([String: String].self, from: Data(contentsOf: file)).keys
                #expect(keys.filter { !$0.lowercased().hasPrefix(prefix) }.isEmpty, "\(file.path)")
            }
        }
    }

    @Test("Chinese texts contain Chinese, English texts none")
    func scripts() throws {
        let isHan = { (scalar: Unicode.Scalar) in (0x4E00...0x9FFF).contains(scalar.value) }
        for part in try Material.parts() {
            for file in try Material.files("Messages", in: part) where file.lastPathComponent == "en.json" {
                let texts = try JSONDecoder().decode([String: String].self, from: Data(contentsOf: file))
                for (key, text) in texts { #expect(!text.unicodeScalars.contains(where: isHan), "\(key)") }
            }
        }
    }

    @Test("every key a template names exists, every text a script asks for too")
    func used() throws {
        let catalog = try Material.catalog()
        for template in try Material.templates() {
            let text = String(decoding: template.bytes, as: UTF8.self)
            for match in text.matches(of: /\{\{t\.([A-Za-z0-9.]+)\}\}/) {
                #expect(catalog.contains(String(match.1)), "\(template.name): \(match.1)")
            }
        }
        for asset in OwnMaterial.assets where asset.name.hasSuffix(".js") {
            for match in String(decoding: asset.bytes, as: UTF8.self).matches(of: /[^.A-Za-z]text\("([A-Za-z.]+)"/) {
                #expect(catalog.contains("page.browser.\(match.1)"), "\(asset.name): \(match.1)")
            }
        }
    }

    @Test("falls back to English, then to the key")
    func fallback() throws {
        let catalog = try MessageCatalog([
            MessageSource(.simplifiedChinese, Array(#"{"a.b":"甲"}"#.utf8)),
            MessageSource(.english, Array(#"{"a.b":"A","a.c":"C {x}"}"#.utf8)),
        ])
        #expect(catalog.text("a.b", .simplifiedChinese) == "甲")
        #expect(catalog.text("a.c", .simplifiedChinese, ["x": "1"]) == "C 1")
        #expect(catalog.text("a.d", .english) == "a.d")
        #expect(catalog.missing(in: .simplifiedChinese) == ["a.c"])
    }

    @Test("refuses broken, duplicate and nested keys")
    func refuses() {
        func code(_ files: String...) -> String? {
            do throws(PageMaterialError) {
                _ = try MessageCatalog(files.map { MessageSource(.english, Array($0.utf8)) })
                return nil
            } catch { return error.code }
        }
        #expect(code("{") == "messages.form")
        #expect(code(#"{"a":1}"#) == "messages.form")
        #expect(code(#"{"a":"1"}"#, #"{"a":"2"}"#) == "messages.duplicate")
        #expect(code(#"{"a":"1","a.b":"2"}"#) == "messages.nesting")
        #expect(code(#"{"a.b":"1","a.c":"2"}"#) == nil)
    }

    @Test("places are read, braces without a name stay")
    func places() {
        #expect(MessageText("{a} of {b2}").places == ["a", "b2"])
        #expect(MessageText("{ a } {} {x").filled() == "{ a } {} {x")
        #expect(MessageText("{a}").filled() == "{a}")
        #expect(MessageText("é {a}!").filled(["a": "ü"]) == "é ü!")
    }
}
