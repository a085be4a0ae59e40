import AssemblyContract
import ContractKit
import PageKit
import Primitives
import ReadModels
import RegistryContract

/// Which open motions wait for an owner, home by home.
struct AssemblyAgenda: Sendable {
    /// Most motions that are looked at; an estate never has as many open at once.
    private static let motions: Int64 = 20
    /// Most homes of one owner that are looked at for each.
    private static let homes = 50

    private let environment: AppEnvironment
    private let wording: Wording

    init(_ environment: AppEnvironment, _ language: Language) {
        self.environment = environment
        wording = Wording(environment.renderer, language)
    }

    /// The motions, with the homes that have voted.
    func items(of account: String) throws -> [AgendaItem] {
        let state = environment.state
        guard let owner = try OwnerRoll.owner(ofAccount: account, in: state) else { return [] }
        let homes = try OwnerRoll.units(ofOwner: owner, in: state).prefix(AssemblyAgenda.homes)
            .compactMap { try OwnerRoll.unit($0, in: state) }
        let open = try environment.readModels.read {
            try AssemblyQueries.motions($0, .open, limit: AssemblyAgenda.motions)
        }
        return try open.compactMap { motion in
            guard motion.closes > wording.now, let row = try AssemblyTables.motions.find(motion.motion, in: state)
            else { return nil }
            let entitled = homes.filter { row.gives(vote: $0) }
            guard !entitled.isEmpty else { return nil }
            let cast = entitled.filter { home in
                AssemblyTables.ballots.contains(
                    AssemblyTables.ballotID(motion: motion.motion, number: home.number), in: state)
            }
            return AgendaItem(
                title: motion.title, kind: wording.say("assembly.kind"), address: "/motions/\(motion.motion)",
                until: motion.closes, done: cast.count, of: entitled.count)
        }
    }
}

extension MotionRow {
    /// Whether a home has a vote on this open motion, as far as building and time of sale decide it.
    fileprivate func gives(vote home: UnitRow) -> Bool {
        guard home.number <= units else { return false }
        return switch scope {
        case .estate: true
        case .building(let building): home.entry.building == building
        }
    }
}
