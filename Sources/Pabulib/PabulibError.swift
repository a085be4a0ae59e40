/// Why a Pabulib file was refused, and where.
package struct PabulibError: Error, Sendable, Hashable, CustomStringConvertible {
    /// What is wrong; the raw value is the stable code.
    package enum Code: String, Sendable, Hashable, CaseIterable {
        /// The file cannot be opened or read.
        case unreadable = "pabulib.unreadable"
        /// A limit of ``PabulibLimits`` is passed.
        case tooLarge = "pabulib.too-large"
        /// The bytes are not UTF-8.
        case notUTF8 = "pabulib.not-utf8"
        /// A quoted field is not closed, or something follows its closing quote.
        case quoting = "pabulib.quoting"
        /// META, PROJECTS or VOTES is missing or out of place.
        case section = "pabulib.section"
        /// A header lacks a column or has one twice.
        case header = "pabulib.header"
        /// A row has more or fewer fields than its header.
        case fieldCount = "pabulib.field-count"
        /// A required META key is missing.
        case missingKey = "pabulib.missing-key"
        /// A META key, project or voter occurs twice.
        case duplicate = "pabulib.duplicate"
        /// A field is not a number of the needed kind.
        case number = "pabulib.number"
        /// The vote type is not counted here.
        case voteType = "pabulib.vote-type"
        /// The rule is not counted here.
        case rule = "pabulib.rule"
        /// A ballot names a project that is not listed.
        case unknownProject = "pabulib.unknown-project"
        /// A ballot breaks the vote type.
        case ballot = "pabulib.ballot"
        /// The file holds more or fewer rows than META says; it may be cut off.
        case rowCount = "pabulib.row-count"
    }

    /// What is wrong.
    package let code: Code
    /// Line in the file, from 1; 0 when the error belongs to no line.
    package let line: Int
    /// Character in the line, from 1; 0 when the error belongs to no character.
    package let column: Int
    /// The META key or column concerned, or empty.
    package let field: String
    /// One line in English that says what to do.
    package let message: String

    init(_ code: Code, line: Int = 0, column: Int = 0, field: String = "", _ message: String) {
        self.code = code
        self.line = line
        self.column = column
        self.field = field
        self.message = message
    }

    /// `line 12, column 3, field cost: …`
    package var description: String {
        var place: [String] = []
        if line > 0 { place.append("line \(line)") }
        if column > 0 { place.append("column \(column)") }
        if !field.isEmpty { place.append("field \(field)") }
        return place.isEmpty ? message : place.joined(separator: ", ") + ": " + message
    }
}

/// What one file may hold at most.
package struct PabulibLimits: Sendable, Hashable {
    /// Bytes of the whole file.
    package var bytes: Int
    /// Bytes of one row, all fields together.
    package var rowBytes: Int
    /// Fields of one row.
    package var fields: Int
    /// Rows of META.
    package var metaRows: Int
    /// Projects.
    package var projects: Int
    /// Ballots.
    package var ballots: Int
    /// Decimal places of a cost or score.
    package var decimals: Int

    /// Limits; the defaults hold the largest city votes.
    package init(
        bytes: Int = 1 << 30, rowBytes: Int = 1 << 20, fields: Int = 256, metaRows: Int = 1_000,
        projects: Int = 5_000, ballots: Int = 20_000_000, decimals: Int = 6
    ) {
        self.bytes = bytes
        self.rowBytes = rowBytes
        self.fields = fields
        self.metaRows = metaRows
        self.projects = projects
        self.ballots = ballots
        self.decimals = decimals
    }
}
