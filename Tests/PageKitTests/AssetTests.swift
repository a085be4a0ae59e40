import Hummingbird
import HummingbirdTesting
import PageKit
import Testing

@Suite("Assets")
struct AssetTests {
    private func code(_ files: [(String, String)]) -> String? {
        do throws(PageMaterialError) {
            _ = try Assets(files.map { AssetFile($0.0, Array($0.1.utf8)) }, digest: Material.digest)
            return nil
        } catch { return error.code }
    }

    @Test("imports are followed, and a change within changes the address without")
    func imports() throws {
        func address(_ inner: String) throws -> String {
            let assets = try Assets(
                [AssetFile("a.js", Array(#"import {x} from "./b.js";"#.utf8)), AssetFile("b.js", Array(inner.utf8))],
                digest: Material.digest)
            let outer = try #require(assets.address(of: "a.js"))
            let within = try #require(assets.address(of: "b.js"))
            let served = try #require(assets.file(at: String(outer.dropFirst(8))))
            #expect(String(decoding: served.bytes, as: UTF8.self) == "import {x} from \"\(within)\";")
            #expect(outer.wholeMatch(of: /\/assets\/a\.[0-9a-f]{12}\.js/) != nil)
            return outer
        }
        #expect(try address("1") != address("2"))
    }

    @Test("refuses what cannot be served")
    func refuses() {
        #expect(code([("a.js", #"import "./b.js";"#)]) == "asset.missing")
        #expect(code([("a.js", #"import "./b.js";"#), ("b.js", #"import "./a.js";"#)]) == "asset.cycle")
        #expect(code([("a.js", ""), ("a.js", "")]) == "asset.duplicate")
    }

    @Test("everything PageKit links to is served, kept for ever, and small")
    func served() async throws {
        let assets = try Assets(OwnMaterial.assets, digest: Material.digest)
        let router = Router(context: PageRequestContext.self)
        AssetRoutes(assets).add(to: router)
        try await Application(router: router).test(.router) { client in
            for file in OwnMaterial.assets {
                let address = try #require(assets.address(of: file.name))
                let answer = try await client.execute(uri: address, method: .get)
                #expect(answer.status == .ok)
                #expect(answer.headers[.cacheControl] == "public, max-age=31536000, immutable")
            }
        }
        // What a page weighs with its scripts, compressed, is measured in a browser over all pages; here only that no file
        // grows unseen.
        for file in OwnMaterial.assets {
            let limit = file.name == "style.css" ? 60_000 : 8_000
            #expect(file.bytes.count <= limit, "\(file.name): \(file.bytes.count) bytes")
        }
    }

    @Test("colours and sizes are tokens")
    func tokens() throws {
        let style = try #require(OwnMaterial.assets.first { $0.name == "style.css" })
        let text = String(decoding: style.bytes, as: UTF8.self).replacing(/--[a-z0-9-]+:[^;]*;/, with: "")
        #expect(text.firstMatch(of: /#[0-9a-fA-F]{3,8}\b|rgb\(/) == nil)
        let used = Set(text.matches(of: /var\((--[a-z0-9-]+)/).map { String($0.1) })
        for name in used { #expect(String(decoding: style.bytes, as: UTF8.self).contains("\(name):"), "\(name)") }
    }
}
