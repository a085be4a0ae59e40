import ContractKit
import ConstitutionContract
import LedgerTesting
import PageKit
import PageTesting
import Primitives
import ReadModels
import RegistryApp
import RegistryContract
import Testing

@Suite("Registry pages")
struct RegistryPagesTests {
    private let roll = Roll()
    private let pages: PageBench

    init() throws {
        pages = try PageBench(
            roll.bench, contracts: [ConstitutionContract.self, RegistryContract.self], modules: [RegistryModule()])
    }

    /// 120 homes in two buildings, six of them unsold; one owner has enrolled, one home was corrected.
    private func fill() throws {
        let rows = (1...120).map { number in
            let entry = UnitEntry(
                area: Area(hundredths: 8_000 + Int64(number)), areaSource: number == 3 ? .survey : .registry,
                building: number <= 70 ? "b1" : "b2", owner: number > 114 ? nil : "owner-\(number)-of-the-roll",
                label: number == 1 ? "<script>1</script> 号" : nil)
            return ImportedUnit(unit: "u\(number)", entry: entry)
        }
        try roll.bring(rows)
        try pages.seal()
        try roll.issue(1, to: "owner-1-of-the-roll")
        try roll.bench.runAsGuest(Enrol(code: try Roll.code(1), key: RuleBench.key(1)))
        try roll.bring([Roll.row("u2", area: 9_999, owner: "somebody-else-entirely")])
        try pages.seal()
    }

    @Test("the read model built step by step equals the one built anew")
    func rebuilt() throws {
        try fill()
        try roll.bring([Roll.row("u5", "b2", owner: "owner-5-of-the-roll")])
        try pages.seal()
        let rows = try pages.rows()
        // Units, buildings, what was recorded of units, one owner bound, one key.
        #expect(rows.count == 120 + 2 + 122 + 1 + 1)
        #expect(rows == (try pages.rebuiltRows()))
        let buildings = try pages.readModels.read { try RegistryQueries.buildings($0, limit: 10, offset: 0) }
        #expect(buildings.map(\.building) == ["b1", "b2"])
        #expect(buildings.map(\.units) == [69, 51])
    }

    @Test("the registrar's pages at the desk are whole", arguments: Language.allCases)
    func desk(_ language: Language) async throws {
        try fill()
        let paths = [
            "/desk/units/import", "/desk/codes", "/desk/codes?building=b2", "/desk/keys", "/desk/keys?of=u1",
            "/desk/keys?of=nothing",
        ]
        for path in paths {
            let page = try await pages.get(path, language)
            #expect(page.status == 200, "\(path)")
            Words.expectWhole(page.body, path, bytes: 90_000)
        }
        #expect(try await pages.get("/desk/codes?building=b9").status == 404)
    }

    @Test("owners without an account wait for a code; a bound one has a key that can be closed")
    func enrolments() async throws {
        try fill()
        let (count, first, inB2) = try pages.readModels.read { database in
            (
                try EnrolmentQueries.waitingCount(database),
                try EnrolmentQueries.waiting(database, limit: 1, offset: 0),
                try EnrolmentQueries.waitingCount(database, building: "b2")
            )
        }
        #expect(count == 113)
        #expect(inB2 == 44)
        #expect(first.map(\.owner) == ["somebody-else-entirely"])
        #expect(first.map(\.homes) == [["u2"]])
        let items = try RegistryModule().deskItems(try pages.environment(), .english)
        #expect(items.map(\.address) == ["/desk/codes"])
        let keys = try await pages.get("/desk/keys?of=u1").body
        #expect(keys.contains("data-type=\"registry.closeKey\""))
        #expect(!(try await pages.get("/desk/keys?of=u3").body.contains("registry.closeKey")))
        let list = try await pages.get("/api/v1/units?page=2").body
        #expect(list.contains("\"page\":2,\"pages\":2,\"total\":120") && list.contains("owner-110-of-the-roll"))
        let hits = try RegistryModule().search(SearchWords("u11"), limit: 5, try pages.environment(), .english)
        #expect(hits.map(\.address) == ["/roll/u11", "/roll/u110", "/roll/u111", "/roll/u112", "/roll/u113"])
    }

