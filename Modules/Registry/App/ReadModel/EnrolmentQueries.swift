package import GRDB

/// An owner to whom no account is bound.
package struct WaitingOwner: Sendable, Equatable {
    /// The owner's pseudonym.
    package let owner: String
    /// What the owner's homes are called, in the order of the roll.
    package let homes: [String]
}

/// A key of a resident's account.
package struct ResidentKey: Sendable, Equatable {
    /// Its id in base64url.
    package let key: String
    /// The account.
    package let account: String
    /// When it was opened, ms since 1970 UTC.
    package let opened: Int64
    /// When it was closed; nil while it may sign.
    package let closed: Int64?
}

/// Questions about who can act for a home.
package enum EnrolmentQueries {
    private static let waiting = "owner IS NOT NULL AND owner NOT IN (SELECT owner FROM registry_binding)"

    /// Number of owners without an account, of one building or of all.
    package static func waitingCount(_ database: Database, building: String? = nil) throws -> Int64 {
        try Int64.fetchOne(
            database,
            sql: """
                SELECT count(DISTINCT owner) FROM registry_unit
                WHERE \(waiting) AND (?1 IS NULL OR building = ?1)
                """, arguments: [building]) ?? 0
    }

    /// Owners without an account who have a home in the building, or anywhere; in the order of the roll.
    package static func waiting(
        _ database: Database, building: String? = nil, limit: Int64, offset: Int64
    ) throws -> [WaitingOwner] {
        let owners = try String.fetchAll(
            database,
            sql: """
                SELECT owner FROM registry_unit WHERE \(waiting) AND (?1 IS NULL OR building = ?1)
                GROUP BY owner ORDER BY min(number) LIMIT ?2 OFFSET ?3
                """, arguments: [building, limit, offset])
        return try owners.map { owner in
            let homes = try String.fetchAll(
                database.cachedStatement(
                    sql: "SELECT coalesce(label, unit) FROM registry_unit WHERE owner = ? ORDER BY number"),
                arguments: [owner])
            return WaitingOwner(owner: owner, homes: homes)
        }
    }

    /// The keys of an account, the latest first.
    package static func keys(_ database: Database, account: String) throws -> [ResidentKey] {
        try Row.fetchAll(
            database, sql: "SELECT * FROM registry_key WHERE account = ? ORDER BY opened DESC, key",
            arguments: [account]
        ).map { ResidentKey(key: $0["key"], account: $0["account"], opened: $0["opened"], closed: $0["closed"]) }
    }

    /// The account bound to an owner; nil if there is none.
    package static func account(_ database: Database, ofOwner owner: String) throws -> String? {
        try String.fetchOne(
            database, sql: "SELECT account FROM registry_binding WHERE owner = ?", arguments: [owner])
    }

    /// Units in whose id, label or building every pattern stands, in the order of the roll.
    package static func search(_ database: Database, _ patterns: [String], limit: Int) throws -> [RollUnit] {
        let clause = patterns.map { _ in "(unit || ' ' || coalesce(label, '')) LIKE ? ESCAPE '\\'" }
        return try Row.fetchAll(
            database,
            sql: """
                SELECT * FROM registry_unit WHERE \(clause.joined(separator: " AND ")) ORDER BY number LIMIT \(limit)
                """, arguments: StatementArguments(patterns)
        ).map(RollUnit.init)
    }
}
