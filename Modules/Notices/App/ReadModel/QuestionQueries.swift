package import GRDB
package import NoticesContract
package import Primitives

/// A question as lists show it, without what it says.
package struct QuestionSummary: Sendable, Equatable {
    /// Its id.
    package let question: String
    /// The account that asked.
    package let account: String
    /// What it is about.
    package let topic: QuestionTopic
    /// The notice that it is about.
    package let notice: String?
    /// Digest of its content.
    package let content: Digest
    /// When it was asked, ms since 1970 UTC.
    package let asked: Int64
    /// Until when a reply is promised, ms since 1970 UTC.
    package let due: Int64
    /// How many others would like to know that too.
    package let upvotes: Int64
    /// Official answers.
    package let answers: Int64
    /// When the first official answer was given, ms since 1970 UTC.
    package let answered: Int64?
    /// Whether that was within the promised time; nil while there is none.
    package let inTime: Bool?
    /// Whether the promised time passed without an answer.
    package let overdue: Bool
    /// Whether it is masked.
    package let masked: Bool
    /// Comments under it, masked ones included.
    package let comments: Int64
    /// Leaf of the question.
    package let leaf: Int64
    /// Id of the transaction that asked.
    package let record: String?

    init(_ row: Row) {
        question = row["question"]
        account = row["account"]
        topic = QuestionTopic(rawValue: row["topic"]) ?? .other
        notice = row["notice"]
        content = Digest(hex: row["content"]) ?? .zero
        asked = row["asked"]
        due = row["due"]
        upvotes = row["upvotes"]
        answers = row["answers"]
        answered = row["answered"]
        inTime = row["inTime"]
        overdue = row["overdue"]
        masked = row["masked"]
        comments = row["comments"]
        leaf = row["leaf"]
        record = row["record"]
    }
}

/// An official answer or a comment, without what it says.
package struct ContributionSummary: Sendable, Equatable {
    /// The answer's number, or the comment's leaf: unique among those of one page.
    package let number: Int64
    /// The party that answered, or the account that commented.
    package let author: String
    /// Digest of its content.
    package let content: Digest
    /// When it was written, ms since 1970 UTC.
    package let time: Int64
    /// Leaf of its record.
    package let leaf: Int64
    /// Id of the transaction that brought it.
    package let record: String?

    init(_ row: Row) {
        number = row["number"]
        author = row["author"]
        content = Digest(hex: row["content"]) ?? .zero
        time = row["time"]
        leaf = row["leaf"]
        record = row["record"]
    }
}

/// A proposal to mask that waits for another party.
package struct WaitingMask: Sendable, Equatable {
    /// Digest of the content.
    package let content: Digest
    /// The proposal's number.
    package let number: Int64
    /// The party that proposed.
    package let proposer: String
    /// When, ms since 1970 UTC.
    package let proposed: Int64

    init(_ row: Row) {
        content = Digest(hex: row["content"]) ?? .zero
        number = row["waiting"]
        proposer = row["proposer"]
        proposed = row["proposed"]
    }
}

/// How the questions of one month were answered.
package struct ReplyMonth: Sendable, Equatable {
    /// `2026-03`, in China's standard time, by when they were asked.
    package let month: String
    /// Answered within the promised time.
    package let inTime: Int64
    /// Answered later.
    package let late: Int64
    /// Not answered yet.
    package let waiting: Int64
}

/// In which order questions are listed.
package enum QuestionOrder: String, Sendable, CaseIterable {
    /// What most would like to know first.
    case upvotes
    /// What was asked last first.
    case newest
    /// Only what waits for an answer; what is due first comes first.
    case unanswered
}

