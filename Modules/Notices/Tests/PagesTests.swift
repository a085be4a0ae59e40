import ConstitutionContract
import ContractKit
import LedgerTesting
import NoticesApp
import NoticesContract
import PageKit
import PageTesting
import Primitives
import ReadModels
import RegistryContract
import Testing

@Suite("Pages of notices and questions")
struct NoticesPagesTests {
    private let board: Board
    private let pages: PageBench

    init() throws {
        board = try Board()
        pages = try PageBench(
            board.bench, contracts: [ConstitutionContract.self, RegistryContract.self, NoticesContract.self],
            modules: [NoticesModule()])
    }

    /// What other nodes are asked for: every text and file, in the order of the ledger, however few at a time.
    private func expectNamed(_ module: NoticesModule, _ environment: AppEnvironment) throws {
        let all = try module.contents(after: -1, limit: 1_000, environment)
        #expect(try module.contents(after: all.end, limit: 1_000, environment).contents.isEmpty)
        #expect(all.contents.map(\.leaf) == all.contents.map(\.leaf).sorted())
        #expect(
            all.contents.contains { named in
                named.digest == Board.digest("file") && named.kind == .file(mediaType: "application/pdf", size: 123_456)
            })
        for text in ["楼道灯不亮\n三单元四层，已经两周。", "没有送到的内容", "下月加装两组。", "没有送到的评论"] {
            #expect(all.contents.contains { $0.digest == Board.digest(text) && $0.kind == .text }, "\(text)")
        }
        var found: [NamedContent] = []
        var at: Int64 = -1
        while true {
            let next = try module.contents(after: at, limit: 2, environment)
            found += next.contents
            guard next.end > at else { break }
            at = next.end
        }
        #expect(found == all.contents)
    }

    private func bring(_ texts: String...) throws { for text in texts { try pages.beside.keep(Board.content(text)) } }

    /// Notices of every status, questions answered in time, late and not at all, comments shown, missing and masked.
    private func live() throws {
        let start = board.bench.time
        let file = NoticeAttachment(
            digest: Board.digest("file"), mediaType: "application/pdf", name: "三季度账目.pdf", size: 123_456)
        pages.beside.attach(file.digest, mediaType: "application/pdf", size: 123_456)
        try board.bench.run(board.notice("over", .works, days: 4), as: Board.publisher)
        try board.ask("late", by: 2, "楼道灯不亮\n三单元四层，已经两周。")
        try board.ask("masked", by: 3, "骂人的话")
        try board.decide("骂人的话", note: "第二次")
        board.bench.advance(to: start.advanced(byDays: 6))
        var posted = board.notice("posted", .finance, days: 20, attachments: [file])
        posted.title = "<script>alert(1)</script> 三季度公共收益"
        posted.text = "收入 <b>12,000</b> 元。\n支出 3,000 元。"
        try board.bench.run(posted, as: Board.publisher)
        try board.bench.run(
            board.notice("fixed", days: 9, audience: .building("b1"), replaces: "posted"), as: Board.publisher)
        try board.bench.run(
            board.notice("coming", .meeting, begins: board.bench.time.advanced(byDays: 3)), as: Board.otherPublisher)
        try board.bench.run(board.notice("gone", days: 9), as: Board.publisher)
        try board.bench.run(WithdrawNotice(notice: "gone", reason: "重复发布"), as: Board.publisher)
        try board.answer("late", "已经换好，让大家久等了。")
        try board.ask("open", by: 1, "<script>alert(2)</script> 游泳池什么时候开？")
        for index in 2...4 { try board.bench.run(UpvoteQuestion(question: "open"), as: board.resident(index)) }
        try board.ask("intime", by: 4, "快递柜太少")
        try board.answer("intime", "下月加装两组。")
        try board.answer("intime", "已经装好。", as: Board.otherPublisher)
        try board.ask("away", by: 5, "没有送到的内容")
        try board.comment("c1", on: .notice("posted"), by: 1, "账目清楚")
        try board.comment("c2", on: .notice("posted"), by: 2, "被屏蔽的评论")
        try board.comment("c3", on: .notice("posted"), by: 3, "没有送到的评论")
        try board.comment("c4", on: .question("late"), by: 3, "四层也是")
        try board.decide("被屏蔽的评论")
        try board.bench.run(
            ProposeMask(content: Board.digest("四层也是"), action: .mask, reason: .offTopic, note: "与此无关"),
            as: Board.moderator("juweihui"))
        try bring(
            "楼道灯不亮\n三单元四层，已经两周。", "骂人的话", "已经换好，让大家久等了。",
            "<script>alert(2)</script> 游泳池什么时候开？", "快递柜太少", "下月加装两组。", "已经装好。", "账目清楚", "被屏蔽的评论",
            "四层也是")
        board.bench.advance(to: board.bench.time.advanced(byDays: 2))
        try pages.seal()
    }

    /// Every address under which something of the module can be read.
    private static let addresses = [
        "/notices", "/notices?kind=finance", "/notices/posted", "/notices/posted/poster", "/notices/over",
        "/notices/coming",
        "/notices/gone", "/notices/fixed", "/notices.csv", "/questions", "/questions?order=newest",
        "/questions?order=unanswered", "/questions?q=%E8%AF%9D", "/questions/late", "/questions/masked",
        "/questions/open",
        "/questions/intime", "/questions/away", "/questions.csv", "/questions/new?notice=posted",
        "/desk/notices/new?replaces=posted",
        "/desk/notices/posted/withdraw", "/desk/questions/late", "/desk/questions/masked", "/desk/masks",
        "/desk/masks/new?content=\(Board.digest("骂人的话").hex)", "/desk/masks/new?content=\(Board.digest("被屏蔽的评论").hex)",
        "/api/v1/notices", "/api/v1/notices/posted", "/api/v1/questions", "/api/v1/questions/masked",
        "/api/v1/questions/late",
    ]

    @Test("the read model built step by step equals the one built anew")
    func rebuilt() throws {
        try board.ask("q")
        try pages.seal()
        try board.comment("c", on: .question("q"))
        try pages.seal()
        try live()
        let rows = try pages.rows()
        #expect(rows.count == 5 + 6 + 3 + 5 + 1)
        #expect(rows == (try pages.rebuiltRows()))
    }

    @Test("pages are drawn, hostile words escaped", arguments: Language.allCases)
    func drawn(language: Language) async throws {
        try live()
        let named = [
            "notices": "/notices", "notice-posted": "/notices/posted", "notice-over": "/notices/over",
            "notice-coming": "/notices/coming", "notice-gone": "/notices/gone",
            "notice-poster": "/notices/posted/poster",
            "questions": "/questions", "questions-found": "/questions?q=%E7%81%AF", "question-late": "/questions/late",
            "question-intime": "/questions/intime", "question-open": "/questions/open",
            "question-masked": "/questions/masked", "question-away": "/questions/away",
            "ask": "/questions/new?notice=posted",
            "desk-notice": "/desk/notices/new", "desk-withdraw": "/desk/notices/posted/withdraw",
            "desk-answer": "/desk/questions/open", "desk-masks": "/desk/masks",
            "desk-mask": "/desk/masks/new?content=\(Board.digest("四层也是").hex)",
            "desk-unmask": "/desk/masks/new?content=\(Board.digest("骂人的话").hex)",
        ]
        for (name, path) in named.sorted(by: { $0.key < $1.key }) {
            let answer = try await pages.get(path, language)
            #expect(answer.status == 200, "\(name)")
            Words.expectWhole(answer.body, name)
            #expect(!answer.body.contains("<script>alert"), "\(name)")
            #expect(!Words.visible(answer.body).contains("notices."), "\(name): a key instead of words")
            try pages.show(answer.body, as: "\(name).\(language.rawValue)")
            try Words.expectSame(answer.body, name, language)
        }
    }

    @Test("what is masked, and what has not arrived, is read nowhere")
    func masked() async throws {
        try live()
        for path in NoticesPagesTests.addresses {
            for language in Language.allCases {
                let answer = try await pages.get(path, language)
                #expect(answer.status == 200, "\(path)")
                for text in ["骂人的话", "被屏蔽的评论", "没有送到的内容", "没有送到的评论"] {
                    #expect(!answer.body.contains(text), "\(path): \(text)")
                }
            }
        }
        let environment = try pages.environment()
        let module = NoticesModule()
        let known = try board.resident(3)
        let holder = KeyRow(
            account: known.account, number: known.number, party: nil, key: RuleBench.key(3), roles: known.roles)
        let told =
            try module.homeCards(environment, .standard).map(\.title)
            + module.agenda(of: holder, environment, .standard).map(\.title)
            + module.deskItems(environment, .standard).map(\.title)
            + module.search(SearchWords("话"), limit: 20, environment, .standard).map(\.title)
        #expect(told.allSatisfy { !$0.contains("骂人的话") && !$0.contains("被屏蔽的评论") })
        guard case .masked = try module.standing(ofContent: Board.digest("骂人的话"), environment) else {
            Issue.record("a masked content must be told as masked")
            return
        }
        guard case .shown = try module.standing(ofContent: Board.digest("没有送到的内容"), environment) else {
            Issue.record("a content that may be brought must be told as shown")
            return
        }
        #expect(try module.standing(ofContent: Board.digest("nothing"), environment) == nil)
        try expectNamed(module, environment)
        try board.decide("骂人的话", .unmask)
        try pages.seal()
        #expect(try await pages.get("/questions/masked").body.contains("骂人的话"))
    }

    @Test("reads are counted while a notice is up")
    func reads() async throws {
        try live()
        #expect(try await pages.post("/api/v1/notices/posted/reads").status == 204)
        #expect(try await pages.post("/api/v1/notices/posted/reads").status == 204)
        #expect(try await pages.post("/api/v1/notices/over/reads").status == 409)
        #expect(try await pages.post("/api/v1/notices/none/reads").status == 404)
        #expect(try pages.beside.total("notices/posted/read") == 2)
        #expect(try await pages.get("/api/v1/notices/posted").body.contains(#""reads":2"#))
    }

    @Test("what the desk has to do: answer, and agree for parties that did not propose")
    func desk() throws {
        try live()
        let items = try NoticesModule().deskItems(try pages.environment(), .english)
        #expect(items.filter { $0.role == "responder" }.map(\.title).count == 2)
        let mask = try #require(items.first { $0.role == "moderator" })
        let act = try #require(mask.act)
        #expect(act.type == "notices.confirmMask")
        let confirm = try ConfirmMask(json: Array(act.body.utf8))
        try board.bench.run(confirm, as: Board.moderator("yeweihui"))
        #expect(try board.row(content: "四层也是").isMasked)
    }

    @Test("an account's own questions are on its agenda")
    func agenda() throws {
        try live()
        func agenda(_ index: Int) throws -> [AgendaItem] {
            let caller = try board.resident(index)
            let holder = KeyRow(
                account: caller.account, number: caller.number, party: nil, key: RuleBench.key(index),
                roles: caller.roles)
            return try NoticesModule().agenda(of: holder, try pages.environment(), .english)
        }
        #expect(try agenda(2).map(\.isOpen) == [true])
        #expect(try agenda(1).map(\.isOpen) == [false])
        #expect(try agenda(3).isEmpty)
    }

    @Test("search finds notices by their text and questions by what they say")
    func search() throws {
        try live()
        func search(_ text: String, limit: Int = 10) throws -> [String] {
            try NoticesModule().search(SearchWords(text), limit: limit, try pages.environment(), .english)
                .map(\.address)
        }
        #expect(try search("公共收益") == ["/notices/posted"])
        #expect(try search("支出 3,000") == ["/notices/posted"])
        #expect(try search("灯") == ["/questions/late"])
        #expect(try search("骂人").isEmpty)
        #expect(try search("的", limit: 1).count <= 1)
        #expect(try search(" ").isEmpty)
    }

    @Test("statistics tell what was kept, late and waits")
    func statistics() throws {
        try live()
        let statistics = try NoticesModule().statistics(try pages.environment(), .english)
        #expect(statistics.map(\.id) == ["notices-replies", "notices-published"])
        #expect(statistics.first?.rows == [["2026-01", "1", "1", "2"]])
    }

    @Test("contents are read in one place")
    func onePlace() throws {
        let folder = "App"
        for (name, text) in try Sources.swift(under: folder) where name != "ContributionReader.swift" {
            #expect(!text.contains("beside.content("), "\(name) reads contents past the reader")
        }
    }

    @Test("every refusal has its words in both languages, every parameter a name and a source")
    func words() throws {
        let sources = NoticesModule().messages
        #expect(try Words.missingReasons(NoticesContract.reasons.map(\.code), in: sources) == [])
        let catalog = try MessageCatalog(sources)
        for parameter in NoticesContract.parameters {
            for part in ["parameter", "parameterSource"] {
                let key = parameter.name.replacing("notices.", with: "notices.\(part).")
                #expect(catalog.contains(key), "\(key)")
            }
        }
        for language in Language.allCases { #expect(catalog.missing(in: language) == []) }
        #expect(catalog.differingPlaces() == [])
    }
}
