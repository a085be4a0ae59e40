import AssemblyContract
import ConstitutionContract
import ContractKit
import LedgerTesting
import Primitives
import RegistryContract

/// An estate with owners who can vote: owner `o<i>` signs with bench key `i`.
struct Estate {
    let bench = RuleBench([ConstitutionContract.self, RegistryContract.self, AssemblyContract.self])
    static let registrar = RuleBench.staff(party: "p1", roles: ["registrar"])
    static let convener = RuleBench.staff(party: "p1", roles: ["convener"])
    static let otherConvener = RuleBench.staff(party: "p2", roles: ["convener"])
    /// Voting may begin at once and last any time up to 60 days.
    static let hasty: [(ParameterDefinition, ParameterValue)] = [
        (AssemblyParameters.noticeDays, .integer(0)), (AssemblyParameters.minimumVotingDays, .integer(0)),
    ]

    init(parameters: [(ParameterDefinition, ParameterValue)] = []) {
        for (definition, value) in parameters { set(definition, value) }
    }

    /// One unit `u<i>` of `areas[i - 1]` for each owner `o<i>`, all in building b1, with accounts.
    init(areas: [Int64], parameters: [(ParameterDefinition, ParameterValue)] = Estate.hasty) throws {
        self.init(parameters: parameters)
        try bring(areas.enumerated().map { Estate.row("u\($0 + 1)", area: $1, owner: "o\($0 + 1)") })
        try openAccounts(1...areas.count)
    }

    func set(_ definition: ParameterDefinition, _ value: ParameterValue) {
        let row = ParameterRow(source: "test", value: value, version: 1)
        bench.state.write(ConstitutionTables.parameters.key(definition.name), row.canonicalJSON)
        bench.state.commit()
    }

    static func row(_ unit: String, _ building: String = "b1", area: Int64 = 10_000, owner: String?) -> ImportedUnit {
        ImportedUnit(
            unit: unit,
            entry: UnitEntry(
                area: Area(hundredths: area), areaSource: .registry, building: building, owner: owner))
    }

    func bring(_ rows: [ImportedUnit]) throws {
        for start in stride(from: 0, to: rows.count, by: 200) {
            try bench.run(ImportUnits(rows: Array(rows[start..<min(start + 200, rows.count)])), as: Estate.registrar)
        }
    }

    /// Sells a unit: the next import names another owner.
    func sell(_ unit: String, to owner: String?, _ building: String = "b1", area: Int64 = 10_000) throws {
        try bring([Estate.row(unit, building, area: area, owner: owner)])
    }

    func openAccounts(_ owners: ClosedRange<Int>) throws {
        for start in stride(from: owners.lowerBound, through: owners.upperBound, by: 100) {
            let batch = start...min(start + 99, owners.upperBound)
            let accounts = batch.map { AssistedAccount(key: RuleBench.key($0), owner: "o\($0)") }
            try bench.run(OpenAccounts(accounts: accounts), as: Estate.registrar)
        }
    }

    func owner(_ index: Int) throws -> Caller {
        guard let caller = bench.caller(of: RuleBench.key(index)) else { throw Reason.unknownKey }
        return caller
    }

    func motion(
        _ id: String, _ matter: MotionSubject = .item(.covenant), scope: RollScope = .estate, opens: Instant? = nil,
        days: Int64 = 10, unit: String? = nil
    ) -> OpenMotion {
        let begins = opens ?? bench.time.advanced(byMilliseconds: 1)
        return OpenMotion(
            motion: id, title: "修订管理规约", text: "第一条\n第二条", matter: matter, scope: scope, opens: opens,
            closes: begins.advanced(byDays: days), unit: unit)
    }

    @discardableResult
    func open(
        _ id: String, _ matter: MotionSubject = .item(.covenant), scope: RollScope = .estate, unit: String? = nil
    ) throws(Reason) -> [JSONValue] {
        try bench.run(motion(id, matter, scope: scope, unit: unit), as: Estate.convener)
    }

    @discardableResult
    func cast(
        _ motion: String, _ index: Int, _ choice: BallotChoice, unit: String? = nil, at time: Instant? = nil
    ) throws -> [JSONValue] {
        let caller = try owner(index)
        return try bench.run(
            CastBallot(motion: motion, unit: unit ?? "u\(index)", choice: choice), as: caller, at: time)
    }

    /// Casts many ballots without looking at the due queue before each one.
    func castMany(_ motion: String, _ ballots: [(owner: Int, choice: BallotChoice)]) throws {
        for (index, choice) in ballots {
            var execution = Execution(
                time: bench.time, height: bench.height, ledger: bench.ledger, caller: try owner(index),
                state: bench.state)
            try CastBallot(motion: motion, unit: "u\(index)", choice: choice).execute(&execution)
            bench.state.commit()
        }
    }

    /// Lets the motion end and gives its result, which must be the one in the event.
    @discardableResult
    func close(_ motion: String) throws -> MotionResult {
        let row = try AssemblyTables.motions.require(motion, in: bench.state, else: AssemblyReason.motionUnknown)
        bench.advance(to: row.closes)
        guard let last = bench.events.last(where: { $0.eventName == "assembly.closed" }) else {
            throw Reason.fieldMissing
        }
        let event = try MotionClosed(event: last)
        let result = try AssemblyTables.results.require(motion, in: bench.state, else: .stateDamaged)
        guard event.result == result, event.motion == motion else { throw Reason.stateDamaged }
        return result
    }

    /// The code of the refusal that `body` meets, after which the state must be as before; nil when it is accepted.
    func refusal(_ body: () throws -> Void) -> String? {
        let before = bench.state.snapshot
        do {
            try body()
            return nil
        } catch {
            guard bench.state.snapshot == before else { return "state changed" }
            return (error as? Reason)?.code ?? "\(error)"
        }
    }
}