    @Test("units come page by page, of all and of one building")
    func paged() throws {
        try fill()
        let numbers = try pages.readModels.read { database in
            (
                try RegistryQueries.units(database, limit: 50, offset: 50).map(\.number),
                try RegistryQueries.units(database, building: "b2", limit: 50, offset: 30).map(\.number),
                try RegistryQueries.units(database, building: "b3", limit: 50, offset: 0).map(\.number)
            )
        }
        #expect(numbers.0 == Array(51...100))
        #expect(numbers.1 == Array(101...120))
        #expect(numbers.2.isEmpty)
    }

    @Test("roll and home are drawn, hostile labels escaped, owners shortened", arguments: Language.allCases)
    func drawn(language: Language) async throws {
        try fill()
        for (name, path) in [
            ("roll", "/roll"), ("roll-building", "/roll?building=b2&page=2"), ("unit", "/roll/u2"), ("enrol", "/enrol"),
        ] {
            let answer = try await pages.get(path, language)
            #expect(answer.status == 200)
            Words.expectWhole(answer.body, name)
            #expect(!answer.body.contains("<script>1"))
            #expect(!answer.body.contains("of-the-roll"))
            try pages.show(answer.body, as: "\(name).\(language.rawValue)")
            if name != "roll" { try Words.expectSame(answer.body, name, language) }
        }
    }

    @Test("a town's buildings come page by page, and one is found by its number")
    func manyBuildings() async throws {
        try roll.bring((1...130).map { Roll.row("u\($0)", "b\($0)", owner: "owner-\($0)-of-the-roll") })
        try pages.seal()
        let first = try await pages.get("/roll").body
        #expect(first.contains("building=b48\"") && !first.contains("building=b49\""))
        #expect(first.contains("href=\"/roll?buildings=2\"") && first.contains("name=\"building\""))
        let last = try await pages.get("/roll?buildings=3").body
        #expect(last.contains("building=b97\"") && last.contains("building=b130\""))
        #expect(try await pages.get("/roll?building=b130").body.contains("/roll/u130"))
    }

    @Test("an empty roll says so")
    func empty() async throws {
        let answer = try await pages.get("/roll")
        #expect(answer.status == 200)
        #expect(Words.visible(answer.body).contains("The roll is still empty"))
    }

    @Test("the roll as a table has every home once")
    func export() async throws {
        try fill()
        let lines = try await pages.get("/roll.csv").body.split(separator: "\r\n")
        #expect(lines.count == 121)
        #expect(lines.first == "number,unit,label,building,area_m2,area_source,owner")
        #expect(lines[2] == "2,u2,,b1,99.99,registry,somebody…")
        #expect(lines.last == "120,u120,,b2,81.20,registry,developer")
    }

    @Test("the API tells an account's homes and a unit; what is unknown is 404 with a code")
    func api() async throws {
        try fill()
        let account = try await pages.get("/api/v1/accounts/a1")
        #expect(account.type == "application/json")
        let home =
            #"{"area":8001,"areaSource":"registry","building":"b1","label":"<script>1</script> 号","number":1,"unit":"u1"}"#
        #expect(account.body == #"{"account":"a1","units":[\#(home)]}"#)
        #expect(try await pages.get("/api/v1/accounts/nobody").body == #"{"account":"nobody","units":[]}"#)
        #expect(try await pages.get("/api/v1/units/u1").body == home)
        let key = Base64.url.encode(RuleBench.key(1).keyID.bytes)
        #expect(try await pages.get("/api/v1/keys/\(key)").body == account.body)
        for (path, code) in [
            ("/api/v1/units/none", "registry.unitUnknown"), ("/api/v1/keys/none", "registry.keyUnknown"),
            ("/roll/none", "registry.unitUnknown"), ("/roll?building=none", "registry.buildingUnknown"),
        ] {
            let answer = try await pages.get(path)
            #expect(answer.status == 404)
            #expect(answer.body.contains(code))
        }
    }

    @Test("every refusal has its words in both languages, every parameter a name")
    func words() throws {
        let sources = RegistryModule().messages
        let codes = RegistryContract.reasons.map(\.code) + ["registry.unitUnknown", "registry.buildingUnknown"]
        #expect(try Words.missingReasons(codes, in: sources) == [])
        #expect(try MessageCatalog(sources).contains("registry.parameter.code.maximumDays"))
    }
}
