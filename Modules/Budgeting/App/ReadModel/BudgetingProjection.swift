import BudgetingContract
package import GRDB
package import LedgerCore
import Primitives
import ReadModels

/// Budget votes for lists, and how many ballots there are.
///
/// Projects, ballots and results are read from the state, where the rules keep them: a vote with 131,778 ballots costs
/// one number here.
package struct BudgetingProjection: Projection {
    package let name = "budgeting"
    package let version = 1
    package let events: Set<String> = [
        "budgeting.voteCreated", "budgeting.projectsAdded", "budgeting.votePublished", "budgeting.ballotCast",
        "budgeting.closed",
    ]
    package let tables = ["budgeting_vote"]

    /// The projection.
    package init() {}

    package func prepare(_ database: Database) throws {
        try database.execute(
            sql: """
                CREATE TABLE budgeting_vote (
                    vote TEXT PRIMARY KEY, title TEXT NOT NULL, budget INTEGER NOT NULL, currency TEXT NOT NULL,
                    step INTEGER NOT NULL, rule TEXT NOT NULL, status TEXT NOT NULL, opens INTEGER, closes INTEGER,
                    projects INTEGER NOT NULL DEFAULT 0, ballots INTEGER NOT NULL DEFAULT 0, leaf INTEGER NOT NULL,
                    record TEXT, closed INTEGER, closedLeaf INTEGER, closedRecord TEXT
                );
                CREATE INDEX budgeting_vote_order ON budgeting_vote (status, closes, vote);
                """)
    }

    package func apply(_ event: RecordedEvent, _ database: Database) throws {
        switch event.name {
        case "budgeting.ballotCast":
            let ballot = try event.decode(BudgetBallotCast.self)
            guard !ballot.changed else { return }
            try database.cachedStatement(sql: "UPDATE budgeting_vote SET ballots = ballots + 1 WHERE vote = ?")
                .execute(arguments: [ballot.vote])
        case "budgeting.voteCreated": try create(event, database)
        case "budgeting.projectsAdded":
            let added = try event.decode(ProjectsAdded.self)
            try database.cachedStatement(sql: "UPDATE budgeting_vote SET projects = ? WHERE vote = ?")
                .execute(arguments: [added.total, added.vote])
        case "budgeting.votePublished":
            let published = try event.decode(VotePublished.self)
            try database.cachedStatement(
                sql: "UPDATE budgeting_vote SET status = ?, opens = ?, closes = ? WHERE vote = ?"
            ).execute(arguments: [
                VoteStatus.published.rawValue, published.row.opens?.milliseconds,
                published.row.closes?.milliseconds, published.vote,
            ])
        case "budgeting.closed": try close(event, database)
        default: break
        }
    }

    private func create(_ event: RecordedEvent, _ database: Database) throws {
        let created = try event.decode(VoteCreated.self)
        try database.cachedStatement(
            sql: """
                INSERT INTO budgeting_vote
                    (vote, title, budget, currency, step, rule, status, opens, closes, leaf, record)
                VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
                """
        ).execute(arguments: [
            created.vote, created.terms.title, created.terms.budget, created.terms.currency, created.terms.step,
            created.terms.rule.name, created.row.status.rawValue, created.row.opens?.milliseconds,
            created.row.closes?.milliseconds, Int64(clamping: event.leaf), event.transaction?.hex,
        ])
    }

    private func close(_ event: RecordedEvent, _ database: Database) throws {
        let closed = try event.decode(VoteClosed.self)
        let time = event.time.milliseconds
        // A vote without an end of its own ends when it is closed.
        try database.cachedStatement(
            sql: """
                UPDATE budgeting_vote SET status = ?, closes = coalesce(closes, ?), closed = ?, closedLeaf = ?,
                    closedRecord = ? WHERE vote = ?
                """
        ).execute(arguments: [
            VoteStatus.closed.rawValue, time, time, Int64(clamping: event.leaf), event.transaction?.hex, closed.vote,
        ])
    }
}
