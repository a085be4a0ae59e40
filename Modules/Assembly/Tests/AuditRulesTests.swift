import AssemblyContract
import ContractKit
import LedgerTesting
import Primitives
import RegistryContract
import Testing

/// A second, simple model of the assembly: it sees only the events and counts with sets and fractions of its own.
private struct Auditor {
    struct Unit {
        var number: Int64
        var building: String
        var owner: String?
        var area: Int64
    }
    struct Ballot {
        var owner: String
        var area: Int64
        var choice: String
    }
    struct Motion {
        var matter: Int64
        var scope: String
        var opens: Int64
        var closes: Int64
        var once: Bool
        var subject: String?
        var units = 0
        var ballots: [String: Ballot] = [:]
        var changed: Set<String> = []
        var open = false
    }

    var units: [String: Unit] = [:]
    var motions: [String: Motion] = [:]
    var closed = 0
    var passed = 0
    var faults: [String] = []

    mutating func take(_ event: JSONValue, at time: Int64) {
        func text(_ key: StaticString) -> String { event.member(key)?.string ?? "" }
        func number(_ key: StaticString) -> Int64 { event.member(key)?.integer ?? -1 }
        let motion = text("motion")
        switch event.eventName ?? "" {
        case "registry.unitAdded", "registry.unitChanged":
            units[text("unit")] = Unit(
                number: number("number"), building: text("building"), owner: event.member("owner")?.string,
                area: number("area"))
        case "assembly.motionOpened":
            guard let terms = event.member("terms") else { return faults.append("no terms") }
            motions[motion] = Motion(
                matter: terms.member("matter")?.integer ?? 0, scope: terms.member("scope")?.string ?? "",
                opens: terms.member("opens")?.integer ?? 0, closes: terms.member("closes")?.integer ?? 0,
                once: terms.member("changePolicy")?.string == "once", subject: terms.member("unit")?.string)
        case "assembly.votingOpened":
            motions[motion]?.open = true
            motions[motion]?.units = units.count
        case "assembly.ballotCast", "assembly.ballotChanged":
            let ballot = Ballot(owner: text("owner"), area: number("area"), choice: text("choice"))
            take(ballot, unit: text("unit"), motion, changing: event.eventName == "assembly.ballotChanged", at: time)
        case "assembly.closed":
            check(event.member("result"), motion, at: time)
        case "ledger.dueFailed": faults.append("a due action failed")
        default: break
        }
    }

    private mutating func take(_ ballot: Ballot, unit: String, _ id: String, changing: Bool, at time: Int64) {
        guard var motion = motions[id], let home = units[unit] else { return faults.append("unknown motion or unit") }
        if !motion.open || time < motion.opens || time >= motion.closes { faults.append("\(id): outside the period") }
        if home.owner != ballot.owner { faults.append("\(id): \(unit) is not \(ballot.owner)'s") }
        if changing {
            let old = motion.ballots[unit]
            if !motion.once || !motion.changed.insert(unit).inserted || old?.owner != ballot.owner {
                faults.append("\(id): \(unit) may not change")
            }
            motion.ballots[unit]?.choice = ballot.choice
        } else {
            if motion.ballots[unit] != nil { faults.append("\(id): \(unit) twice") }
            if motion.scope != "estate", motion.scope != home.building { faults.append("\(id): \(unit) out of scope") }
            if home.number > Int64(motion.units) { faults.append("\(id): \(unit) came later") }
            if home.area != ballot.area { faults.append("\(id): \(unit) wrong area") }
            motion.ballots[unit] = ballot
        }
        motions[id] = motion
    }

