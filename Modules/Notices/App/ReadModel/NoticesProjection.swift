package import GRDB
package import LedgerCore
import NoticesContract
import Primitives
import ReadModels

/// Notices, questions, answers and comments for lists; never a word that a resident wrote, which the ledger does not know.
package struct NoticesProjection: Projection {
    package let name = "notices"
    package let version = 2
    package let events: Set<String> = [
        "notices.published", "notices.begun", "notices.ended", "notices.withdrawn", "notices.asked",
        "notices.upvoted", "notices.answered", "notices.replyOverdue", "notices.commented", "notices.maskProposed",
        "notices.maskConfirmed", "notices.maskRejected",
    ]
    package let tables = [
        "notices_notice", "notices_question", "notices_answer", "notices_comment", "notices_content",
    ]

    /// The projection.
    package init() {}

    package func prepare(_ database: Database) throws {
        // `begunHeight` and `endedHeight` are the blocks that prove how long a notice was up; `waiting` is the number
        // of the proposal about a content that waits for another party than `proposer`.
        try database.execute(
            sql: """
                CREATE TABLE notices_notice (
                    notice TEXT PRIMARY KEY, title TEXT NOT NULL, kind TEXT NOT NULL, audience TEXT NOT NULL,
                    building TEXT, party TEXT NOT NULL, status TEXT NOT NULL, begins INTEGER NOT NULL,
                    ends INTEGER NOT NULL, mustPostDays INTEGER NOT NULL, published INTEGER NOT NULL,
                    leaf INTEGER NOT NULL, record TEXT, begunHeight INTEGER, endedHeight INTEGER, replaces TEXT,
                    replacedBy TEXT, reason TEXT, comments INTEGER NOT NULL DEFAULT 0
                );
                CREATE INDEX notices_notice_begins ON notices_notice (status, begins, notice);
                CREATE INDEX notices_notice_ends ON notices_notice (ends, notice);
                CREATE INDEX notices_notice_leaf ON notices_notice (leaf);
                CREATE TABLE notices_question (
                    question TEXT PRIMARY KEY, account TEXT NOT NULL, topic TEXT NOT NULL, notice TEXT,
                    content TEXT NOT NULL, asked INTEGER NOT NULL, due INTEGER NOT NULL,
                    upvotes INTEGER NOT NULL DEFAULT 0, answers INTEGER NOT NULL DEFAULT 0, answered INTEGER,
                    inTime INTEGER, overdue INTEGER NOT NULL DEFAULT 0, masked INTEGER NOT NULL DEFAULT 0,
                    comments INTEGER NOT NULL DEFAULT 0, leaf INTEGER NOT NULL, record TEXT
                );
                CREATE INDEX notices_question_leaf ON notices_question (leaf);
                CREATE INDEX notices_question_upvotes ON notices_question (upvotes, leaf);
                CREATE INDEX notices_question_due ON notices_question (answered, masked, due, question);
                CREATE INDEX notices_question_account ON notices_question (account, leaf);
                CREATE INDEX notices_question_content ON notices_question (content);
                CREATE TABLE notices_answer (
                    question TEXT NOT NULL, number INTEGER NOT NULL, content TEXT NOT NULL, party TEXT NOT NULL,
                    answered INTEGER NOT NULL, leaf INTEGER NOT NULL, record TEXT, PRIMARY KEY (question, number)
                ) WITHOUT ROWID;
                CREATE INDEX notices_answer_leaf ON notices_answer (leaf);
                CREATE TABLE notices_comment (
                    comment TEXT PRIMARY KEY, subject TEXT NOT NULL, subjectID TEXT NOT NULL, account TEXT NOT NULL,
                    content TEXT NOT NULL, written INTEGER NOT NULL, leaf INTEGER NOT NULL, record TEXT
                );
                CREATE INDEX notices_comment_leaf ON notices_comment (leaf);
                CREATE INDEX notices_comment_subject ON notices_comment (subject, subjectID, leaf);
                CREATE TABLE notices_content (
                    content TEXT PRIMARY KEY, waiting INTEGER NOT NULL, proposer TEXT NOT NULL,
                    proposed INTEGER NOT NULL
                ) WITHOUT ROWID;
                CREATE INDEX notices_content_proposed ON notices_content (proposed, content);
                """)
    }

    package func apply(_ event: RecordedEvent, _ database: Database) throws {
        switch event.name {
        case "notices.published": try publish(event, database)
        case "notices.begun": try begin(event, database)
        case "notices.ended":
            let ended = try event.decode(NoticeEnded.self)
            try end(ended.notice, .ended, at: ended.until, event, database)
        case "notices.withdrawn": try withdraw(event, database)
        case "notices.asked": try ask(event, database)
        case "notices.upvoted":
            let upvoted = try event.decode(QuestionUpvoted.self)
            try database.cachedStatement(sql: "UPDATE notices_question SET upvotes = ? WHERE question = ?")
                .execute(arguments: [upvoted.upvotes, upvoted.question])
        case "notices.answered": try answer(event, database)
        case "notices.replyOverdue":
            let overdue = try event.decode(ReplyOverdue.self)
            try database.cachedStatement(sql: "UPDATE notices_question SET overdue = 1 WHERE question = ?")
                .execute(arguments: [overdue.question])
        case "notices.commented": try comment(event, database)
        case "notices.maskProposed":
            let proposed = try event.decode(MaskProposed.self)
            try database.cachedStatement(
                sql: "INSERT INTO notices_content (content, waiting, proposer, proposed) VALUES (?, ?, ?, ?)"
            ).execute(arguments: [
                proposed.content.hex, proposed.proposal.number, proposed.proposal.party,
                proposed.proposal.proposed.milliseconds,
            ])
        case "notices.maskConfirmed": try decide(event, database)
        case "notices.maskRejected":
            try settle(try event.decode(MaskRejected.self).content, database)
        default: break
        }
    }

    private func publish(_ event: RecordedEvent, _ database: Database) throws {
        let published = try event.decode(NoticePublished.self)
        let terms = published.terms
        try database.cachedStatement(
            sql: """
                INSERT INTO notices_notice (notice, title, kind, audience, building, party, status, begins, ends,
                    mustPostDays, published, leaf, record, replaces)
                VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
                """
        ).execute(arguments: [
            published.notice, published.title, terms.kind.rawValue, terms.audience.word, terms.audience.building,
            terms.party, terms.status.rawValue, terms.begins.milliseconds, terms.ends.milliseconds,
            terms.mustPostDays, terms.published.milliseconds, Int64(clamping: event.leaf), event.transaction?.hex,
            terms.replaces,
        ])
        guard let replaces = terms.replaces else { return }
        try database.cachedStatement(sql: "UPDATE notices_notice SET replacedBy = ? WHERE notice = ?")
            .execute(arguments: [published.notice, replaces])
    }

    private func begin(_ event: RecordedEvent, _ database: Database) throws {
        let begun = try event.decode(NoticeBegun.self)
        try database.cachedStatement(
            sql: "UPDATE notices_notice SET status = ?, begins = ?, ends = ?, begunHeight = ? WHERE notice = ?"
        ).execute(arguments: [
            NoticeStatus.posted.rawValue, begun.from.milliseconds, begun.until.milliseconds,
            Int64(clamping: event.height), begun.notice,
        ])
    }

    private func end(
        _ notice: String, _ status: NoticeStatus, at time: Instant, _ event: RecordedEvent, _ database: Database
    ) throws {
        try database.cachedStatement(
            sql: "UPDATE notices_notice SET status = ?, ends = ?, endedHeight = ? WHERE notice = ?"
        ).execute(arguments: [status.rawValue, time.milliseconds, Int64(clamping: event.height), notice])
    }

    private func withdraw(_ event: RecordedEvent, _ database: Database) throws {
        let withdrawn = try event.decode(NoticeWithdrawn.self)
        try end(withdrawn.notice, .withdrawn, at: withdrawn.until, event, database)
        try database.cachedStatement(sql: "UPDATE notices_notice SET reason = ? WHERE notice = ?")
            .execute(arguments: [withdrawn.reason, withdrawn.notice])
        try database.cachedStatement(
            sql: """
                UPDATE notices_notice SET replacedBy = NULL
                WHERE notice = (SELECT replaces FROM notices_notice WHERE notice = ?)
                """
        ).execute(arguments: [withdrawn.notice])
    }

    private func ask(_ event: RecordedEvent, _ database: Database) throws {
        let asked = try event.decode(QuestionAsked.self)
        let terms = asked.terms
        try database.cachedStatement(
            sql: """
                INSERT INTO notices_question (question, account, topic, notice, content, asked, due, leaf, record)
                VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
                """
        ).execute(arguments: [
            asked.question, terms.account, terms.topic.rawValue, terms.notice, terms.content.hex,
            terms.asked.milliseconds, terms.due.milliseconds, Int64(clamping: event.leaf), event.transaction?.hex,
        ])
    }

    private func answer(_ event: RecordedEvent, _ database: Database) throws {
        let answered = try event.decode(QuestionAnswered.self)
        try database.cachedStatement(
            sql: """
                INSERT INTO notices_answer (question, number, content, party, answered, leaf, record)
                VALUES (?, ?, ?, ?, ?, ?, ?)
                """
        ).execute(arguments: [
            answered.question, answered.number, answered.answer.content.hex, answered.answer.party,
            answered.answer.answered.milliseconds, Int64(clamping: event.leaf), event.transaction?.hex,
        ])
        // The first answer is the one that counts for the promise; further ones change only their number.
        try database.cachedStatement(
            sql: """
                UPDATE notices_question SET answers = ?, answered = coalesce(answered, ?), inTime = coalesce(inTime, ?)
                WHERE question = ?
                """
        ).execute(arguments: [
            answered.number, answered.answer.answered.milliseconds, answered.inTime, answered.question,
        ])
    }

    private func comment(_ event: RecordedEvent, _ database: Database) throws {
        let added = try event.decode(CommentAdded.self)
        try database.cachedStatement(
            sql: """
                INSERT INTO notices_comment (comment, subject, subjectID, account, content, written, leaf, record)
                VALUES (?, ?, ?, ?, ?, ?, ?, ?)
                """
        ).execute(arguments: [
            added.comment, added.row.on.word, added.row.on.id, added.row.account, added.row.content.hex,
            added.row.written.milliseconds, Int64(clamping: event.leaf), event.transaction?.hex,
        ])
        let sql =
            switch added.row.on {
            case .notice: "UPDATE notices_notice SET comments = comments + 1 WHERE notice = ?"
            case .question: "UPDATE notices_question SET comments = comments + 1 WHERE question = ?"
            }
        try database.cachedStatement(sql: sql).execute(arguments: [added.row.on.id])
    }

    private func decide(_ event: RecordedEvent, _ database: Database) throws {
        let confirmed = try event.decode(MaskConfirmed.self)
        try settle(confirmed.content, database)
        try database.cachedStatement(sql: "UPDATE notices_question SET masked = ? WHERE content = ?")
            .execute(arguments: [confirmed.decision.proposal.action == .mask, confirmed.content.hex])
    }

    private func settle(_ content: Digest, _ database: Database) throws {
        try database.cachedStatement(sql: "DELETE FROM notices_content WHERE content = ?")
            .execute(arguments: [content.hex])
    }
}
