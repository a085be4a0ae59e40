import ContractKit
import LedgerCore
package import NoticesContract
package import PageKit
package import Primitives
import ReadModels

/// What residents and staff wrote, as it may be read now.
package enum Contribution: Sendable {
    /// The text.
    case shown(String)
    /// The ledger knows it; the text has not been brought to this node yet.
    case waiting
    /// Two parties decided that it is shown nowhere.
    case masked(MaskDecision)

    /// The text; nil if there is none to be shown.
    package var text: String? {
        if case .shown(let text) = self { text } else { nil }
    }

    /// `shown`, `waiting` or `masked`.
    package var word: String {
        switch self {
        case .shown: "shown"
        case .waiting: "waiting"
        case .masked: "masked"
        }
    }
}

/// The one place where contents of questions, answers and comments are read. Every page, export, answer of the API,
/// search and card asks here, so that what is masked is masked everywhere at once.
package struct ContributionReader: Sendable {
    private let environment: AppEnvironment

    /// A reader of what is kept beside this node's ledger.
    package init(_ environment: AppEnvironment) { self.environment = environment }

    /// How a content stands and what it says.
    package func read(_ content: Digest) throws -> Contribution {
        guard let row = try NoticesTables.contents.find(content.hex, in: environment.state) else { return .waiting }
        if row.isMasked, let decision = row.decision { return .masked(decision) }
        guard let bytes = try environment.beside.content(content),
            let salt = bytes.firstIndex(of: UInt8(ascii: "\n"))
        else { return .waiting }
        return .shown(String(decoding: bytes[(salt + 1)...], as: UTF8.self))
    }

    /// The text of a content; nil if it is masked, or not here yet.
    package func text(_ content: Digest) throws -> String? { try read(content).text }

    /// What the ledger names by digest in the next records after a leaf: texts, and the files of notices.
    package func contents(after leaf: Int64, limit: Int) throws -> (contents: [NamedContent], end: Int64) {
        let records = try environment.readModels.read { try NamedRecord.after($0, leaf: leaf, limit: limit) }
        var contents: [NamedContent] = []
        for record in records {
            if let digest = record.text {
                contents.append(NamedContent(digest: digest, kind: .text, leaf: record.leaf))
            } else if let notice = record.notice {
                for file in try NoticesTables.texts.find(notice, in: environment.state)?.attachments ?? [] {
                    let kind = NamedContent.Kind.file(mediaType: file.mediaType, size: Int(clamping: file.size))
                    contents.append(NamedContent(digest: file.digest, kind: kind, leaf: record.leaf))
                }
            }
        }
        return (contents, records.last?.leaf ?? leaf)
    }

    /// How a content stands, for those who bring it or ask for it; nil if it is none of this module's.
    package func standing(_ content: Digest) throws -> ContentStanding? {
        try NoticesTables.contents.find(content.hex, in: environment.state).map { $0.isMasked ? .masked : .shown }
    }
}
