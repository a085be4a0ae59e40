import ContractKit
import LedgerTesting
import Primitives
import SupervisionContract
import Testing

/// A second, simple model of the module: it decides for each act whether it should be accepted.
private struct Model {
    struct Finding {
        let raiser: Int
        let about: Int
        var state = "open"
        var due: Int64
        var late = false
    }

    static let mayAct: Set<Int> = [1, 2, 3]
    static let promise = 3 * Instant.day
    var findings: [String: Finding] = [:]

    mutating func reach(_ time: Int64) {
        for (id, finding) in findings where finding.state == "open" && finding.due <= time { findings[id]?.late = true }
    }
}

@Suite("Properties of supervision")
struct SupervisionPropertyTests {
    /// Random acts, each of which the model either accepts or refuses: the rules do the same, and at the end they agree
    /// on the state of every finding.
    @Test(arguments: [UInt64(21), 22, 23, 24]) func rulesAgreeWithTheModel(seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        let committee = try Committee()
        var model = Model()
        var seen: Set<String> = []
        for step in 0..<600 {
            let pause = random.chance(70) ? 1 : Int64.random(in: 1...2 * Instant.day, using: &random)
            committee.bench.advance(to: committee.bench.time.advanced(byMilliseconds: pause))
            // Each act takes place one millisecond after the time that was reached.
            let now = committee.bench.time.milliseconds + 1
            model.reach(now)
            let party = Int.random(in: 1...4, using: &random)
            let id = random.pick(["none"] + model.findings.keys.sorted().suffix(8))
            let known = model.findings[id]
            let may = Model.mayAct.contains(party)
            let name = random.pick(["raise", "answer", "answer", "close", "reopen"])
            let expected: Bool
            let outcome: String?
            switch name {
            case "raise":
                let about = Int.random(in: 1...5, using: &random)
                let isNew = random.chance(80) || known == nil
                let finding = isNew ? "f\(step)" : id
                expected = may && isNew && about <= 4 && about != party
                outcome = committee.refusal { try committee.raise(finding, by: party, about: about) }
                if expected {
                    model.findings[finding] = .init(raiser: party, about: about, due: now + Model.promise)
                }
            case "answer":
                expected = may && known?.about == party && known?.state == "open"
                outcome = committee.refusal { try committee.answer(id, by: party) }
                if expected { model.findings[id]?.state = "answered" }
            case "close":
                expected = may && known?.raiser == party && known?.state == "answered"
                outcome = committee.refusal { try committee.close(id, by: party) }
                if expected { model.findings[id]?.state = "closed" }
            default:
                expected = may && known?.raiser == party && known?.state != "open" && known != nil
                outcome = committee.refusal { try committee.reopen(id, by: party) }
                if expected {
                    model.findings[id]?.state = "open"
                    model.findings[id]?.due = now + Model.promise
                }
            }
            #expect(expected == (outcome == nil), "seed \(seed) step \(step) \(name): \(outcome ?? "accepted")")
            seen.insert("\(name) \(outcome == nil)")
        }
        #expect(seen.count == 8, "seed \(seed): every act must be accepted once and refused once: \(seen.sorted())")
        let rows = try committee.bench.state.rows(of: SupervisionTables.findings)
        #expect(rows.count == model.findings.count)
        for (id, row) in rows {
            let finding = try #require(model.findings[id])
            #expect(row.status.rawValue == finding.state, "seed \(seed) \(id)")
            #expect(row.overdue == finding.late, "seed \(seed) \(id)")
            #expect(row.canonicalJSON.count < 500)
        }
        #expect(committee.bench.events.allSatisfy { $0.eventName != "ledger.dueFailed" })
    }
}
