import ConstitutionContract
import ContractKit
import NoticesContract
import PageKit
import Primitives
import ReadModels

/// What waits at the desk: questions to be answered, proposals to mask that another party is to look at.
struct NoticesDesk: Sendable {
    private static let most: Int64 = 200

    private let environment: AppEnvironment
    private let words: NoticesWords

    init(_ environment: AppEnvironment, _ language: Language) {
        self.environment = environment
        words = NoticesWords(environment, language)
    }

    func items() throws -> [DeskItem] {
        let (questions, masks) = try environment.readModels.read { database in
            (
                try QuestionQueries.questions(database, .unanswered, limit: NoticesDesk.most),
                try QuestionQueries.waitingMasks(database, limit: NoticesDesk.most)
            )
        }
        let parties = try Parties.all(in: environment.state).map(\.party.id)
        return try questions.map(item) + masks.compactMap { try item($0, parties) }
    }

    private func item(_ question: QuestionSummary) throws -> DeskItem {
        DeskItem(
            id: "notices/question/\(question.question)", title: try words.title(question),
            task: words.wording.say("notices.desk.answer"), role: NoticesRoles.responder, due: question.due,
            address: "/desk/questions/\(question.question)")
    }

    /// The proposal, with the agreement ready to be signed; nil if it was settled a moment ago.
    private func item(_ mask: WaitingMask, _ parties: [String]) throws -> DeskItem? {
        guard let row = try NoticesTables.contents.find(mask.content.hex, in: environment.state),
            let proposal = row.proposal, proposal.number == mask.number
        else { return nil }
        let confirm = ConfirmMask(content: mask.content, proposal: mask.number)
        return DeskItem(
            id: "notices/mask/\(mask.content.hex)/\(mask.number)", title: try maskTitle(row, proposal, mask.content),
            task: words.wording.say("notices.desk.\(proposal.action.rawValue)"), role: NoticesRoles.moderator,
            parties: parties.filter { $0 != mask.proposer }, due: nil, address: "/desk/masks",
            act: DeskAct(
                type: "\(ConfirmMask.type)", body: String(decoding: confirm.canonicalJSON, as: UTF8.self)))
    }

    /// What is to be masked and why; what is masked already is not told.
    func maskTitle(_ row: ContentRow, _ proposal: MaskProposal, _ content: Digest) throws -> String {
        words.wording.say(
            "notices.desk.maskTitle",
            [
                "what": words.wording.say("notices.contribution.\(row.kind.rawValue)"),
                "line": NoticesWords.firstLine(try words.reader.read(content), words.wording),
                "reason": words.wording.say("notices.maskReason.\(proposal.reason.rawValue)"),
            ])
    }
}
