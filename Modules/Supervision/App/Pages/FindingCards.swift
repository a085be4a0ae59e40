import ConstitutionContract
import PageKit
import ReadModels
import SupervisionContract

/// Findings on the home page, on the health board, in lists and at the desk.
struct FindingCards: Sendable {
    private static let most: Int64 = 50
    private static let lately: Int64 = 6

    private let environment: AppEnvironment
    private let words: FindingWords

    init(_ environment: AppEnvironment, _ language: Language) {
        self.environment = environment
        words = FindingWords(environment, language)
    }

    static func path(_ finding: String) -> String { "/supervision/findings/\(finding)" }

    /// One finding for the template "finding-list".
    func card(_ finding: FindingSummary) throws -> [String: Any] {
        var values: [String: Any] = [
            "path": FindingCards.path(finding.finding), "title": try words.title(finding),
            "subject": words.subject(finding.subject), "pill": words.pill(finding).context,
            "by": words.wording.say("supervision.by", ["party": try words.party(finding.party)]),
            "raised": words.wording.moment(finding.raised),
        ]
        if finding.status == .open { values["promised"] = words.wording.moment(finding.due) }
        return values
    }

    /// What is not closed, as news among what is public.
    func open() throws -> [HomeCard] {
        let (open, answered) = try environment.readModels.read { database in
            (
                try SupervisionQueries.findings(database, .open, limit: FindingCards.most),
                try SupervisionQueries.findings(database, .answered, limit: FindingCards.most)
            )
        }
        return try (open + answered).map(homeCard)
    }

    /// What was raised last, however it stands.
    func latest() throws -> [HomeCard] {
        let latest = try environment.readModels.read {
            try SupervisionQueries.findings($0, limit: FindingCards.lately)
        }
        let open = try self.open()
        let known = Set(open.map(\.address))
        return open + (try latest.map(homeCard).filter { !known.contains($0.address) })
    }

    private func homeCard(_ finding: FindingSummary) throws -> HomeCard {
        HomeCard(
            isOpen: finding.status != .closed, title: try words.title(finding), kind: words.subject(finding.subject),
            pill: words.pill(finding), address: FindingCards.path(finding.finding),
            time: finding.status == .open ? finding.due : finding.status == .closed ? finding.changed : nil,
            began: finding.raised, isNews: true)
    }

    /// For the party concerned: to answer. For the raising party: to accept the answer or to ask again.
    func deskItems() throws -> [DeskItem] {
        let (open, answered) = try environment.readModels.read { database in
            (
                try SupervisionQueries.findings(database, .open, limit: FindingCards.most),
                try SupervisionQueries.findings(database, .answered, limit: FindingCards.most)
            )
        }
        return try open.map { try item($0, "supervision.desk.answer", for: $0.about, due: $0.due) }
            + answered.map { try item($0, "supervision.desk.decide", for: $0.party, due: nil) }
    }

    private func item(_ finding: FindingSummary, _ task: String, for party: String, due: Int64?) throws -> DeskItem {
        // Who sits on the committee for the party does it; where nobody does, a delegate.
        let staff = try Parties.find(party, in: environment.state)?.staff ?? []
        let hasSupervisor = staff.contains { $0.roles.contains(SupervisionRoles.supervisor) }
        return DeskItem(
            id: "supervision/\(finding.finding)", title: try words.title(finding), task: words.wording.say(task),
            role: hasSupervisor ? SupervisionRoles.supervisor : SupervisionRoles.delegate, parties: [party], due: due,
            address: "/desk/findings/\(finding.finding)")
    }
}