/// Questions to the tables of questions, answers and comments.
package enum QuestionQueries {
    /// One question.
    package static func question(_ database: Database, _ id: String) throws -> QuestionSummary? {
        try Row.fetchOne(database, sql: "SELECT * FROM notices_question WHERE question = ?", arguments: [id])
            .map(QuestionSummary.init)
    }

    /// A page of questions, of one topic or all.
    package static func questions(
        _ database: Database, _ order: QuestionOrder, topic: QuestionTopic? = nil, limit: Int64, offset: Int64 = 0
    ) throws -> [QuestionSummary] {
        let (condition, sorting) = sql(order)
        return try Row.fetchAll(
            database,
            sql: """
                SELECT * FROM notices_question WHERE \(condition) AND (:topic IS NULL OR topic = :topic)
                ORDER BY \(sorting) LIMIT :limit OFFSET :offset
                """,
            arguments: StatementArguments(
                [
                    "topic": topic?.rawValue, "limit": limit, "offset": offset,
                ] as [String: (any DatabaseValueConvertible)?])
        ).map(QuestionSummary.init)
    }

    /// Number of the questions that such a list has.
    package static func count(
        _ database: Database, _ order: QuestionOrder = .newest, topic: QuestionTopic? = nil
    ) throws -> Int64 {
        try Int64.fetchOne(
            database,
            sql: "SELECT count(*) FROM notices_question WHERE \(sql(order).0) AND (:topic IS NULL OR topic = :topic)",
            arguments: StatementArguments(["topic": topic?.rawValue] as [String: (any DatabaseValueConvertible)?])) ?? 0
    }

    /// All questions after a leaf, in the order in which they were asked.
    package static func after(_ database: Database, leaf: Int64, limit: Int64) throws -> [QuestionSummary] {
        try Row.fetchAll(
            database, sql: "SELECT * FROM notices_question WHERE leaf > ? ORDER BY leaf LIMIT ?",
            arguments: [leaf, limit]
        ).map(QuestionSummary.init)
    }

    /// An account's questions that wait, or were answered at or after `since`.
    package static func current(
        _ database: Database, of account: String, since: Int64, limit: Int64
    ) throws -> [QuestionSummary] {
        try Row.fetchAll(
            database,
            sql: """
                SELECT * FROM notices_question
                WHERE account = ? AND masked = 0 AND (answered IS NULL OR answered >= ?) ORDER BY leaf DESC LIMIT ?
                """, arguments: [account, since, limit]
        ).map(QuestionSummary.init)
    }

    /// The official answers to a question, in their order.
    package static func answers(_ database: Database, _ question: String) throws -> [ContributionSummary] {
        try Row.fetchAll(
            database,
            sql: """
                SELECT number, party AS author, content, answered AS time, leaf, record FROM notices_answer
                WHERE question = ? ORDER BY number
                """, arguments: [question]
        ).map(ContributionSummary.init)
    }

    /// Comments under something, in the order in which they were written.
    package static func comments(
        _ database: Database, on subject: CommentSubject, limit: Int64, offset: Int64 = 0
    ) throws -> [ContributionSummary] {
        try Row.fetchAll(
            database,
            sql: """
                SELECT leaf AS number, account AS author, content, written AS time, leaf, record FROM notices_comment
                WHERE subject = ? AND subjectID = ? ORDER BY leaf LIMIT ? OFFSET ?
                """, arguments: [subject.word, subject.id, limit, offset]
        ).map(ContributionSummary.init)
    }

    /// Proposals to mask that wait, the oldest first.
    package static func waitingMasks(
        _ database: Database, limit: Int64, offset: Int64 = 0
    ) throws -> [WaitingMask] {
        try Row.fetchAll(
            database, sql: "SELECT * FROM notices_content ORDER BY proposed, content LIMIT ? OFFSET ?",
            arguments: [limit, offset]
        ).map(WaitingMask.init)
    }

    /// Number of proposals that wait.
    package static func waitingMaskCount(_ database: Database) throws -> Int64 {
        try Int64.fetchOne(database, sql: "SELECT count(*) FROM notices_content") ?? 0
    }

    /// The last months with questions, the latest last; masked questions are not counted.
    package static func replyMonths(_ database: Database, limit: Int64) throws -> [ReplyMonth] {
        try Row.fetchAll(
            database,
            sql: """
                SELECT strftime('%Y-%m', (asked + 28800000) / 1000, 'unixepoch') AS month,
                    count(*) FILTER (WHERE inTime = 1) AS good, count(*) FILTER (WHERE inTime = 0) AS late,
                    count(*) FILTER (WHERE inTime IS NULL) AS waiting
                FROM notices_question WHERE masked = 0 GROUP BY month ORDER BY month DESC LIMIT ?
                """, arguments: [limit]
        ).map {
            ReplyMonth(month: $0["month"], inTime: $0["good"], late: $0["late"], waiting: $0["waiting"])
        }.reversed()
    }

    private static func sql(_ order: QuestionOrder) -> (condition: String, sorting: String) {
        switch order {
        case .upvotes: ("TRUE", "upvotes DESC, leaf DESC")
        case .newest: ("TRUE", "leaf DESC")
        case .unanswered: ("answered IS NULL AND masked = 0", "due, question")
        }
    }
}
