import AssemblyApp
import AssemblyContract
import ConstitutionContract
import ContractKit
import LedgerTesting
import PageKit
import PageTesting
import Primitives
import ReadModels
import RegistryContract
import Testing

@Suite("Assembly pages")
struct AssemblyPagesTests {
    private let estate: Estate
    private let pages: PageBench

    init() throws {
        estate = try Estate(areas: (1...30).map { 10_000 + Int64($0) })
        pages = try PageBench(
            estate.bench, contracts: [ConstitutionContract.self, RegistryContract.self, AssemblyContract.self],
            modules: [AssemblyModule()])
    }

    /// One motion passed, one failed for want of a quorum, one open with ballots, one announced, one withdrawn.
    private func debate() throws {
        try estate.open("passed")
        try estate.open("silent", .item(.raiseMaintenanceFund))
        for index in 1...24 { try estate.cast("passed", index, index <= 20 ? .yes : index <= 22 ? .no : .abstain) }
        try estate.cast("silent", 1, .yes)
        try pages.seal()
        try estate.close("passed")
        try estate.close("silent")
        try pages.seal()
        var hostile = estate.motion("open")
        hostile.title = "<script>alert(1)</script> 更换电梯"
        hostile.text = "第一段 <b>粗</b>\n\n第二段"
        try estate.bench.run(hostile, as: Estate.convener)
        for index in 1...12 { try estate.cast("open", index, .no) }
        let later = estate.bench.time.advanced(byDays: 3)
        for id in ["coming", "gone"] {
            try estate.bench.run(estate.motion(id, opens: later), as: Estate.convener)
        }
        try estate.bench.run(WithdrawMotion(motion: "gone"), as: Estate.convener)
        try pages.seal()
    }

    @Test("the read model built step by step equals the one built anew")
    func rebuilt() throws {
        try debate()
        let rows = try pages.rows()
        #expect(rows.count == 5 + 37 + 37)
        #expect(rows == (try pages.rebuiltRows()))
    }

    @Test("one owner with two homes is one head; a changed ballot replaces the old one")
    func headsAndChanges() throws {
        estate.set(AssemblyParameters.changePolicy, .text("once"))
        try estate.bring([Estate.row("extra", area: 500, owner: "o1")])
        try estate.open("m")
        try estate.cast("m", 1, .yes)
        try estate.cast("m", 1, .no, unit: "extra")
        try estate.cast("m", 1, .abstain)
        try estate.cast("m", 2, .yes)
        try pages.seal()
        let motion = try pages.readModels.read { try AssemblyQueries.motion($0, "m") }
        #expect(motion?.heads == 2)
        #expect(motion?.ballots == 3)
        #expect(motion?.area == 20_503)
        let ballots = try pages.readModels.read { try AssemblyQueries.ballots($0, motion: "m", limit: 10) }
        #expect(ballots.map(\.choice) == ["abstain", "yes", "no"])
        let rows = try pages.rows()
        #expect(rows == (try pages.rebuiltRows()))
    }

    @Test("motions and ballots come page by page")
    func paged() throws {
        try debate()
        let found = try pages.readModels.read { database in
            (
                count: try AssemblyQueries.count(database, .closed),
                first: try AssemblyQueries.motions(database, .closed, limit: 1).map(\.motion),
                rest: try AssemblyQueries.motions(database, .closed, limit: 5, offset: 1).map(\.motion),
                oldest: try AssemblyQueries.motions(database, limit: 2, offset: 3).map(\.motion),
                ballots: try AssemblyQueries.ballots(database, motion: "passed", limit: 10, offset: 20).map(\.number)
            )
        }
        #expect(found.count == 2)
        #expect(found.first == ["silent"])
        #expect(found.rest == ["passed"])
        #expect(found.oldest == ["silent", "passed"])
        #expect(found.ballots == [21, 22, 23, 24])
    }

    @Test("pages are drawn, hostile titles escaped", arguments: Language.allCases)
    func drawn(language: Language) async throws {
        try debate()
        for (name, path) in [
            ("motions", "/motions"), ("motion", "/motions/open"), ("motion-coming", "/motions/coming"),
            ("motion-gone", "/motions/gone"), ("result-passed", "/motions/passed/result?page=1"),
            ("result-silent", "/motions/silent/result"),
        ] {
            let answer = try await pages.get(path, language)
            #expect(answer.status == 200, "\(name)")
            Words.expectWhole(answer.body, name)
            #expect(!answer.body.contains("<script>alert"))
            try pages.show(answer.body, as: "\(name).\(language.rawValue)")
            if name != "motion-coming", name != "motion-gone" { try Words.expectSame(answer.body, name, language) }
        }
    }

