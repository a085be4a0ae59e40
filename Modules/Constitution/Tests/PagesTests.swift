import ConstitutionApp
import ConstitutionContract
import ContractKit
import LedgerTesting
import PageKit
import PageTesting
import Primitives
import ReadModels
import Testing

@Suite("Constitution pages")
struct ConstitutionPagesTests {
    private let constitution: Constitution
    private let pages: PageBench

    init() throws {
        constitution = try Constitution(parties: 4)
        pages = try PageBench(
            constitution.bench, contracts: [ConstitutionContract.self, OtherContract.self],
            modules: [ConstitutionModule()])
        try pages.seal()
    }

    /// One accepted proposal, one that it dropped, one open.
    private func debate() throws {
        try constitution.propose("first", [setting("other.days", 20)])
        try constitution.propose(
            "second", by: 2,
            [
                .admitParty(
                    PartyDescription(
                        id: "p9", name: "<script>新</script>", kind: .regulator, cosigner: verifierKey("p9", 4)))
            ])
        try constitution.vote("first", by: 1)
        try constitution.vote("first", by: 2)
        try pages.seal()
        try constitution.vote("first", by: 3)
        try constitution.propose(
            "third", by: 3,
            [.changeParty(PartyDescription(id: "p1", name: "<script>居</script>", kind: .regulator))])
        try constitution.vote("third", by: 4, yes: false)
        try pages.seal()
    }

    @Test("a proposal waits at the desk for the delegates who have not voted, and a search finds parties")
    func desk() throws {
        try debate()
        let module = ConstitutionModule()
        let environment = try pages.environment()
        let items = try module.deskItems(environment, .english)
        #expect(items.map(\.id).contains("constitution/proposal/third"))
        let third = try #require(items.first { $0.id == "constitution/proposal/third" })
        #expect(third.parties?.contains("p4") == false && third.parties?.contains("p1") == true)
        #expect(third.act?.type == "constitution.vote")
        #expect(third.act?.body == #"{"proposal":"third","yes":true}"#)
        let hits = try module.search(SearchWords("p1"), limit: 3, environment, .english)
        #expect(hits.first?.address == "/constitution")
        #expect(module.name(ofRole: "delegate", environment, .english) == "delegate")
        #expect(module.name(ofRole: "nobody", environment, .english) == nil)
    }

    @Test("who holds a staff key")
    func staff() async throws {
        let key = try #require(try Parties.all(in: pages.environment().state).first?.staff.first)
        let answer = try await pages.get("/api/v1/staff/\(key.key)")
        #expect(answer.status == 200)
        #expect(answer.body.contains("\"active\":true") && answer.body.contains("\"title\":\"\(key.title)\""))
        #expect(try await pages.get("/api/v1/staff/abc").status == 404)
        #expect(try await pages.get("/api/v1/staff/\(String(repeating: "A", count: 43))").status == 404)
    }

    @Test("the read model built step by step equals the one built anew")
    func rebuilt() throws {
        try debate()
        let rows = try pages.rows()
        #expect(rows.count == 3 + 4)
        #expect(rows == (try pages.rebuiltRows()))
    }

    @Test("proposals come page by page, the latest first, with their votes")
    func paged() throws {
        try debate()
        let (first, rest) = try pages.readModels.read { database in
            (
                try ConstitutionQueries.proposals(database, limit: 1, offset: 0),
                try ConstitutionQueries.proposals(database, limit: 5, offset: 1)
            )
        }
        #expect(first.map(\.proposal) == ["third"])
        #expect(first.first?.no == ["p4"])
        #expect(rest.map(\.proposal) == ["second", "first"])
        #expect(rest.map(\.status) == [.dropped, .accepted])
        #expect(rest.last?.yes == ["p1", "p2", "p3"])
    }

    @Test("the page is drawn, hostile names escaped", arguments: Language.allCases)
    func drawn(language: Language) async throws {
        try debate()
        let answer = try await pages.get("/constitution", language)
        #expect(answer.status == 200)
        Words.expectWhole(answer.body, "constitution")
        #expect(!answer.body.contains("<script>"))
        try pages.show(answer.body, as: "constitution.\(language.rawValue)")
        try Words.expectSame(answer.body, "constitution", language)
    }

    @Test("every refusal has its words in both languages, every parameter and kind of party a name")
    func words() throws {
        let sources = ConstitutionModule().messages
        #expect(try Words.missingReasons(ConstitutionContract.reasons.map(\.code), in: sources) == [])
        let catalog = try MessageCatalog(sources)
        for parameter in ConstitutionContract.parameters {
            let key = parameter.name.replacing("constitution.", with: "constitution.parameter.")
            #expect(catalog.contains(key), "\(key)")
        }
        for language in Language.allCases { #expect(catalog.missing(in: language) == []) }
    }
}
