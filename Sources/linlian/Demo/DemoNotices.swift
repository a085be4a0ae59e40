import ContractKit
import LedgerCore
import NodeRuntime
import NoticesContract
import Primitives
import Storage

/// What the made-up neighbourhood posts, asks and answers. Days count from today; a step happens an hour before its day
/// is full, so that nothing is in the future when the server starts.
struct DemoNotices: Sendable {
    /// A step of the demo's life.
    typealias Step = (day: Int64, act: @Sendable () async throws -> Void)

    let node: Node
    let today: Instant
    /// The staff keys of the parties.
    let parties: [String: SigningKey]
    /// The keys of the residents who have enrolled.
    let residents: [SigningKey]

    /// Everything that was posted, asked, answered and moderated.
    var steps: [Step] {
        var steps: [Step] = []
        for notice in DemoNoticeTexts.notices { steps.append((notice.day, { try await publish(notice) })) }
        for question in DemoNoticeTexts.questions { steps += self.steps(of: question) }
        for comment in DemoNoticeTexts.comments { steps.append((comment.day, { try await write(comment) })) }
        steps.append((-7, { try await moderate() }))
        return steps
    }

    /// The days on which a notice comes down.
    static var ends: [Int64] { DemoNoticeTexts.notices.map(\.ends) }

    private func staff(_ party: String) throws -> Signatory {
        guard let key = parties[party] else { throw Complaint("the demo has no key of \(party)") }
        return Signatory(node: node, key: key, capacity: .party(party))
    }

    private func resident(_ index: Int) throws -> Signatory {
        guard !residents.isEmpty else { throw Complaint("the demo has no residents") }
        return Signatory(node: node, key: residents[index % residents.count], capacity: .resident)
    }

    /// Keeps a text beside the ledger as a device would bring it: a random line, then the text.
    private func keep(_ text: String) throws -> Digest {
        let content = Array((Base64.url.encode(Randomness.bytes(16)) + "\n" + text).utf8)
        return try node.attachments.put(content, mediaType: "text/plain", isPublic: false)
    }

    private func publish(_ notice: DemoNoticeTexts.Notice) async throws {
        var files: [NoticeAttachment] = []
        if let file = notice.file {
            let bytes = Array(file.text.utf8)
            files.append(
                NoticeAttachment(
                    digest: try node.attachments.put(bytes, mediaType: "text/csv", isPublic: true),
                    mediaType: "text/csv", name: file.name, size: Int64(bytes.count)))
        }
        let ends = today.advanced(byDays: notice.ends)
        let begins = notice.begins.map { today.advanced(byDays: $0) }
        try await staff(notice.party).act(
            PublishNotice(
                notice: notice.id, kind: notice.kind, title: notice.title, text: notice.text,
                audience: notice.audience, begins: begins, ends: ends, attachments: files,
                replaces: notice.replaces))
    }

    private func steps(of question: DemoNoticeTexts.Question) -> [Step] {
        let ask: Step = (
            question.day,
            {
                let content = try keep(question.text)
                try await resident(question.resident).act(
                    AskQuestion(question: question.id, topic: question.topic, content: content))
                for index in 0..<question.upvotes where index != question.resident {
                    try await resident(index).act(UpvoteQuestion(question: question.id))
                }
            }
        )
        return [ask]
            + question.answers.map { answer in
                (
                    answer.day,
                    {
                        let content = try keep(answer.text)
                        try await staff(answer.party).act(AnswerQuestion(question: question.id, content: content))
                    }
                )
            }
    }

    private func write(_ comment: DemoNoticeTexts.Comment) async throws {
        let content = try keep(comment.text)
        try await resident(comment.resident).act(AddComment(comment: comment.id, on: comment.on, content: content))
    }

    /// One comment is masked by two parties; another is proposed and waits.
    private func moderate() async throws {
        for (comment, reason) in DemoNoticeTexts.proposals {
            guard let row = try NoticesTables.comments.find(comment, in: node.state) else {
                throw Complaint("the demo's comment \(comment) is missing")
            }
            try await staff("juweihui").act(ProposeMask(content: row.content, action: .mask, reason: reason))
            guard comment == DemoNoticeTexts.masked else { continue }
            try await staff("yeweihui").act(ConfirmMask(content: row.content, proposal: 1))
        }
    }
}