    private mutating func check(_ result: JSONValue?, _ id: String, at time: Int64) {
        guard let motion = motions[id], let result else { return faults.append("\(id): closed without a result") }
        func said(_ key: StaticString) -> Int64 { result.member(key)?.integer ?? -1 }
        if time < motion.closes { faults.append("\(id): closed early") }
        var choicesOf: [String: Set<String>] = [:]
        var areaOf: [String: Int64] = ["yes": 0, "no": 0, "abstain": 0]
        var totalArea: Int64 = 0
        var developer = false
        for (name, unit) in units where unit.number <= Int64(motion.units) {
            if let ballot = motion.ballots[name] {
                totalArea += ballot.area
                areaOf[ballot.choice, default: 0] += ballot.area
                choicesOf[ballot.owner, default: []].insert(ballot.choice)
            } else if motion.scope == "estate" || motion.scope == unit.building {
                totalArea += unit.area
                if let owner = unit.owner { choicesOf[owner, default: []].formUnion([]) } else { developer = true }
            }
        }
        let voted = choicesOf.values.filter { !$0.isEmpty }
        func heads(_ choice: String) -> Int64 { Int64(voted.count { $0 == [choice] }) }
        let mixed = Int64(voted.count { $0.count > 1 })
        let totalHeads = Int64(choicesOf.count) + (developer ? 1 : 0)
        let partArea = areaOf.values.reduce(0, +)
        let expected: [(StaticString, Int64)] = [
            ("totalHeads", totalHeads), ("totalArea", totalArea), ("participatingHeads", Int64(voted.count)),
            ("participatingArea", partArea), ("yesHeads", heads("yes")), ("noHeads", heads("no")),
            ("abstainHeads", heads("abstain") + mixed), ("yesArea", areaOf["yes"] ?? 0),
            ("noArea", areaOf["no"] ?? 0), ("abstainArea", areaOf["abstain"] ?? 0),
            ("ballots", Int64(motion.ballots.count)),
        ]
        for (key, value) in expected where said(key) != value {
            faults.append("\(id): \(key) is \(said(key)), should be \(value)")
        }
        var carried = false
        if motion.matter == 279 {
            let concerned = units[motion.subject ?? ""]?.owner
            var others = choicesOf
            if let concerned { others[concerned] = nil }
            let silentDeveloper = developer && concerned != nil
            carried = !others.isEmpty && !silentDeveloper && others.values.allSatisfy { $0 == ["yes"] }
        } else if totalHeads > 0 {
            let quorum = 3 * partArea >= 2 * totalArea && 3 * Int64(voted.count) >= 2 * totalHeads
            let special = [6, 7, 8].contains(motion.matter)
            let yesHeads = heads("yes")
            let yesArea = areaOf["yes"] ?? 0
            carried =
                quorum
                && (special
                    ? 4 * yesHeads >= 3 * Int64(voted.count) && 4 * yesArea >= 3 * partArea
                    : 2 * yesHeads > Int64(voted.count) && 2 * yesArea > partArea)
        }
        if result.member("passed")?.bool != carried { faults.append("\(id): passed should be \(carried)") }
        closed += 1
        if carried { passed += 1 }
        motions[id]?.open = false
    }
}

