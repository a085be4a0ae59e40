package import BudgetingContract
package import GRDB

/// A budget vote as lists show it.
package struct VoteSummary: Sendable, Equatable {
    /// Its id.
    package let vote: String
    /// Its title.
    package let title: String
    /// The money there is, in the smallest unit.
    package let budget: Int64
    /// The currency's code.
    package let currency: String
    /// Smallest units in one currency unit.
    package let step: Int64
    /// The counting rule's name.
    package let rule: String
    /// How far it is.
    package let status: VoteStatus
    /// When voting begins, ms since 1970 UTC; nil while that is open.
    package let opens: Int64?
    /// When voting ends, ms since 1970 UTC; nil where the convener closes it.
    package let closes: Int64?
    /// Number of projects.
    package let projects: Int64
    /// Number of ballots so far.
    package let ballots: Int64
    /// Leaf of its creation.
    package let leaf: Int64
    /// Id of the transaction that created it.
    package let record: String?
    /// When it was counted, ms since 1970 UTC.
    package let closed: Int64?
    /// Leaf of the count.
    package let closedLeaf: Int64?
    /// Id of the transaction that closed it; nil where its time had come.
    package let closedRecord: String?

    init(_ row: Row) {
        vote = row["vote"]
        title = row["title"]
        budget = row["budget"]
        currency = row["currency"]
        step = row["step"]
        rule = row["rule"]
        status = VoteStatus(rawValue: row["status"]) ?? .draft
        opens = row["opens"]
        closes = row["closes"]
        projects = row["projects"]
        ballots = row["ballots"]
        leaf = row["leaf"]
        record = row["record"]
        closed = row["closed"]
        closedLeaf = row["closedLeaf"]
        closedRecord = row["closedRecord"]
    }

    /// Whether ballots are taken at `now`.
    package func isOpen(at now: Int64) -> Bool {
        status == .published && (opens.map { $0 <= now } ?? false) && (closes.map { now < $0 } ?? true)
    }
}

/// Questions to the budgeting tables.
package enum BudgetingQueries {
    /// One vote.
    package static func vote(_ database: Database, _ id: String) throws -> VoteSummary? {
        try Row.fetchOne(database, sql: "SELECT * FROM budgeting_vote WHERE vote = ?", arguments: [id])
            .map(VoteSummary.init)
    }

    /// Votes of one status: what ends first comes first, one without an end last; of those that have ended, what ended
    /// last.
    package static func votes(
        _ database: Database, _ status: VoteStatus, limit: Int64, offset: Int64 = 0
    ) throws -> [VoteSummary] {
        let order = status == .closed ? "closes DESC, vote DESC" : "closes IS NULL, closes, vote"
        return try Row.fetchAll(
            database, sql: "SELECT * FROM budgeting_vote WHERE status = ? ORDER BY \(order) LIMIT ? OFFSET ?",
            arguments: [status.rawValue, limit, offset]
        ).map(VoteSummary.init)
    }

    /// All votes, what was created last first.
    package static func votes(_ database: Database, limit: Int64, offset: Int64) throws -> [VoteSummary] {
        try Row.fetchAll(
            database, sql: "SELECT * FROM budgeting_vote ORDER BY leaf DESC LIMIT ? OFFSET ?",
            arguments: [limit, offset]
        ).map(VoteSummary.init)
    }

    /// Votes in whose title or id every pattern stands, what was created last first.
    package static func search(_ database: Database, _ patterns: [String], limit: Int) throws -> [VoteSummary] {
        let clause = patterns.map { _ in "(title || ' ' || vote) LIKE ? ESCAPE '\\'" }.joined(separator: " AND ")
        return try Row.fetchAll(
            database, sql: "SELECT * FROM budgeting_vote WHERE \(clause) ORDER BY leaf DESC LIMIT \(limit)",
            arguments: StatementArguments(patterns)
        ).map(VoteSummary.init)
    }

    /// Number of votes of one status, or of all.
    package static func count(_ database: Database, _ status: VoteStatus? = nil) throws -> Int64 {
        guard let status else { return try Int64.fetchOne(database, sql: "SELECT count(*) FROM budgeting_vote") ?? 0 }
        return try Int64.fetchOne(
            database, sql: "SELECT count(*) FROM budgeting_vote WHERE status = ?", arguments: [status.rawValue]) ?? 0
    }
}
