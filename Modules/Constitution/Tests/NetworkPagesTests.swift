import ConstitutionApp
import ConstitutionContract
import ContractKit
import LedgerTesting
import PageKit
import PageTesting
import Primitives
import Testing

@Suite("Constitution pages of a ledger that several parties keep")
struct NetworkPagesTests {
    private static let names: [(String, PartyKind)] = [
        ("街道办事处", .subdistrict), ("党支部", .partyBranch), ("居委会", .residentsCommittee),
        ("业委会", .ownersCommittee), ("物业公司", .propertyManager), ("住建局", .regulator),
        ("社工站", .socialOrganisation), ("志愿队", .socialOrganisation),
    ]

    private static func named(_ founding: FoundConstitution) -> FoundConstitution {
        var command = founding
        for (index, (name, kind)) in names.prefix(command.parties.count).enumerated() {
            command.parties[index].name = name
            command.parties[index].kind = kind
        }
        return command
    }

    private func bench(_ founding: FoundConstitution) throws -> (Constitution, PageBench) {
        let constitution = try Constitution(Self.named(founding))
        let pages = try PageBench(
            constitution.bench, contracts: [ConstitutionContract.self, OtherContract.self],
            modules: [ConstitutionModule()])
        try pages.seal()
        return (constitution, pages)
    }

    /// Six in two groups, one of them watching, a seventh beside them, an eighth without a node; and a proposal with
    /// every change that touches them.
    private func shared() throws -> (Constitution, PageBench) {
        let (constitution, pages) = try bench(
            Constitution.shared(
                parties: 8, cosigners: 7, observers: [6],
                groups: [group("authorities", 2, of: [1, 2, 3]), group("estate", 2, of: [4, 5, 6])]))
        var rotated = Constitution.party(2, cosigner: true)
        rotated.name = "党支部"
        rotated.kind = .partyBranch
        rotated.cosigner = verifierKey("bench.example/ledger/p2", 4, key: "second")
        var newcomer = Constitution.party(9, cosigner: true, observes: true)
        newcomer.name = "审计局"
        newcomer.kind = .regulator
        try constitution.propose(
            "network",
            [
                .admitParty(newcomer), .changeParty(rotated), .removeParty("p5"),
                .setQuorum([
                    group("authorities", 2, of: [1, 2, 3]), group("estate", 2, of: [4, 6]), group("audit", 1, of: [9]),
                ]),
            ])
        try constitution.propose("plain", by: 2, [.setQuorum([])])
        try pages.seal()
        return (constitution, pages)
    }

    @Test("the page says who must agree, who has a node and who only watches", arguments: Language.allCases)
    func drawn(language: Language) async throws {
        let (_, pages) = try shared()
        let answer = try await pages.get("/constitution", language)
        #expect(answer.status == 200)
        Words.expectWhole(answer.body, "constitution-shared")
        if language == .simplifiedChinese {
            #expect(answer.body.contains("须有街道办事处、党支部、居委会中至少 2 家，并且业委会、物业公司、住建局中至少 2 家确认"))
        }
        try pages.show(answer.body, as: "constitution-shared.\(language.rawValue)")
        try Words.expectSame(answer.body, "constitution-shared", language)
    }

    @Test("a ledger that one party keeps says so", arguments: Language.allCases)
    func alone(language: Language) async throws {
        let (_, pages) = try bench(Constitution.shared(parties: 2, cosigners: 1))
        let answer = try await pages.get("/constitution", language)
        let catalog = try pages.environment().renderer.catalog
        #expect(
            answer.body.contains(catalog.text("constitution.network.alone", language, ["party": "街道办事处"])))
        #expect(!answer.body.contains(catalog.text("constitution.network.ordering", language)))
    }

    @Test("what is voted on stands at the desk in words, new parties by their names")
    func desk() throws {
        let (_, pages) = try shared()
        let items = try ConstitutionModule().deskItems(try pages.environment(), .simplifiedChinese)
        let title = try #require(items.first { $0.id == "constitution/proposal/network" }).title
        #expect(title.contains("新增一方：审计局（监管部门、确认公钥 "))
        #expect(title.contains("移除一方：物业公司"))
        #expect(title.contains("账本确认改为须有街道办事处、党支部、居委会中至少 2 家，并且业委会、住建局全部，并且审计局"))
        let plain = try #require(items.first { $0.id == "constitution/proposal/plain" })
        #expect(plain.title == "账本确认不再分组，改按参与确认各方的份数计算")
        #expect(plain.act?.type == "constitution.vote")
    }
}
