package import GRDB
package import NoticesContract

/// A notice as lists show it.
package struct NoticeSummary: Sendable, Equatable {
    /// Its id.
    package let notice: String
    /// Its title.
    package let title: String
    /// What it is about.
    package let kind: NoticeKind
    /// Whom it addresses: `estate`, `building`, `owners` or `residents`.
    package let audience: String
    /// The building addressed.
    package let building: String?
    /// The party that published it.
    package let party: String
    /// Where it stands.
    package let status: NoticeStatus
    /// When it goes or went up, ms since 1970 UTC.
    package let begins: Int64
    /// When it comes or came down, ms since 1970 UTC.
    package let ends: Int64
    /// For how many days it must stay up.
    package let mustPostDays: Int64
    /// When it was published, ms since 1970 UTC.
    package let published: Int64
    /// Leaf of the publication.
    package let leaf: Int64
    /// Id of the transaction that published it.
    package let record: String?
    /// Height of the block in which it went up.
    package let begunHeight: Int64?
    /// Height of the block in which it came down.
    package let endedHeight: Int64?
    /// The earlier notice that it corrects.
    package let replaces: String?
    /// The later notice that corrects it.
    package let replacedBy: String?
    /// Why it was taken down.
    package let reason: String?
    /// Comments under it, masked ones included.
    package let comments: Int64

    init(_ row: Row) {
        notice = row["notice"]
        title = row["title"]
        kind = NoticeKind(rawValue: row["kind"]) ?? .general
        audience = row["audience"]
        building = row["building"]
        party = row["party"]
        status = NoticeStatus(rawValue: row["status"]) ?? .coming
        begins = row["begins"]
        ends = row["ends"]
        mustPostDays = row["mustPostDays"]
        published = row["published"]
        leaf = row["leaf"]
        record = row["record"]
        begunHeight = row["begunHeight"]
        endedHeight = row["endedHeight"]
        replaces = row["replaces"]
        replacedBy = row["replacedBy"]
        reason = row["reason"]
        comments = row["comments"]
    }

    /// Whether it is up at `time`, whether or not the due action has run yet.
    package func isPosted(at time: Int64) -> Bool { status == .posted && time < ends }
}

/// Which notices a reader wants to see.
package struct NoticeFilter: Sendable, Equatable {
    /// Only this kind.
    package var kind: NoticeKind?
    /// Only what concerns this building: its own notices and those for everybody.
    package var building: String?

    /// All notices, or fewer.
    package init(kind: NoticeKind? = nil, building: String? = nil) {
        self.kind = kind
        self.building = building
    }

    fileprivate static let sql =
        "(:kind IS NULL OR kind = :kind) AND (:building IS NULL OR building IS NULL OR building = :building)"

    fileprivate var arguments: [String: (any DatabaseValueConvertible)?] {
        ["kind": kind?.rawValue, "building": building]
    }
}

/// Questions to the tables of notices.
package enum NoticeQueries {
    /// One notice.
    package static func notice(_ database: Database, _ id: String) throws -> NoticeSummary? {
        try Row.fetchOne(database, sql: "SELECT * FROM notices_notice WHERE notice = ?", arguments: [id])
            .map(NoticeSummary.init)
    }

    /// Notices that are up: what went up last first.
    package static func posted(
        _ database: Database, _ filter: NoticeFilter = NoticeFilter(), limit: Int64
    ) throws -> [NoticeSummary] {
        try fetch(database, "status = 'posted'", filter, order: "begins DESC, notice", limit, 0)
    }

    /// Notices that go up later: what goes up first comes first.
    package static func coming(
        _ database: Database, _ filter: NoticeFilter = NoticeFilter(), limit: Int64
    ) throws -> [NoticeSummary] {
        try fetch(database, "status = 'coming'", filter, order: "begins, notice", limit, 0)
    }

    /// Notices that are down: what came down last first.
    package static func past(
        _ database: Database, _ filter: NoticeFilter = NoticeFilter(), limit: Int64, offset: Int64
    ) throws -> [NoticeSummary] {
        try fetch(database, "status IN ('ended', 'withdrawn')", filter, order: "ends DESC, notice", limit, offset)
    }

    /// Number of notices that are down.
    package static func pastCount(_ database: Database, _ filter: NoticeFilter = NoticeFilter()) throws -> Int64 {
        try Int64.fetchOne(
            database,
            sql: "SELECT count(*) FROM notices_notice WHERE status IN ('ended', 'withdrawn') AND \(NoticeFilter.sql)",
            arguments: StatementArguments(filter.arguments)) ?? 0
    }

    /// All notices, what was published last first.
    package static func all(_ database: Database, limit: Int64, offset: Int64 = 0) throws -> [NoticeSummary] {
        try Row.fetchAll(
            database, sql: "SELECT * FROM notices_notice ORDER BY leaf DESC LIMIT ? OFFSET ?",
            arguments: [limit, offset]
        ).map(NoticeSummary.init)
    }

    /// All notices after a leaf, in the order of their publication.
    package static func after(_ database: Database, leaf: Int64, limit: Int64) throws -> [NoticeSummary] {
        try Row.fetchAll(
            database, sql: "SELECT * FROM notices_notice WHERE leaf > ? ORDER BY leaf LIMIT ?",
            arguments: [leaf, limit]
        ).map(NoticeSummary.init)
    }

    /// Number of all notices.
    package static func count(_ database: Database) throws -> Int64 {
        try Int64.fetchOne(database, sql: "SELECT count(*) FROM notices_notice") ?? 0
    }

    /// How many notices of each kind were published; kinds without any are left out.
    package static func countByKind(_ database: Database) throws -> [NoticeKind: Int64] {
        let rows = try Row.fetchAll(database, sql: "SELECT kind, count(*) AS number FROM notices_notice GROUP BY kind")
        return Dictionary(
            rows.compactMap { row in NoticeKind(rawValue: row["kind"]).map { ($0, row["number"]) } }
        ) { first, _ in first }
    }

    private static func fetch(
        _ database: Database, _ condition: String, _ filter: NoticeFilter, order: String, _ limit: Int64,
        _ offset: Int64
    ) throws -> [NoticeSummary] {
        var arguments = filter.arguments
        arguments["limit"] = limit
        arguments["offset"] = offset
        return try Row.fetchAll(
            database,
            sql: """
                SELECT * FROM notices_notice WHERE \(condition) AND \(NoticeFilter.sql) ORDER BY \(order)
                LIMIT :limit OFFSET :offset
                """, arguments: StatementArguments(arguments)
        ).map(NoticeSummary.init)
    }
}
