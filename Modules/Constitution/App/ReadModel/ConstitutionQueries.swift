package import ConstitutionContract
package import GRDB

/// A proposal with its votes.
package struct ProposalRecord: Sendable {
    /// Its id.
    package let proposal: String
    /// The party that proposes.
    package let party: String
    /// What it changes.
    package let changes: [ConstitutionChange]
    /// What became of it.
    package let status: ProposalStatus
    /// Id of the transaction that recorded it.
    package let record: String?
    /// When it was proposed, ms since 1970 UTC.
    package let time: Int64
    /// When it was closed; nil while it is open.
    package let closed: Int64?
    /// Parties for it, sorted.
    package let yes: [String]
    /// Parties against it, sorted.
    package let no: [String]
}

/// Questions to the constitution's tables.
package enum ConstitutionQueries {
    /// Number of proposals ever made.
    package static func proposalCount(_ database: Database) throws -> Int64 {
        try Int64.fetchOne(database, sql: "SELECT count(*) FROM constitution_proposal") ?? 0
    }

    /// Proposals, the latest first.
    package static func proposals(_ database: Database, limit: Int64, offset: Int64) throws -> [ProposalRecord] {
        let rows = try Row.fetchAll(
            database, sql: "SELECT * FROM constitution_proposal ORDER BY leaf DESC LIMIT ? OFFSET ?",
            arguments: [limit, offset])
        return try rows.map { row in
            let proposal: String = row["proposal"]
            let votes = try Row.fetchAll(
                database, sql: "SELECT party, yes FROM constitution_vote WHERE proposal = ? ORDER BY party",
                arguments: [proposal])
            return ProposalRecord(
                proposal: proposal, party: row["party"], changes: try ProposedChanges(text: row["changes"]).changes,
                status: ProposalStatus(rawValue: row["status"]) ?? .open, record: row["record"], time: row["time"],
                closed: row["closed"], yes: votes.filter { $0["yes"] }.map { $0["party"] },
                no: votes.filter { !$0["yes"] }.map { $0["party"] })
        }
    }
}