    @Test("while voting is open, nothing tells how owners chose")
    func noPartialResult() async throws {
        try debate()
        let before = try await pages.get("/motions/open").body
        for index in 13...20 { try estate.cast("open", index, .yes) }
        try pages.seal()
        let after = try await pages.get("/motions/open").body
        #expect(Words.visible(before).contains("Heads: 12 have taken part (40.00%)"))
        #expect(Words.visible(after).contains("Heads: 20 have taken part (66.67%)"))
        for path in ["/motions/open/result", "/motions/open/ballots.csv"] {
            let answer = try await pages.get(path)
            #expect(answer.status == 404)
            #expect(answer.body.contains("assembly.notCounted"))
        }
        let api = try await pages.get("/api/v1/motions/open").body
        #expect(!api.contains("yesHeads"))
        #expect(api.contains(#""participatingHeads":20"#))
    }

    @Test("after the end the ballot is gone, even before the count")
    func ended() async throws {
        try debate()
        let end = try AssemblyTables.motions.find("open", in: estate.bench.state)?.closes.milliseconds ?? 0
        let open = try await pages.get("/motions/open", now: end - 1).body
        let ended = try await pages.get("/motions/open", now: end).body
        #expect(open.contains("data-testid=\"choice-yes\""))
        #expect(!ended.contains("data-testid=\"choice-yes\""))
        #expect(Words.visible(ended).contains("being counted"))
    }

    @Test("the result can be recomputed from the exported ballots")
    func export() async throws {
        try debate()
        let lines = try await pages.get("/motions/passed/ballots.csv").body.split(separator: "\r\n").dropFirst()
        #expect(lines.count == 24)
        let cells = lines.map { $0.split(separator: ",", omittingEmptySubsequences: false) }
        let yes = cells.filter { $0[4] == "yes" }
        #expect(Set(yes.map { $0[2] }).count == 20)
        let area = yes.reduce(Int64(0)) { $0 + (Area(squareMetres: String($1[3]))?.hundredths ?? 0) }
        let result = try AssemblyTables.results.find("passed", in: estate.bench.state)
        #expect(area == result?.yes.area)
        #expect(result?.yes.heads == 20)
    }

    @Test("the home page gets what is open first, then what was decided")
    func home() throws {
        try debate()
        let cards = try AssemblyModule().homeCards(try pages.environment(), .english)
        #expect(cards.map(\.isOpen) == [true, false, false])
        #expect(cards.map(\.address) == ["/motions/open", "/motions/silent/result", "/motions/passed/result"])
        #expect(cards.map(\.pill.label) == ["open", "not passed", "passed"])
    }

    @Test("article 279 is told by consent, not by two thirds", arguments: Language.allCases)
    func conversion(language: Language) async throws {
        try estate.open("shop", .conversion, scope: .building("b1"), unit: "u1")
        for index in 2...30 { try estate.cast("shop", index, index == 30 ? .no : .yes) }
        try pages.seal()
        Words.expectWhole(try await pages.get("/motions/shop", language).body, "conversion")
        try estate.close("shop")
        try pages.seal()
        let body = try await pages.get("/motions/shop/result", language).body
        Words.expectWhole(body, "conversion result")
        #expect(body.contains("28 ≠ 29"))
    }

    @Test("every refusal has its words in both languages, every parameter a name")
    func words() throws {
        let sources = AssemblyModule().messages
        let tally = [
            TallyError.negative, .noOwners, .exceedsWhole, .tooLarge, .unknownOwner, .duplicateBallot,
        ].map(\.code)
        let codes = AssemblyContract.reasons.map(\.code) + tally + ["assembly.notCounted"]
        #expect(try Words.missingReasons(codes, in: sources) == [])
        let catalog = try MessageCatalog(sources)
        for parameter in AssemblyContract.parameters {
            let key = parameter.name.replacing("assembly.", with: "assembly.parameter.")
            #expect(catalog.contains(key), "\(key)")
        }
        for language in Language.allCases { #expect(catalog.missing(in: language) == []) }
    }
}
