package import MerkleLog
package import Primitives

/// A log that a witness watches, and what it cosigned last.
package struct WatchedLog: Hashable, Sendable {
    /// The latest tree head cosigned; of the empty tree before the first.
    package struct Head: Hashable, Sendable {
        /// Number of leaves.
        package let size: UInt64
        /// Root of the tree.
        package let root: Digest
    }

    /// The log's identity.
    package let origin: UTF8Text
    /// Whose signatures are asked for: the log's keys and, if its quorum is not `none`, the parties'.
    package let policy: WitnessPolicy
    /// What was cosigned last.
    package let head: Head
}

/// A line of the list of logs, for people.
package struct WatchedLogSummary: Hashable, Sendable {
    /// The log's identity.
    package let origin: String
    /// The size cosigned last, 0 before the first.
    package let size: UInt64
    /// When it was cosigned; nil before the first time.
    package let cosigned: Instant?
    /// Whether the parties' quorum is asked for, too.
    package let asksParties: Bool
    /// Whether it is still watched.
    package let isWatched: Bool

    /// When it was cosigned as UTC text, such as `2026-01-02T03:04:05Z`, or a hyphen.
    package var cosignedText: String { cosigned.map(Self.text) ?? "-" }

    /// RFC 3339 in UTC; the civil date by H. Hinnant's `civil_from_days`.
    private static func text(_ time: Instant) -> String {
        let seconds = max(0, time.milliseconds / Instant.second)
        let days = seconds / 86_400 + 719_468
        let era = days / 146_097
        let dayOfEra = days % 146_097
        let yearOfEra = (dayOfEra - dayOfEra / 1_460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let shifted = (5 * dayOfYear + 2) / 153
        let month = shifted < 10 ? shifted + 3 : shifted - 9
        let year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
        func two(_ number: Int64) -> String { number < 10 ? "0\(number)" : "\(number)" }
        let date = "\(year)-\(two(month))-\(two(dayOfYear - (153 * shifted + 2) / 5 + 1))"
        return "\(date)T\(two(seconds / 3_600 % 24)):\(two(seconds / 60 % 60)):\(two(seconds % 60))Z"
    }
}
