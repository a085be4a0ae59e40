package import GRDB
package import LedgerCore
import ReadModels
import ConstitutionContract
import Primitives

/// What the state does not keep: proposals that are closed, and which party voted how and when.
package struct ConstitutionProjection: Projection {
    package let name = "constitution"
    package let version = 1
    package let events: Set<String> = [
        "constitution.proposed", "constitution.voted", "constitution.proposalClosed",
    ]
    package let tables = ["constitution_proposal", "constitution_vote"]

    /// The projection.
    package init() {}

    package func prepare(_ database: Database) throws {
        // `changes` is the proposal's changes as canonical JSON; `leaf` is where it was recorded and orders the list.
        try database.execute(
            sql: """
                CREATE TABLE constitution_proposal (
                    proposal TEXT PRIMARY KEY, party TEXT NOT NULL, changes TEXT NOT NULL, status TEXT NOT NULL,
                    leaf INTEGER NOT NULL, record TEXT, time INTEGER NOT NULL, closed INTEGER
                );
                CREATE INDEX constitution_proposal_order ON constitution_proposal (leaf);
                CREATE TABLE constitution_vote (
                    proposal TEXT NOT NULL, party TEXT NOT NULL, yes INTEGER NOT NULL,
                    PRIMARY KEY (proposal, party)
                ) WITHOUT ROWID;
                """)
    }

    package func apply(_ event: RecordedEvent, _ database: Database) throws {
        switch event.name {
        case "constitution.proposed": try propose(event, database)
        case "constitution.voted":
            let vote = try event.decode(ProposalVoted.self)
            try database.cachedStatement(
                sql: "INSERT OR REPLACE INTO constitution_vote (proposal, party, yes) VALUES (?, ?, ?)"
            ).execute(arguments: [vote.proposal, vote.party, vote.yes])
        case "constitution.proposalClosed":
            let end = try event.decode(ProposalClosed.self)
            try database.cachedStatement(
                sql: "UPDATE constitution_proposal SET status = ?, closed = ? WHERE proposal = ?"
            ).execute(arguments: [end.status.rawValue, event.time.milliseconds, end.proposal])
        default: break
        }
    }

    private func propose(_ event: RecordedEvent, _ database: Database) throws {
        let proposed = try event.decode(ChangesProposed.self)
        try database.cachedStatement(
            sql: """
                INSERT INTO constitution_proposal (proposal, party, changes, status, leaf, record, time)
                VALUES (?, ?, ?, ?, ?, ?, ?)
                """
        ).execute(arguments: [
            proposed.proposal, proposed.party, ProposedChanges(proposed.changes).text,
            ProposalStatus.open.rawValue, Int64(clamping: event.leaf), event.transaction?.hex, event.time.milliseconds,
        ])
    }
}
