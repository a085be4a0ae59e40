package import AssemblyContract
package import GRDB

/// A motion as lists show it.
package struct MotionSummary: Sendable, Equatable {
    /// Its id.
    package let motion: String
    /// Its title.
    package let title: String
    /// What is decided: item 1 to 9 of article 278, or 279.
    package let matter: Int64
    /// How far it is.
    package let status: MotionStatus
    /// When voting begins, ms since 1970 UTC.
    package let opens: Int64
    /// When voting ends, ms since 1970 UTC.
    package let closes: Int64
    /// Leaf of the announcement.
    package let leaf: Int64
    /// Id of the transaction that announced it.
    package let record: String?
    /// Heads on the roll when voting began; 0 before.
    package let totalHeads: Int64
    /// Area on the roll when voting began, in 0.01 m²; 0 before.
    package let totalArea: Int64
    /// Ballots so far.
    package let ballots: Int64
    /// Heads that have taken part so far.
    package let heads: Int64
    /// Area that has taken part so far, in 0.01 m².
    package let area: Int64
    /// When it was counted or withdrawn, ms since 1970 UTC.
    package let closed: Int64?
    /// Leaf of the count.
    package let closedLeaf: Int64?
    /// Whether it was passed; nil before the count.
    package let passed: Bool?

    init(_ row: Row) {
        motion = row["motion"]
        title = row["title"]
        matter = row["matter"]
        status = MotionStatus(rawValue: row["status"]) ?? .announced
        opens = row["opens"]
        closes = row["closes"]
        leaf = row["leaf"]
        record = row["record"]
        totalHeads = row["totalHeads"]
        totalArea = row["totalArea"]
        ballots = row["ballots"]
        heads = row["heads"]
        area = row["area"]
        closed = row["closed"]
        closedLeaf = row["closedLeaf"]
        passed = row["passed"]
    }
}

/// A ballot as the result's evidence shows it.
package struct BallotRecord: Sendable, Equatable {
    /// The unit's running number.
    package let number: Int64
    /// The unit.
    package let unit: String
    /// The owner's pseudonym: ballots of one owner are one head.
    package let owner: String
    /// The unit's area in 0.01 m².
    package let area: Int64
    /// The choice: a raw value of `BallotChoice`.
    package let choice: String
    /// Id of the transaction that cast it.
    package let record: String?

    init(_ row: Row) {
        number = row["number"]
        unit = row["unit"]
        owner = row["owner"]
        area = row["area"]
        choice = row["choice"]
        record = row["record"]
    }
}

/// Questions to the assembly's tables.
package enum AssemblyQueries {
    /// One motion.
    package static func motion(_ database: Database, _ id: String) throws -> MotionSummary? {
        try Row.fetchOne(database, sql: "SELECT * FROM assembly_motion WHERE motion = ?", arguments: [id])
            .map(MotionSummary.init)
    }

    /// Motions of one status: what ends first comes first; of those that have ended, what ended last.
    package static func motions(
        _ database: Database, _ status: MotionStatus, limit: Int64, offset: Int64 = 0
    ) throws -> [MotionSummary] {
        let order = status == .closed || status == .withdrawn ? "closes DESC, motion DESC" : "closes, motion"
        return try Row.fetchAll(
            database, sql: "SELECT * FROM assembly_motion WHERE status = ? ORDER BY \(order) LIMIT ? OFFSET ?",
            arguments: [status.rawValue, limit, offset]
        ).map(MotionSummary.init)
    }

    /// All motions, what was announced last first.
    package static func motions(_ database: Database, limit: Int64, offset: Int64) throws -> [MotionSummary] {
        try Row.fetchAll(
            database, sql: "SELECT * FROM assembly_motion ORDER BY leaf DESC LIMIT ? OFFSET ?",
            arguments: [limit, offset]
        ).map(MotionSummary.init)
    }

    /// Motions in whose title or id every pattern stands, what was announced last first.
    package static func search(_ database: Database, _ patterns: [String], limit: Int) throws -> [MotionSummary] {
        let clause = patterns.map { _ in "(title || ' ' || motion) LIKE ? ESCAPE '\\'" }.joined(separator: " AND ")
        return try Row.fetchAll(
            database, sql: "SELECT * FROM assembly_motion WHERE \(clause) ORDER BY leaf DESC LIMIT \(limit)",
            arguments: StatementArguments(patterns)
        ).map(MotionSummary.init)
    }

    /// Number of motions of one status, or of all.
    package static func count(_ database: Database, _ status: MotionStatus? = nil) throws -> Int64 {
        guard let status else { return try Int64.fetchOne(database, sql: "SELECT count(*) FROM assembly_motion") ?? 0 }
        return try Int64.fetchOne(
            database, sql: "SELECT count(*) FROM assembly_motion WHERE status = ?", arguments: [status.rawValue]) ?? 0
    }

    /// Ballots of a motion by the number of the unit, after `number`.
    package static func ballots(
        _ database: Database, motion: String, after number: Int64 = 0, limit: Int64, offset: Int64 = 0
    ) throws -> [BallotRecord] {
        try Row.fetchAll(
            database,
            sql: "SELECT * FROM assembly_ballot WHERE motion = ? AND number > ? ORDER BY number LIMIT ? OFFSET ?",
            arguments: [motion, number, limit, offset]
        ).map(BallotRecord.init)
    }
}
