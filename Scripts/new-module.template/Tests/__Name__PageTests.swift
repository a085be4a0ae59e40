import __Name__App
import __Name__Contract
import ContractKit
import LedgerTesting
import PageKit
import PageTesting
import Testing

@Suite("Pages of __Name__")
struct __Name__PageTests {
    @Test("the list shows every note in both languages, and the tables can be built anew")
    func list() async throws {
        let bench = RuleBench([__Name__Contract.self])
        let pages = try PageBench(bench, contracts: [__Name__Contract.self], modules: [__Name__Module()])
        for language in Language.allCases {
            let empty = try await pages.get("/__name__", language)
            #expect(empty.status == 200)
            Words.expectWhole(empty.body, "empty")
        }
        let staff = RuleBench.staff(party: "p1", roles: [])
        for number in 1...25 {
            try bench.run(Record__Name__Note(id: "n\(number)", text: "<b>note \(number)</b>"), as: staff)
            if number % 4 == 0 { try pages.seal() }
        }
        try pages.seal()
        #expect(try pages.rows() == pages.rebuiltRows())
        for language in Language.allCases {
            let first = try await pages.get("/__name__", language)
            #expect(first.status == 200)
            Words.expectWhole(first.body, "list")
            #expect(Words.visible(first.body).contains("<b>note 25</b>") && !first.body.contains("<b>note"))
            let second = try await pages.get("/__name__?page=2", language)
            #expect(Words.visible(second.body).contains("<b>note 1</b>"))
        }
    }

    @Test("every refusal has words in both languages")
    func refusals() throws {
        let missing = try Words.missingReasons(
            __Name__Reason.all.map(\.code), in: OwnMaterial.messages + __Name__Module().messages)
        #expect(missing == [])
    }
}
