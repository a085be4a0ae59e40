import AssemblyContract
package import GRDB
package import LedgerCore
import Primitives
import ReadModels
import RegistryContract

/// Motions for lists, ballots for the result's evidence, and how many have taken part so far.
///
/// Texts and results are read from the state, where the rules keep them.
package struct AssemblyProjection: Projection {
    package let name = "assembly"
    package let version = 1
    package let events: Set<String> = [
        "assembly.motionOpened", "assembly.votingOpened", "assembly.ballotCast", "assembly.ballotChanged",
        "assembly.closed", "assembly.withdrawn",
    ]
    package let tables = ["assembly_motion", "assembly_ballot", "assembly_head"]

    /// The projection.
    package init() {}

    package func prepare(_ database: Database) throws {
        // `heads` counts the rows of assembly_head; `closed` is when the ballots were counted.
        try database.execute(
            sql: """
                CREATE TABLE assembly_motion (
                    motion TEXT PRIMARY KEY, title TEXT NOT NULL, matter INTEGER NOT NULL, status TEXT NOT NULL,
                    opens INTEGER NOT NULL, closes INTEGER NOT NULL, leaf INTEGER NOT NULL, record TEXT,
                    totalHeads INTEGER NOT NULL DEFAULT 0, totalArea INTEGER NOT NULL DEFAULT 0,
                    ballots INTEGER NOT NULL DEFAULT 0, heads INTEGER NOT NULL DEFAULT 0,
                    area INTEGER NOT NULL DEFAULT 0, closed INTEGER, closedLeaf INTEGER, passed INTEGER
                );
                CREATE INDEX assembly_motion_order ON assembly_motion (status, closes, motion);
                CREATE TABLE assembly_ballot (
                    motion TEXT NOT NULL, number INTEGER NOT NULL, unit TEXT NOT NULL, owner TEXT NOT NULL,
                    area INTEGER NOT NULL, choice TEXT NOT NULL, record TEXT, PRIMARY KEY (motion, number)
                ) WITHOUT ROWID;
                CREATE TABLE assembly_head (
                    motion TEXT NOT NULL, owner TEXT NOT NULL, PRIMARY KEY (motion, owner)
                ) WITHOUT ROWID;
                """)
    }

    package func apply(_ event: RecordedEvent, _ database: Database) throws {
        switch event.name {
        case "assembly.ballotCast": try cast(event.decode(BallotCast.self).ballot, event, database)
        case "assembly.ballotChanged": try change(event.decode(BallotChanged.self).ballot, event, database)
        case "assembly.motionOpened": try announce(event, database)
        case "assembly.votingOpened": try open(event.decode(VotingOpened.self), database)
        case "assembly.closed": try close(event, database)
        case "assembly.withdrawn":
            let withdrawn = try event.decode(MotionWithdrawn.self)
            try database.cachedStatement(sql: "UPDATE assembly_motion SET status = ?, closed = ? WHERE motion = ?")
                .execute(arguments: [
                    MotionStatus.withdrawn.rawValue, event.time.milliseconds, withdrawn.motion,
                ])
        default: break
        }
    }

    private func announce(_ event: RecordedEvent, _ database: Database) throws {
        let opened = try event.decode(MotionOpened.self)
        try database.cachedStatement(
            sql: """
                INSERT INTO assembly_motion (motion, title, matter, status, opens, closes, leaf, record)
                VALUES (?, ?, ?, ?, ?, ?, ?, ?)
                """
        ).execute(arguments: [
            opened.motion, opened.title, opened.row.matter.number, opened.row.status.rawValue,
            opened.row.opens.milliseconds, opened.row.closes.milliseconds, Int64(clamping: event.leaf),
            event.transaction?.hex,
        ])
    }

    private func open(_ opened: VotingOpened, _ database: Database) throws {
        try database.cachedStatement(
            sql: "UPDATE assembly_motion SET status = ?, totalHeads = ?, totalArea = ? WHERE motion = ?"
        ).execute(arguments: [
            MotionStatus.open.rawValue, opened.roll.heads, opened.roll.area.hundredths, opened.motion,
        ])
    }

    private func cast(_ ballot: BallotNotice, _ event: RecordedEvent, _ database: Database) throws {
        try write(ballot, event, database)
        try database.cachedStatement(sql: "INSERT OR IGNORE INTO assembly_head (motion, owner) VALUES (?, ?)")
            .execute(arguments: [ballot.motion, ballot.owner])
        // SQLite's changes() is 1 if the head is new and 0 if it was known.
        try database.cachedStatement(
            sql: """
                UPDATE assembly_motion SET heads = heads + changes(), ballots = ballots + 1, area = area + ?
                WHERE motion = ?
                """
        ).execute(arguments: [ballot.area.hundredths, ballot.motion])
    }

    private func change(_ ballot: BallotNotice, _ event: RecordedEvent, _ database: Database) throws {
        try write(ballot, event, database)
    }

    private func write(_ ballot: BallotNotice, _ event: RecordedEvent, _ database: Database) throws {
        try database.cachedStatement(
            sql: """
                INSERT OR REPLACE INTO assembly_ballot (motion, number, unit, owner, area, choice, record)
                VALUES (?, ?, ?, ?, ?, ?, ?)
                """
        ).execute(arguments: [
            ballot.motion, ballot.unitNumber, ballot.unit, ballot.owner, ballot.area.hundredths,
            ballot.choice.rawValue, event.transaction?.hex,
        ])
    }

    private func close(_ event: RecordedEvent, _ database: Database) throws {
        let closed = try event.decode(MotionClosed.self)
        try database.cachedStatement(
            sql: "UPDATE assembly_motion SET status = ?, closed = ?, closedLeaf = ?, passed = ? WHERE motion = ?"
        ).execute(arguments: [
            MotionStatus.closed.rawValue, event.time.milliseconds, Int64(clamping: event.leaf),
            closed.result.passed, closed.motion,
        ])
    }
}
