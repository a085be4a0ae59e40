import BudgetingContract
import ContractKit
import Hummingbird
import LedgerCore
import PageKit
import ReadModels

/// Tables of a counted vote: every ballot, and the count's lines with exact fractions.
///
/// A ballot stands under its voter's running number, no name and no account. While voting is open there is no export, as
/// there is no partial result.
struct VoteExport: Sendable {
    private static let stretch: Int64 = 2_000

    private let environment: AppEnvironment
    private let traces: TraceCache

    init(_ environment: AppEnvironment, _ traces: TraceCache) {
        self.environment = environment
        self.traces = traces
    }

    /// `/budgets/{vote}/ballots.csv`: voter and the ids of the projects, separated by commas.
    func ballots(_ context: PageRequestContext) throws -> Response {
        let id = try closed(context)
        let state = environment.state
        let ids = try VoteReader.projects(of: id, in: state).map(\.id)
        let accounts = try LedgerTables.counts.find("accounts", in: state)?.count ?? 0
        return CSVAnswer.response(fileName: "ballots.csv", header: ["voter", "projects"]) { from in
            let end = min(accounts, from + VoteExport.stretch)
            var rows: [[String]] = []
            var number = from + 1
            while number <= end {
                let place = BudgetingTables.partID(id, number)
                if let ballot = try BudgetingTables.ballots.find(place, in: state) {
                    let names = ballot.projects.compactMap {
                        ids.indices.contains(Int($0) - 1) ? ids[Int($0) - 1] : nil
                    }
                    rows.append(["\(number)", names.joined(separator: ",")])
                }
                number += 1
            }
            return (rows, end < accounts ? end : nil)
        }
    }

    /// `/budgets/{vote}/trace.csv`: amounts in the smallest unit, fractions exact.
    func trace(_ context: PageRequestContext) async throws -> Response {
        let count = try await traces.count(of: try closed(context))
        guard case .success(let result) = count.outcome else {
            throw Problem(.notFound, code: "budgeting.notCounted", field: "vote")
        }
        let (header, rows) = VoteExport.table(result)
        return CSVAnswer.response(fileName: "trace.csv", header: header) { _ in (rows, nil) }
    }

    private static func table(_ result: CountResult) -> (header: [String], rows: [[String]]) {
        switch result.trace {
        case .greedy(let steps):
            (
                ["project", "score", "cost", "before", "after", "decision"],
                steps.map {
                    [
                        $0.id, "\($0.score)", "\($0.cost)", "\($0.remainingBefore)", "\($0.remainingAfter)",
                        $0.decision.rawValue,
                    ]
                }
            )
        case .equalShares(let trace):
            (
                [
                    "project", "supporters", "cost", "rho", "payment", "paying", "rest", "rest_total", "have",
                    "decision",
                ],
                trace.steps.map {
                    [
                        $0.id, "\($0.supporters)", "\($0.cost)", "\($0.rho)", "\($0.payment)", "\($0.payingInFull)",
                        "\($0.givingTheirRest)", "\($0.restTotal)", "", "taken",
                    ]
                }
                    + trace.unaffordable.map {
                        [
                            $0.id, "\($0.supporters)", "\($0.cost)", "", "", "", "", "", "\($0.supportersHave)",
                            "tooDear",
                        ]
                    }
            )
        }
    }

    /// The id of the vote asked for, if it is counted.
    private func closed(_ context: PageRequestContext) throws -> String {
        let id = try context.parameters.require("vote")
        guard Fields.isIdentifier(id), let row = try BudgetingTables.votes.find(id, in: environment.state) else {
            throw Problem(.notFound, code: "budgeting.voteUnknown", field: "vote")
        }
        guard row.status == .closed else { throw Problem(.notFound, code: "budgeting.notCounted", field: "vote") }
        return id
    }
}
