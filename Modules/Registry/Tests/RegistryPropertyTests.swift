import ConstitutionContract
import ContractKit
import LedgerTesting
import Primitives
import RegistryContract
import Testing

@Suite struct RegistryPropertyTests {
    /// Random imports, sales, moves and corrections: what is kept step by step equals what is counted anew, a refused
    /// import changes nothing, and repeating an import changes nothing.
    @Test(arguments: [UInt64(1), 2, 3]) func totalsAreThoseOfTheUnits(seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        let roll = Roll()
        var refused = 0
        for step in 0..<120 {
            var rows: [ImportedUnit] = []
            for _ in 0..<Int.random(in: 1...12, using: &random) {
                let owner = random.chance(25) ? nil : "o\(Int.random(in: 0..<9, using: &random))"
                rows.append(
                    Roll.row(
                        "u\(Int.random(in: 0..<60, using: &random))", "b\(Int.random(in: 0..<4, using: &random))",
                        area: Int64.random(in: 1...20_000, using: &random), owner: owner,
                        source: random.pick(AreaSource.allCases)))
            }
            let before = roll.bench.state.snapshot
            do throws(Reason) {
                try roll.bring(rows)
            } catch {
                refused += 1
                #expect(error.code == "registry.unitRepeated", "seed \(seed) step \(step)")
                #expect(roll.bench.state.snapshot == before, "seed \(seed) step \(step)")
                continue
            }
            #expect(try roll.bring(rows).isEmpty, "seed \(seed) step \(step): repeating changes nothing")
            try compare(roll, "seed \(seed) step \(step)")
        }
        #expect(refused > 0, "seed \(seed): some imports must repeat a unit")
    }

    private func compare(_ roll: Roll, _ place: String) throws {
        let expected = try roll.recomputed()
        let totals = try roll.bench.state.rows(of: RegistryTables.totals)
        #expect(Dictionary(uniqueKeysWithValues: totals.map { ($0.id, $0.row) }) == expected.totals, "\(place)")
        var holdings: [String: [String: Set<String>]] = [:]
        for (owner, row) in try roll.bench.state.rows(of: RegistryTables.owners) {
            for holding in row.holdings {
                #expect(holdings[owner]?[holding.building] == nil, "\(place): a building stands once")
                holdings[owner, default: [:]][holding.building] = Set(holding.units)
            }
        }
        #expect(holdings == expected.holdings, "\(place)")
        let count = try OwnerRoll.unitCount(in: roll.bench.state)
        let walked = try (0..<count).compactMap { try OwnerRoll.unit(number: $0 + 1, in: roll.bench.state)?.id }
        let units = try roll.bench.state.rows(of: RegistryTables.units).map(\.id)
        #expect(walked.sorted() == units, "\(place): a walk meets every unit once")
    }

    /// Random issuing, enrolling, assisted accounts and closing: no code opens two keys, every account of an owner is
    /// one account, and account numbers are dense.
    @Test(arguments: [UInt64(5), 6, 7]) func enrolmentKeepsItsInvariants(seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        let roll = Roll()
        try roll.bring((0..<6).map { Roll.row("u\($0)", owner: "o\($0)") })
        var opened: [Int: Int] = [:]
        var key = 0
        for _ in 0..<400 {
            let code = Int.random(in: 0..<40, using: &random)
            key += 1
            switch random.next() % 5 {
            case 0, 1:
                _ = try? roll.issue(code, to: "o\(random.next() % 7)", days: Int64.random(in: 0...4, using: &random))
            case 2, 3:
                let later = roll.bench.time.advanced(
                    byMilliseconds: Int64.random(in: 1...Instant.day / 4, using: &random))
                let command = Enrol(code: try Roll.code(code), key: RuleBench.key(key))
                if (try? roll.bench.runAsGuest(command, at: later)) != nil { opened[code, default: 0] += 1 }
            default:
                let account = AssistedAccount(key: RuleBench.key(key), owner: random.chance(50) ? "o1" : nil)
                try roll.bench.run(OpenAccounts(accounts: [account]), as: Roll.registrar)
            }
        }
        #expect(opened.count > 3, "seed \(seed): the walk must enrol somebody")
        #expect(opened.values.allSatisfy { $0 == 1 }, "seed \(seed): a code opens one key")
        let keys = try roll.bench.state.rows(of: LedgerTables.keys)
        let numbers = Set(keys.map(\.row.number))
        let accounts = Set(keys.map(\.row.account))
        #expect(numbers.count == accounts.count && numbers.max() == Int64(numbers.count), "seed \(seed): dense numbers")
        for (owner, row) in try roll.bench.state.rows(of: RegistryTables.owners) {
            guard let account = row.account else { continue }
            #expect(try OwnerRoll.owner(ofAccount: account, in: roll.bench.state) == owner)
        }
        for (_, row) in try roll.bench.state.rows(of: RegistryTables.codes) where !row.used {
            let hash = try RegistryTables.owners.find(row.owner, in: roll.bench.state)?.code
            #expect(hash != nil, "seed \(seed): an unused code is its owner's")
        }
    }

    /// No body makes a parser trap, and what is read is written back canonically.
    @Test(arguments: [UInt64(21), 22]) func bodiesAreFuzzed(seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        let names = [
            "rows", "unit", "building", "area", "areaSource", "owner", "developer", "label", "codes", "codeHash",
            "expires", "code", "algorithm", "publicKey", "accounts", "key",
        ]
        let valid = [
            ImportUnits(rows: [Roll.row("u1", owner: nil), Roll.row("u2", owner: "o1")]).canonicalJSON,
            IssueCodes(codes: [IssuedCode(codeHash: .zero, expires: Instant(milliseconds: 5), owner: "o")])
                .canonicalJSON,
            Enrol(code: try Roll.code(1), key: RuleBench.key(1, .es256)).canonicalJSON,
            OpenAccounts(accounts: [AssistedAccount(key: RuleBench.key(1), owner: "o")]).canonicalJSON,
            CloseResidentKey(key: Base64.url.encode(RuleBench.key(1).keyID.bytes)).canonicalJSON,
        ]
        let roll = Roll()
        try roll.bring([Roll.row("u1", owner: "o")])
        var read = 0
        for round in 0..<4_000 {
            let body =
                round % 2 == 0
                ? Array(RandomJSON.object(names: names, using: &random).utf8)
                : RandomJSON.damaged(random.pick(valid), using: &random)
            for command in RegistryContract.commands where run(command, body, roll) { read += 1 }
        }
        #expect(read > 0, "seed \(seed): some bodies must be readable")
        try compare(roll, "seed \(seed)")
    }

    private func run<C: Command>(_: C.Type, _ body: [UInt8], _ roll: Roll) -> Bool {
        guard let command = try? C(json: body) else { return false }
        if C.callers == .guest {
            _ = try? roll.bench.runAsGuest(command)
        } else {
            _ = try? roll.bench.run(command, as: Roll.registrar)
        }
        return true
    }

    @Test func everyReasonIsListedOnceAndEveryNameIsTheModules() {
        let codes = RegistryReason.all.map(\.code)
        #expect(Set(codes).count == codes.count)
        #expect(codes.allSatisfy { $0.hasPrefix("registry.") && $0.utf8.count <= 64 })
        for definition in RegistryContract.parameters { #expect(definition.accepts(definition.default)) }
        for command in RegistryContract.commands { #expect("\(command.type)".hasPrefix("registry.")) }
    }
}
