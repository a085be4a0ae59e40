package import ContractKit
package import Primitives

/// What a notice is about; each kind has its own must-post period.
package enum NoticeKind: String, Sendable, Hashable, CaseIterable {
    /// Anything else.
    case general
    /// What was decided.
    case decision
    /// Accounts of the fund and of common revenue.
    case finance
    /// A meeting that is called.
    case meeting
    /// An election.
    case election
    /// Works on the buildings or the grounds.
    case works
    /// A danger, or an interruption of water, power or gas.
    case safety
}

/// Whom a notice addresses. Everybody may read every notice.
package enum NoticeAudience: Record, Hashable {
    /// Everybody of the estate.
    case estate
    /// One building, by its id in the registry.
    case building(String)
    /// The owners.
    case owners
    /// The residents, owners or not.
    case residents

    private enum Kind: String {
        case estate, building, owners, residents
    }

    /// Reads the audience: `kind`, and `building` for that kind only.
    package init(_ fields: inout Fields) throws(Reason) {
        let building = try fields.optionalIdentifier("building")
        let kind = try fields.word("kind", as: Kind.self)
        guard (building != nil) == (kind == .building) else { throw Reason.fieldRange.at(fields.path(of: "building")) }
        switch kind {
        case .estate: self = .estate
        case .building: self = .building(building ?? "")
        case .owners: self = .owners
        case .residents: self = .residents
        }
    }

    /// Writes the audience.
    package func write(to fields: inout JSONWriter) {
        if let building { fields.field("building", building) }
        fields.field("kind", word)
    }

    /// `estate`, `building`, `owners` or `residents`.
    package var word: String {
        switch self {
        case .estate: Kind.estate.rawValue
        case .building: Kind.building.rawValue
        case .owners: Kind.owners.rawValue
        case .residents: Kind.residents.rawValue
        }
    }

    /// The building that is addressed; nil for the others.
    package var building: String? {
        if case .building(let id) = self { id } else { nil }
    }
}

/// A file that belongs to a notice: kept beside the ledger, found by its digest.
package struct NoticeAttachment: Record, Hashable {
    /// SHA-256 of the file.
    package var digest: Digest
    /// Its media type, such as `application/pdf`.
    package var mediaType: String
    /// Its name, as people are to see it.
    package var name: String
    /// Its size in bytes.
    package var size: Int64

    /// A file.
    package init(digest: Digest, mediaType: String, name: String, size: Int64) {
        self.digest = digest
        self.mediaType = mediaType
        self.name = name
        self.size = size
    }

    /// Reads the entry.
    package init(_ fields: inout Fields) throws(Reason) {
        digest = try fields.digest("digest")
        mediaType = try fields.text("mediaType", bytes: 3...100)
        name = try fields.text("name", bytes: 1...NoticesLimits.fileName)
        size = try fields.integer("size", in: 0...NoticesLimits.fileSize)
    }

    /// Writes the entry.
    package func write(to fields: inout JSONWriter) {
        fields.field("digest", digest.hex)
        fields.field("mediaType", mediaType)
        fields.field("name", name)
        fields.field("size", size)
    }
}

/// What a question is about.
package enum QuestionTopic: String, Sendable, Hashable, CaseIterable {
    /// The property manager's work.
    case property
    /// Money: fees, the fund, common revenue.
    case finance
    /// Green, waste, noise.
    case environment
    /// Fire, doors, traffic.
    case safety
    /// Living together.
    case neighbours
    /// Services for residents.
    case services
    /// Anything else.
    case other
}

/// What a comment stands under.
package enum CommentSubject: Record, Hashable {
    /// A notice.
    case notice(String)
    /// A question.
    case question(String)

    private enum Kind: String {
        case notice, question
    }

    /// Reads the subject: `id` and `kind`.
    package init(_ fields: inout Fields) throws(Reason) {
        let id = try fields.identifier("id")
        switch try fields.word("kind", as: Kind.self) {
        case .notice: self = .notice(id)
        case .question: self = .question(id)
        }
    }

    /// Writes the subject.
    package func write(to fields: inout JSONWriter) {
        fields.field("id", id)
        fields.field("kind", word)
    }

    /// The notice's or question's id.
    package var id: String {
        switch self {
        case .notice(let id), .question(let id): id
        }
    }

    /// `notice` or `question`.
    package var word: String {
        switch self {
        case .notice: Kind.notice.rawValue
        case .question: Kind.question.rawValue
        }
    }
}

/// What a moderator wants for a contribution.
package enum MaskAction: String, Sendable, Hashable, CaseIterable {
    /// That it is shown nowhere.
    case mask
    /// That it is shown again.
    case unmask
}

/// Why a contribution is to be masked, or shown again.
package enum MaskReason: String, Sendable, Hashable, CaseIterable {
    /// It tells personal data of somebody.
    case personalData
    /// It insults or threatens.
    case insult
    /// It advertises.
    case advertising
    /// It spreads what is not true.
    case rumour
    /// It does not belong here.
    case offTopic
    /// Another reason, told in the note.
    case other
}

extension Fields {
    /// A text for people with line breaks and no other control or text-direction characters.
    mutating func paragraphs(_ key: StaticString, bytes: ClosedRange<Int>) throws(Reason) -> String {
        let text = try string(key, bytes: bytes)
        let lines = text.unicodeScalars.split(separator: "\n", omittingEmptySubsequences: true)
        for line in lines where !Fields.isPlainLine(String(String.UnicodeScalarView(line))) {
            throw Reason.fieldRange.at(path(of: key))
        }
        return text
    }
}

extension JSONWriter {
    /// The field `attachments`.
    mutating func attachments(_ attachments: [NoticeAttachment]) {
        field("attachments", array: attachments) { writer, entry in writer.object { entry.write(to: &$0) } }
    }
}
