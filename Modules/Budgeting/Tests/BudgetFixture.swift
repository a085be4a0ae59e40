import BudgetingContract
import ConstitutionContract
import ContractKit
import LedgerTesting
import Primitives
import RegistryContract

/// Residents with accounts of their own and a convener.
struct Town {
    let bench = RuleBench([ConstitutionContract.self, RegistryContract.self, BudgetingContract.self])
    static let registrar = RuleBench.staff(party: "p1", roles: ["registrar"])
    static let convener = RuleBench.staff(party: "p1", roles: ["convener"])
    static let otherConvener = RuleBench.staff(party: "p2", roles: ["convener"])

    /// Residents 1 to `residents` sign with bench keys of their number.
    init(residents: Int, parameters: [(ParameterDefinition, ParameterValue)] = []) throws {
        for (definition, value) in parameters { set(definition, value) }
        for start in stride(from: 1, through: residents, by: 100) {
            let batch = start...min(start + 99, residents)
            let accounts = batch.map { AssistedAccount(key: RuleBench.key($0)) }
            try bench.run(OpenAccounts(accounts: accounts), as: Town.registrar)
        }
    }

    func set(_ definition: ParameterDefinition, _ value: ParameterValue) {
        let row = ParameterRow(source: "test", value: value, version: 1)
        bench.state.write(ConstitutionTables.parameters.key(definition.name), row.canonicalJSON)
        bench.state.commit()
    }

    func resident(_ index: Int) throws -> Caller {
        guard let caller = bench.caller(of: RuleBench.key(index)) else { throw Reason.unknownKey }
        return caller
    }

    static func vote(_ id: String, budget: Int64 = 100, rule: CountingRule = .greedy) -> CreateVote {
        CreateVote(vote: id, title: "社区微更新", budget: budget, currency: "CNY", rule: rule)
    }

    static func projects(_ costs: [Int64]) -> [ProjectEntry] {
        costs.enumerated().map { ProjectEntry(id: "2026/P/\($0 + 1)", name: "项目 \($0 + 1)", cost: $1) }
    }

    /// Creates, fills and publishes a vote.
    func publish(_ vote: CreateVote, _ projects: [ProjectEntry]) throws(Reason) {
        try bench.run(vote, as: Town.convener)
        for start in stride(from: 0, to: projects.count, by: 100) {
            let batch = Array(projects[start..<min(start + 100, projects.count)])
            try bench.run(AddProjects(vote: vote.vote, projects: batch), as: Town.convener)
        }
        try bench.run(PublishVote(vote: vote.vote), as: Town.convener)
    }

    /// A ballot for the projects with these numbers.
    @discardableResult
    func cast(_ vote: String, _ index: Int, _ numbers: [Int], at time: Instant? = nil) throws -> [JSONValue] {
        let ballot = CastBudgetBallot(vote: vote, projects: numbers.map { "2026/P/\($0)" })
        return try bench.run(ballot, as: try resident(index), at: time)
    }

    @discardableResult
    func close(_ vote: String) throws -> VoteResult {
        try bench.run(CloseVote(vote: vote), as: Town.convener)
        return try result(vote)
    }

    /// The recorded result, which must be the one in the event and the one that the ballots give again.
    func result(_ vote: String) throws -> VoteResult {
        let result = try BudgetingTables.results.require(vote, in: bench.state, else: .stateDamaged)
        guard let last = bench.events.last(where: { $0.eventName == "budgeting.closed" }) else {
            throw Reason.fieldMissing
        }
        let event = try VoteClosed(event: last)
        guard event.vote == vote, event.winners == result.winners, event.spent == result.spent,
            event.ballots == result.ballots, event.remaining == result.remaining, event.problem == result.problem
        else { throw Reason.stateDamaged }
        let again = try BudgetCount.run(vote: vote, in: bench.state)
        guard again.votes == result.votes, again.ballots == result.ballots else { throw Reason.stateDamaged }
        if case .success(let count) = again.outcome {
            guard count.winners.map({ Int64($0) + 1 }) == result.winners else { throw Reason.stateDamaged }
        }
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
