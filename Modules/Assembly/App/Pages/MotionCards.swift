import AssemblyContract
import Hummingbird
import PageKit
import ReadModels

/// Motions as cards, on the list and on the home page.
struct MotionCards: Sendable {
    /// Cards of each sort on the home page.
    static let homeLimit: Int64 = 6

    private let environment: AppEnvironment
    private let wording: Wording

    init(_ environment: AppEnvironment, _ language: Language) {
        self.environment = environment
        wording = Wording(environment.renderer, language)
    }

    /// What the home page shows.
    func home() throws -> [HomeCard] {
        let motions = try environment.readModels.read { database in
            try AssemblyQueries.motions(database, .open, limit: MotionCards.homeLimit)
                + AssemblyQueries.motions(database, .closed, limit: MotionCards.homeLimit)
        }
        return motions.map { motion in
            HomeCard(
                isOpen: motion.status == .open, title: motion.title, kind: wording.say("assembly.kind"),
                pill: pill(motion), address: address(motion), time: motion.closes, began: motion.opens,
                testID: motion.status == .open ? "motion-link" : nil)
        }
    }

    /// One motion for the partial "motion-card".
    func card(_ motion: MotionSummary) -> [String: Any] {
        var values: [String: Any] = [
            "path": address(motion), "title": motion.title, "matter": wording.say("assembly.matter.\(motion.matter)"),
            "pill": pill(motion).context,
        ]
        switch motion.status {
        case .open:
            values["deadline"] = wording.deadline(motion.closes)
            values["turnout"] = wording.say(
                "assembly.motion.turnoutHeads",
                [
                    "count": Formats.count(motion.heads),
                    "share": Formats.percentage(motion.heads, of: motion.totalHeads),
                ])
        case .announced:
            values["opens"] = wording.say("assembly.motion.opensAt", ["time": wording.momentText(motion.opens)])
        case .closed, .withdrawn: values["moment"] = wording.moment(motion.closed ?? motion.closes)
        }
        return values
    }

    /// The motion's page; its result once there is one.
    private func address(_ motion: MotionSummary) -> String {
        motion.status == .closed ? "/motions/\(motion.motion)/result" : "/motions/\(motion.motion)"
    }

    /// How far the motion is, in a word.
    func pill(_ motion: MotionSummary) -> Pill {
        switch motion.status {
        case .announced: wording.pill(.wait, "assembly.state.notice")
        case .open where motion.closes <= wording.now: wording.pill(.wait, "assembly.state.counting")
        case .open: wording.pill(.open, "assembly.state.open")
        case .closed where motion.passed == true: wording.pill(.good, "assembly.state.passed")
        case .closed: wording.pill(.bad, "assembly.state.failed")
        case .withdrawn: wording.pill(.plain, "assembly.state.withdrawn")
        }
    }
}
