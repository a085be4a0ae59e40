import HTTPTypes
import Hummingbird
import HummingbirdTesting
import NodeRuntime
import PageKit
import Primitives
import Testing

@Suite("The desk and the search")
struct DeskTests {
    /// A module with work for two roles of two parties.
    private struct Work: AppModule {
        let name = "work"
        let messages: [MessageSource] = [
            MessageSource(.english, Array(#"{"work.task":"Begin it","work.taskNote":"What it is for"}"#.utf8)),
            MessageSource(.simplifiedChinese, Array(#"{"work.task":"开始","work.taskNote":"做什么用"}"#.utf8)),
        ]
        let templates: [TemplateSource] = []
        let navigation: [NavigationEntry] = []
        let deskTasks = [
            DeskTask(messageKey: "work.task", address: "/work", role: "registrar", icon: "icon-vote")
        ]
        let many: Int

        func deskItems(_ environment: AppEnvironment, _ language: Language) throws -> [DeskItem] {
            let now = environment.renderer.currentTime
            func item(_ id: String, _ role: String, _ party: String?, due: Int64?, act: DeskAct? = nil) -> DeskItem {
                DeskItem(
                    id: "work/\(id)", title: "<b>\(id)</b>", task: "do", role: role, parties: party.map { [$0] },
                    due: due.map { now + $0 }, address: "/work/\(id)", act: act)
            }
            return [
                item("whenever", "registrar", "a", due: nil), item("tomorrow", "convener", "b", due: 86_400_000),
                item("yesterday", "registrar", "b", due: -86_400_000),
                item(
                    "nextmonth", "convener", nil, due: 30 * 86_400_000,
                    act: DeskAct(type: "work.do", body: #"{"id":"x"}"#)),
            ] + (0..<many).map { item("many\($0)", "other", "c", due: nil) }
        }

        func search(
            _ words: SearchWords, limit: Int, _ environment: AppEnvironment, _ language: Language
        ) throws -> [SearchHit] {
            words.match("Lift repair") ? [SearchHit(title: "<i>Lift</i>", kind: "Thing", address: "/thing")] : []
        }

        func name(ofParty id: String, _ environment: AppEnvironment) throws -> String? { "Party \(id)" }

        func addRoutes(to router: Router<PageRequestContext>, _ environment: AppEnvironment) {}
    }

    /// The ids of the items on a page, in its order.
    private func items(_ html: String) -> [String] {
        html.matches(of: /class="desk-item-title" href="\/work\/([a-z0-9]+)"/).map { String($0.1) }
    }

    @Test("What is late comes first, what has no time last; role and party choose, long queues have pages")
    func queue() async throws {
        try await TestNode.with { test in
            try await test.api(modules: [Work(many: 35)]) { client in
                let html = try await client.get("/desk", [.acceptLanguage: "en"]).string
                #expect(Array(items(html).prefix(4)) == ["yesterday", "tomorrow", "nextmonth", "many0"])
                #expect(items(html).count == 30)
                let pills = html.matches(of: /pill pill-(bad|wait|plain)/).map { String($0.1) }
                #expect(Array(pills.prefix(3)) == ["bad", "wait", "plain"])
                #expect(html.contains("&lt;b&gt;yesterday") && !html.contains("<b>yesterday"))
                #expect(html.contains("data-body=\"{&quot;id&quot;:&quot;x&quot;}\""))
                #expect(html.contains("Party b") && html.contains("What it is for"))
                #expect(items(try await client.get("/desk?page=2").string).count == 9)
                #expect(items(try await client.get("/desk?role=convener").string) == ["tomorrow", "nextmonth"])
                #expect(items(try await client.get("/desk?role=convener&party=a").string) == ["nextmonth"])
                let mine = try await client.get("/desk?role=convener,registrar&party=b").string
                #expect(items(mine) == ["yesterday", "tomorrow", "nextmonth"])
                #expect(mine.contains("value=\"convener,registrar\" selected"))
                #expect(items(try await client.get("/desk?role=nobody").string).isEmpty)
                #expect(try await client.get("/desk?role=%3Cb%3E&party=%22").status == .ok)
            }
        }
    }

    @Test("Every page of the desk is drawn in both languages", arguments: ["en", "zh-Hans"])
    func pages(_ language: String) async throws {
        try await TestNode.with { test in
            try await test.api(modules: [Work(many: 0)]) { client in
                for path in ["/desk", "/desk?role=nobody", "/desk/tray", "/desk/key", "/search", "/search?q=lift"] {
                    let answer = try await client.get(path, [.acceptLanguage: language])
                    #expect(answer.status == .ok, "\(path): \(answer.string.prefix(300))")
                    let html = answer.string
                    #expect(html.contains("<html lang=\"\(language)\""), "\(path)")
                    #expect(!html.contains("{{") && !html.contains(">page."), "\(path)")
                    #expect(html.matches(of: /<h1/).count == 1, "\(path)")
                    let ids = html.matches(of: /\sid="([^"]*)"/).map { String($0.1) }
                    #expect(ids.count == Set(ids).count, "\(path): an id twice")
                }
                #expect(!(try await client.get("/verify").string.contains("data-texts")))
            }
        }
    }

    @Test("The search asks the modules, and finds records and blocks by name")
    func search() async throws {
        try await TestNode.with { test in
            let note = try test.note("n1")
            _ = try await test.node.submit([note])
            let id = test.id(note).hex
            try await test.api(modules: [Work(many: 0)]) { client in
                let found = try await client.get("/search?q=repair%20LIFT").string
                #expect(found.contains("href=\"/thing\"") && found.contains("&lt;i&gt;Lift"))
                #expect(try await client.get("/search?q=\(id)").string.contains("/ledger/transactions/\(id)"))
                #expect(try await client.get("/search?q=0").string.contains("href=\"/ledger/blocks/0\""))
                for nothing in ["999999", String(repeating: "a", count: 64), "nowhere", "%25", "", "%20"] {
                    let html = try await client.get("/search?q=\(nothing)").string
                    #expect(!html.contains("data-testid=\"search-hit\""), "\(nothing)")
                }
                let odd = try await client.get("/search?q=%22%3E%3Cscript%3E").string
                #expect(!odd.contains("\"><script>"))
            }
        }
    }
}
