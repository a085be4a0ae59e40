import ContractKit
import LedgerTesting
import PageKit
import PageTesting
import Primitives
import SupervisionApp
import SupervisionContract
import Testing

@Suite("Pages of findings")
struct SupervisionPagesTests {
    private let committee: Committee
    private let pages: PageBench
    private let evidence = PortableSHA256.hash(utf8: "evidence")

    init() throws {
        committee = try Committee()
        pages = try PageBench(committee.bench, contracts: Committee.contracts, modules: [SupervisionModule()])
    }

    /// A finding of every state, one late, one with evidence, one with hostile words.
    private func live() throws {
        try committee.raise("late")
        try committee.raise("closed", by: 3, about: 2, .lateBatch, "批次晚到两小时。")
        try committee.answer("closed", by: 2, "专线故障，已换备用线路。")
        try committee.close("closed", by: 3, "一周内没有再晚。")
        committee.bench.advance(to: committee.bench.time.advanced(byDays: 4))
        try committee.raise(
            "two", by: 2, about: 1, .equivocation, "<script>alert(1)</script> 签了两本账\n见证据文件。", evidence: evidence)
        try committee.raise("again", about: 3, .certificate, "证书还有五天到期。")
        try committee.answer("again")
        try committee.reopen("again", "新证书还没有装上。")
        try committee.answer("again", "装好了。")
        try pages.seal()
    }

    @Test("the read model built step by step equals the one built anew")
    func rebuilt() throws {
        try committee.raise("early")
        try pages.seal()
        try live()
        let rows = try pages.rows()
        #expect(rows.count == 5 + 1 + 1 + 3 + 1 + 4)
        #expect(rows == (try pages.rebuiltRows()))
    }

    @Test("pages are drawn, hostile words escaped", arguments: Language.allCases)
    func drawn(language: Language) async throws {
        try live()
        let named = [
            "findings": "/supervision/findings", "findings-closed": "/supervision/findings?status=closed",
            "finding-late": "/supervision/findings/late", "finding-two": "/supervision/findings/two",
            "finding-again": "/supervision/findings/again", "desk-new": "/desk/findings/new",
            "desk-new-filled": "/desk/findings/new?about=p1&subject=equivocation&evidence=\(evidence.hex)",
            "desk-open": "/desk/findings/late", "desk-answered": "/desk/findings/again",
            "desk-closed": "/desk/findings/closed",
        ]
        for (name, path) in named.sorted(by: { $0.key < $1.key }) {
            let answer = try await pages.get(path, language)
            #expect(answer.status == 200, "\(name)")
            Words.expectWhole(answer.body, name)
            #expect(!answer.body.contains("<script>alert"), "\(name)")
            try pages.show(answer.body, as: "\(name).\(language.rawValue)")
            try Words.expectSame(answer.body, name, language)
        }
        #expect(try await pages.get("/supervision/findings/none", language).status == 404)
    }

    @Test("an empty list is drawn")
    func empty() async throws {
        try pages.seal()
        for language in Language.allCases {
            let answer = try await pages.get("/supervision/findings", language)
            Words.expectWhole(answer.body, "empty")
            #expect(answer.status == 200)
        }
        #expect(try SupervisionModule().statistics(try pages.environment(), .english).isEmpty)
    }

    @Test("the desk asks the party concerned to answer and the raising party to decide")
    func desk() throws {
        try live()
        let items = try SupervisionModule().deskItems(try pages.environment(), .english)
        let byID = Dictionary(uniqueKeysWithValues: items.map { ($0.id, $0) })
        #expect(Set(byID.keys) == ["supervision/late", "supervision/two", "supervision/again"])
        // p3 has nobody on the committee: its delegate answers.
        #expect(byID["supervision/late"]?.parties == ["p3"] && byID["supervision/late"]?.role == "delegate")
        #expect(byID["supervision/two"]?.parties == ["p1"] && byID["supervision/two"]?.role == "supervisor")
        #expect(byID["supervision/again"]?.parties == ["p1"] && byID["supervision/again"]?.due == nil)
    }

    @Test("cards, statistics, the table and the API tell the same")
    func numbers() async throws {
        try live()
        let environment = try pages.environment()
        let module = SupervisionModule()
        #expect(try module.homeCards(environment, .english).count == 3)
        #expect(try module.supervisionCards(environment, .english).count == 4)
        let statistic = try #require(try module.statistics(environment, .english).first)
        #expect(
            statistic.rows.map { $0.dropFirst().joined(separator: " ") } == [
                "1 0 0 1", "1 0 0 0", "0 0 1 0", "0 1 0 0",
            ])
        let table = try await pages.get("/supervision/findings.csv")
        #expect(table.body.split(separator: "\r\n").count == 5)
        let list = try JSONDocument(Array(try await pages.get("/api/v1/findings").body.utf8))
        #expect(list.root.member("total")?.integer == 4)
        let one = try JSONDocument(Array(try await pages.get("/api/v1/findings/again").body.utf8))
        #expect(one.root.member("entries")?.count == 4 && one.root.member("status")?.string == "answered")
    }

    @Test("every refusal has words in both languages")
    func refusals() throws {
        let missing = try Words.missingReasons(
            SupervisionReason.all.map(\.code), in: OwnMaterial.messages + SupervisionModule().messages)
        #expect(missing == [])
    }
}
