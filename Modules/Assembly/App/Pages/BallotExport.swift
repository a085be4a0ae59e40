import AssemblyContract
import Hummingbird
import PageKit
import ReadModels

/// `/motions/{motion}/ballots.csv`: every ballot of a counted motion, from which anybody can count again.
///
/// The owner's pseudonym stands there whole: ballots of one owner are one head. While voting is open there is no export,
/// as there is no partial result.
struct BallotExport: Sendable {
    private static let stretch: Int64 = 1_000

    private let environment: AppEnvironment

    init(_ environment: AppEnvironment) { self.environment = environment }

    func response(_ context: PageRequestContext) throws -> Response {
        let id = try context.parameters.require("motion")
        let readModels = environment.readModels
        guard let motion = try readModels.read({ try AssemblyQueries.motion($0, id) }) else {
            throw Problem(.notFound, code: "assembly.motionUnknown", field: "motion")
        }
        guard motion.status == .closed else {
            throw Problem(.notFound, code: "assembly.notCounted", field: "motion")
        }
        return CSVAnswer.response(
            fileName: "ballots.csv", header: ["number", "unit", "owner", "area_m2", "choice", "transaction"]
        ) { after in
            let ballots = try readModels.read {
                try AssemblyQueries.ballots($0, motion: motion.motion, after: after, limit: BallotExport.stretch)
            }
            let rows = ballots.map {
                [
                    "\($0.number)", $0.unit, $0.owner, CSVText.hundredths($0.area), $0.choice, $0.record ?? "",
                ]
            }
            return (rows, Int64(ballots.count) == BallotExport.stretch ? ballots.last?.number : nil)
        }
    }
}
