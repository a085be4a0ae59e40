import GRDB
import Primitives

/// A record that names something by its digest: a text, or the files of a notice.
struct NamedRecord: Sendable {
    /// Leaf of the record.
    let leaf: Int64
    /// SHA-256 of the text of a question, an answer or a comment.
    let text: Digest?
    /// The notice.
    let notice: String?

    /// The next such records after a leaf, in their order.
    static func after(_ database: Database, leaf: Int64, limit: Int) throws -> [NamedRecord] {
        try Row.fetchAll(
            database,
            sql: """
                SELECT leaf, content, NULL AS notice FROM notices_question WHERE leaf > :leaf
                UNION ALL SELECT leaf, content, NULL FROM notices_answer WHERE leaf > :leaf
                UNION ALL SELECT leaf, content, NULL FROM notices_comment WHERE leaf > :leaf
                UNION ALL SELECT leaf, NULL, notice FROM notices_notice WHERE leaf > :leaf
                ORDER BY leaf LIMIT :limit
                """, arguments: ["leaf": leaf, "limit": limit]
        ).map { row in
            NamedRecord(
                leaf: row["leaf"], text: (row["content"] as String?).flatMap { Digest(hex: $0) }, notice: row["notice"])
        }
    }
}
