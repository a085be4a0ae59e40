import AssemblyContract
import ContractKit
import PageKit
import Primitives
import ReadModels

/// The assembly at the desk: motions that may still be withdrawn, the form for a new one, and what a search finds.
struct AssemblyDesk: Sendable {
    private static let most: Int64 = 200

    private let environment: AppEnvironment
    private let wording: Wording

    init(_ environment: AppEnvironment, _ language: Language) {
        self.environment = environment
        wording = Wording(environment.renderer, language)
    }

    static let tasks = [
        DeskTask(
            messageKey: "assembly.desk.open", address: "/desk/motions/new", role: AssemblyRoles.convener,
            icon: "icon-vote")
    ]

    /// Announced motions: their convener may take them back until voting begins.
    func items() throws -> [DeskItem] {
        let motions = try environment.readModels.read {
            try AssemblyQueries.motions($0, .announced, limit: AssemblyDesk.most)
        }
        return try motions.compactMap { motion in
            guard motion.opens > wording.now,
                let row = try AssemblyTables.motions.find(motion.motion, in: environment.state)
            else { return nil }
            let withdrawal = WithdrawMotion(motion: motion.motion)
            return DeskItem(
                id: "assembly/withdraw/\(motion.motion)", title: motion.title,
                task: wording.say("assembly.desk.withdraw"), role: AssemblyRoles.convener, parties: [row.party],
                due: motion.opens, address: "/motions/\(motion.motion)",
                act: DeskAct(
                    type: "\(WithdrawMotion.type)", body: String(decoding: withdrawal.canonicalJSON, as: UTF8.self)))
        }
    }

    /// Motions by title or id, the latest first.
    func search(_ words: SearchWords, limit: Int) throws -> [SearchHit] {
        try environment.readModels.read { try AssemblyQueries.search($0, words.patterns, limit: limit) }.map { motion in
            SearchHit(
                title: motion.title, kind: wording.say("assembly.kind"), address: "/motions/\(motion.motion)",
                note: wording.say("assembly.desk.closes", ["time": wording.momentText(motion.closes)]))
        }
    }
}
