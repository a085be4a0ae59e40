import ConstitutionContract
import ContractKit
import LedgerCore
import LedgerTesting
import NoticesContract
import Primitives
import RegistryContract

/// An estate whose residents can ask and whose parties can publish: resident `i` signs with bench key `i`.
struct Board {
    let bench = RuleBench([ConstitutionContract.self, RegistryContract.self, NoticesContract.self])
    static let registrar = RuleBench.staff(party: "juweihui", roles: ["registrar"])
    static let publisher = RuleBench.staff(party: "wuye", roles: ["publisher", "responder"])
    static let otherPublisher = RuleBench.staff(party: "juweihui", roles: ["publisher", "responder"])

    /// A board with `residents` accounts; every resident owns a home in building b1.
    init(residents: Int = 6) throws {
        try bench.run(
            ImportUnits(
                rows: (1...residents).map {
                    ImportedUnit(
                        unit: "u\($0)",
                        entry: UnitEntry(
                            area: Area(hundredths: 9_000), areaSource: .registry, building: "b1", owner: "o\($0)"))
                }), as: Board.registrar)
        try bench.run(
            OpenAccounts(
                accounts: (1...residents).map { AssistedAccount(key: RuleBench.key($0), owner: "o\($0)") }),
            as: Board.registrar)
    }

    static func moderator(_ party: String) -> Caller { RuleBench.staff(party: party, roles: ["moderator"]) }

    func resident(_ index: Int) throws -> Caller {
        guard let caller = bench.caller(of: RuleBench.key(index)) else { throw Reason.unknownKey }
        return caller
    }

    func set(_ definition: ParameterDefinition, _ value: ParameterValue) {
        let row = ParameterRow(source: "test", value: value, version: 1)
        bench.state.write(ConstitutionTables.parameters.key(definition.name), row.canonicalJSON)
        bench.state.commit()
    }

    /// A notice that ends `days` after it begins, or after now.
    func notice(
        _ id: String, _ kind: NoticeKind = .general, begins: Instant? = nil, days: Int64 = 30,
        audience: NoticeAudience = .estate, attachments: [NoticeAttachment] = [], replaces: String? = nil
    ) -> PublishNotice {
        let from = begins ?? bench.time.advanced(byMilliseconds: 1)
        return PublishNotice(
            notice: id, kind: kind, title: "更换水泵", text: "周四上午更换水泵。\n请提前储水。", audience: audience,
            begins: begins, ends: from.advanced(byDays: days), attachments: attachments, replaces: replaces)
    }

    /// The bytes of a content as a device makes them, with a salt that is the same in every test.
    static func content(_ text: String) -> [UInt8] {
        let salt = CryptoSHA256.hash(Array(text.utf8)).bytes.prefix(16)
        return Array((Base64.url.encode(Array(salt)) + "\n" + text).utf8)
    }

    static func digest(_ text: String) -> Digest { CryptoSHA256.hash(content(text)) }

    @discardableResult
    func ask(_ id: String, by index: Int = 1, _ text: String? = nil) throws -> [JSONValue] {
        try bench.run(
            AskQuestion(question: id, topic: .property, content: Board.digest(text ?? id)), as: resident(index))
    }

    @discardableResult
    func answer(_ id: String, _ text: String, as caller: Caller = publisher, at time: Instant? = nil) throws
        -> [JSONValue]
    {
        try bench.run(AnswerQuestion(question: id, content: Board.digest(text)), as: caller, at: time)
    }

    @discardableResult
    func comment(_ id: String, on subject: CommentSubject, by index: Int = 1, _ text: String? = nil) throws
        -> [JSONValue]
    {
        try bench.run(
            AddComment(comment: id, on: subject, content: Board.digest(text ?? id)), as: resident(index))
    }

    /// Masks a content, or shows it again: "juweihui" proposes, "yeweihui" agrees.
    func decide(_ text: String, _ action: MaskAction = .mask, note: String? = nil) throws {
        let content = Board.digest(text)
        try bench.run(
            ProposeMask(content: content, action: action, reason: .insult, note: note),
            as: Board.moderator("juweihui"))
        let number = try row(content: text).proposals
        try bench.run(ConfirmMask(content: content, proposal: number), as: Board.moderator("yeweihui"))
    }

    func row(content text: String) throws -> ContentRow {
        try NoticesTables.contents.require(Board.digest(text).hex, in: bench.state, else: .stateDamaged)
    }

    func row(notice id: String) throws -> NoticeRow {
        try NoticesTables.notices.require(id, in: bench.state, else: .stateDamaged)
    }

    func question(_ id: String) throws -> QuestionRow {
        try NoticesTables.questions.require(id, in: bench.state, else: .stateDamaged)
    }

    /// The code of the refusal that `body` meets, after which the state must be as before; nil when it is accepted.
    func refusal(_ body: () throws -> Void) -> String? {
        let before = bench.state.snapshot
        do {
            try body()
            return nil
        } catch {
            guard bench.state.snapshot == before else { return "state changed" }
            return (error as? Reason)?.code ?? "\(error)"
        }
    }
}
