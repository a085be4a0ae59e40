import BudgetingContract
import Hummingbird
import PageKit
import ReadModels

/// Budget votes as cards, on the list and on the home page.
struct VoteCards: Sendable {
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
        let votes = try environment.readModels.read { database in
            try BudgetingQueries.votes(database, .published, limit: VoteCards.homeLimit).filter {
                $0.isOpen(at: wording.now)
            } + BudgetingQueries.votes(database, .closed, limit: VoteCards.homeLimit)
        }
        return votes.map { vote in
            let open = vote.status == .published
            return HomeCard(
                isOpen: open, title: vote.title, kind: wording.say("budgeting.kind"), pill: pill(vote),
                address: address(vote), time: vote.closes, began: vote.opens, testID: open ? "vote-link" : nil)
        }
    }

    /// One vote for the partial "vote-card".
    func card(_ vote: VoteSummary) -> [String: Any] {
        let money = VoteMoney(currency: vote.currency, step: vote.step)
        var values: [String: Any] = [
            "path": address(vote), "title": vote.title, "pill": pill(vote).context,
            "budget": wording.say("budgeting.budget", ["amount": money.text(vote.budget)]),
        ]
        if vote.status == .closed {
            values["moment"] = wording.moment(vote.closed ?? vote.closes ?? 0)
        } else if let opens = vote.opens, opens > wording.now {
            values["opens"] = wording.say("budgeting.vote.opensAt", ["time": wording.momentText(opens)])
        } else if let closes = vote.closes {
            values["deadline"] = wording.deadline(closes)
        }
        return values
    }

    /// The vote's page; its result once there is one.
    private func address(_ vote: VoteSummary) -> String {
        vote.status == .closed ? "/budgets/\(vote.vote)/result" : "/budgets/\(vote.vote)"
    }

    /// How far the vote is, in a word.
    func pill(_ vote: VoteSummary) -> Pill {
        switch vote.status {
        case .draft: wording.pill(.plain, "budgeting.state.draft")
        case .published where vote.isOpen(at: wording.now): wording.pill(.open, "budgeting.state.open")
        case .published where (vote.closes ?? .max) <= wording.now: wording.pill(.wait, "budgeting.state.counting")
        case .published: wording.pill(.wait, "budgeting.state.coming")
        case .closed: wording.pill(.good, "budgeting.state.counted")
        }
    }
}