@Suite struct AuditRulesTests {
    /// Random motions, ballots, changes, sales, moves, corrections and new units, counted again by the auditor.
    @Test(arguments: [UInt64(1), 2, 3, 4, 5, 6, 7, 8]) func theAuditorAgrees(seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        let estate = Estate(parameters: Estate.hasty)
        let owners = 7
        var unitCount = 0
        func unit(_ index: Int) -> ImportedUnit {
            Estate.row(
                "u\(index)", "b\(Int.random(in: 1...2, using: &random))",
                area: Int64.random(in: 1...20_000, using: &random),
                owner: random.chance(10) ? nil : "o\(Int.random(in: 1...owners, using: &random))")
        }
        try estate.bring((1...owners).map { Estate.row("u\($0)", owner: "o\($0)") })
        unitCount = owners
        try estate.openAccounts(1...owners)
        var auditor = Auditor()
        var seen = 0
        var motions = 0
        for _ in 0..<600 {
            if random.chance(25) {
                let pause = Int64.random(in: 1...Instant.hour * 8, using: &random)
                estate.bench.advance(to: estate.bench.time.advanced(byMilliseconds: pause))
            }
            switch random.next() % 24 {
            case 0:
                let policy = random.chance(50) ? "once" : "none"
                estate.set(AssemblyParameters.changePolicy, .text(policy))
                motions += 1
                let conversion = random.chance(25)
                let scope =
                    conversion || random.chance(40)
                    ? RollScope.building("b\(Int.random(in: 1...2, using: &random))") : .estate
                let matter = MotionSubject.item(random.pick(MotionMatter.allCases))
                let opens = estate.bench.time.advanced(
                    byMilliseconds: Int64.random(in: 1...Instant.day, using: &random))
                let motion = estate.motion(
                    "m\(motions)", conversion ? .conversion : matter, scope: scope,
                    opens: random.chance(50) ? opens : nil,
                    days: Int64.random(in: 1...6, using: &random),
                    unit: conversion ? "u\(Int.random(in: 1...unitCount, using: &random))" : nil)
                _ = try? estate.bench.run(motion, as: Estate.convener)
            case 2: _ = try? estate.bring([unit(Int.random(in: 1...unitCount, using: &random))])
            case 3 where random.chance(30):
                unitCount += 1
                try estate.bring([unit(unitCount)])
            case 4:
                let id = "m\(Int.random(in: 1...max(1, motions), using: &random))"
                _ = try? estate.bench.run(WithdrawMotion(motion: id), as: Estate.convener)
            default:
                let id = "m\(max(1, motions - Int.random(in: 0...1, using: &random)))"
                let name = "u\(Int.random(in: 1...unitCount, using: &random))"
                var voter = Int.random(in: 1...owners, using: &random)
                if let owner = try OwnerRoll.unit(name, in: estate.bench.state)?.entry.owner, random.chance(85) {
                    voter = Int(owner.dropFirst()) ?? voter
                }
                let choice: BallotChoice = random.chance(80) ? .yes : random.pick(BallotChoice.allCases)
                _ = try? estate.cast(id, voter, choice, unit: name)
            }
            for event in estate.bench.events[seen...] { auditor.take(event, at: estate.bench.time.milliseconds) }
            seen = estate.bench.events.count
        }
        estate.bench.advance(to: estate.bench.time.advanced(byDays: 70))
        for event in estate.bench.events[seen...] { auditor.take(event, at: estate.bench.time.milliseconds) }
        #expect(auditor.faults.isEmpty, "seed \(seed): \(auditor.faults.prefix(5))")
        #expect(auditor.closed >= 8, "seed \(seed): the walk must close motions")
        #expect(auditor.passed > 0, "seed \(seed): some motion must pass")
        let open = auditor.motions.values.count(where: \.open)
        #expect(open == 0, "seed \(seed): every motion that opened was counted")
        for (id, row) in try estate.bench.state.rows(of: AssemblyTables.motions) {
            let ballots = try (1...Int64(unitCount)).compactMap {
                try AssemblyTables.ballots.find(AssemblyTables.ballotID(motion: id, number: $0), in: estate.bench.state)
            }
            let turnout = try AssemblyTables.turnouts.find(id, in: estate.bench.state) ?? TurnoutRow()
            #expect(turnout.ballots == Int64(ballots.count), "seed \(seed) \(id)")
            #expect(turnout.area.hundredths == ballots.map(\.area.hundredths).reduce(0, +), "seed \(seed) \(id)")
            #expect(row.status == .closed || row.status == .withdrawn, "seed \(seed) \(id)")
        }
    }

    /// No body makes a parser or a rule trap.
    @Test(arguments: [UInt64(31), 32]) func bodiesAreFuzzed(seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        let estate = try Estate(areas: [10_000, 20_000])
        try estate.open("m1")
        let names = ["closes", "matter", "motion", "opens", "scope", "text", "title", "unit", "choice"]
        let valid = [
            estate.motion("m2", opens: estate.bench.time.advanced(byDays: 2)).canonicalJSON,
            estate.motion("m3", .conversion, scope: .building("b1"), unit: "u1").canonicalJSON,
            WithdrawMotion(motion: "m2").canonicalJSON,
            CastBallot(motion: "m1", unit: "u1", choice: .abstain).canonicalJSON,
        ]
        var read = 0
        for round in 0..<4_000 {
            let body =
                round % 2 == 0
                ? Array(RandomJSON.object(names: names, using: &random).utf8)
                : RandomJSON.damaged(random.pick(valid), using: &random)
            for command in AssemblyContract.commands where try run(command, body, estate) { read += 1 }
        }
        #expect(read > 0, "seed \(seed): some bodies must be readable")
    }

    private func run<C: Command>(_: C.Type, _ body: [UInt8], _ estate: Estate) throws -> Bool {
        guard let command = try? C(json: body) else { return false }
        _ = try? estate.bench.run(command, as: C.callers == .resident ? try estate.owner(1) : Estate.convener)
        return true
    }

    @Test func everyReasonIsListedOnceAndEveryNameIsTheModules() {
        let codes = AssemblyReason.all.map(\.code)
        #expect(Set(codes).count == codes.count)
        #expect(codes.allSatisfy { $0.hasPrefix("assembly.") && $0.utf8.count <= 64 })
        for definition in AssemblyContract.parameters { #expect(definition.accepts(definition.default)) }
        for command in AssemblyContract.commands { #expect("\(command.type)".hasPrefix("assembly.")) }
        #expect(AssemblyContract.dueActions.map(\.name) == ["assembly.open", "assembly.close"])
    }
}
