import ContractKit
import LedgerTesting
import NoticesContract
import Primitives
import Testing

/// A second, simple model of the module: it decides for each act whether it should be accepted.
private struct Model {
    struct Notice {
        var party: String
        var begins: Int64
        var ends: Int64
        var days: Int64
        var withdrawn = false
    }
    struct Question {
        var asker: Int
        var content: String
        var upvoters: Set<Int> = []
        var answers = 0
        var answered: Int64?
        var due: Int64
    }
    struct Content {
        var masked = false
        var waiting: (party: String, masks: Bool)?
        var proposals: Int64 = 0
    }

    var notices: [String: Notice] = [:]
    var questions: [String: Question] = [:]
    var contents: [String: Content] = [:]
    var written: [String: Int] = [:]
    let perDay: Int

    func isUp(_ id: String, at time: Int64) -> Bool {
        guard let notice = notices[id] else { return false }
        return !notice.withdrawn && notice.begins <= time && time < notice.ends
    }

    func isOpen(_ id: String) -> Bool {
        guard let question = questions[id] else { return false }
        return contents[question.content]?.masked == false
    }

    func mayWrite(_ author: Int, at time: Int64) -> Bool { (written[Model.day(author, time)] ?? 0) < perDay }

    mutating func wrote(_ author: Int, _ content: String, at time: Int64) {
        written[Model.day(author, time), default: 0] += 1
        contents[content] = Content()
    }

    private static func day(_ author: Int, _ time: Int64) -> String { "\(author) \((time + 28_800_000) / 86_400_000)" }
}

@Suite("Properties of notices")
struct NoticesPropertyTests {
    private static let parties = ["wuye", "juweihui", "yeweihui"]

    /// Random acts, each of which the model either accepts or refuses: the rules do the same, and at the end counts and
    /// states agree.
    @Test(arguments: [UInt64(11), 12, 13, 14]) func rulesAgreeWithTheModel(seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        let board = try Board(residents: 8)
        board.set(NoticesParameters.perDay, .integer(2))
        var model = Model(perDay: 2)
        var accepted: [String: Int] = [:]
        var refused: [String: Int] = [:]
        for step in 0..<900 {
            let time = board.bench.time.advanced(
                byMilliseconds: random.chance(80) ? 1 : Int64.random(in: 1...Instant.day / 2, using: &random))
            board.bench.advance(to: time)
            let (name, expected, outcome) = try act(step, board, &model, &random)
            let place = "seed \(seed) step \(step) \(name): \(outcome ?? "accepted")"
            #expect(expected == (outcome == nil), "\(place)")
            if outcome == nil { accepted[name, default: 0] += 1 } else { refused[name, default: 0] += 1 }
        }
        for name in ["publish", "withdraw", "ask", "upvote", "answer", "comment", "propose", "confirm", "reject"] {
            #expect((accepted[name] ?? 0) > 0, "seed \(seed): \(name) must be accepted once")
            #expect((refused[name] ?? 0) > 0, "seed \(seed): \(name) must be refused once")
        }
        try compare(board, model, seed)
        #expect(board.bench.events.allSatisfy { $0.eventName != "ledger.dueFailed" }, "seed \(seed)")
    }

    private func act(
        _ step: Int, _ board: Board, _ model: inout Model, _ random: inout SeededGenerator
    ) throws -> (name: String, expected: Bool, outcome: String?) {
        // Each act takes place one millisecond after the time that was reached.
        let now = board.bench.time.milliseconds + 1
        let resident = Int.random(in: 1...8, using: &random)
        let party = random.pick(NoticesPropertyTests.parties)
        let text = "text \(step)"
        let content = Board.digest(text)
        let question = random.pick(["none"] + model.questions.keys.sorted())
        let notice = random.pick(["none"] + model.notices.keys.sorted().suffix(12))
        switch Int.random(in: 0..<10, using: &random) {
        case 0:
            let kind = random.pick(NoticeKind.allCases)
            guard case .integer(let days) = NoticesParameters.mustPost(kind).default else { throw Reason.fieldType }
            let begins = random.chance(50) ? nil : now + Int64.random(in: -5_000...Instant.day * 3, using: &random)
            let from = max(begins ?? now, now)
            let ends = from + Int64.random(in: -2...40, using: &random) * Instant.day / 2
            let expected = ends > from && ends >= from + days * Instant.day && (begins.map { ends > $0 } ?? true)
            let command = PublishNotice(
                notice: "n\(step)", kind: kind, title: "t", text: "x", begins: begins.map(Instant.init(milliseconds:)),
                ends: Instant(milliseconds: ends))
            let caller = RuleBench.staff(party: party, roles: ["publisher"])
            let outcome = board.refusal { try board.bench.run(command, as: caller) }
            if expected { model.notices["n\(step)"] = .init(party: party, begins: from, ends: ends, days: days) }
            return ("publish", expected, outcome)
        case 1:
            let known = model.notices[notice]
            let isDown = known.map { $0.withdrawn || $0.ends <= now } ?? true
            let mayLeave = known.map { now < $0.begins || now >= $0.begins + $0.days * Instant.day } ?? false
            let expected = known?.party == party && !isDown && mayLeave
            let outcome = board.refusal {
                try board.bench.run(
                    WithdrawNotice(notice: notice, reason: "r"),
                    as: RuleBench.staff(party: party, roles: ["publisher"]))
            }
            if expected { model.notices[notice]?.withdrawn = true }
            return ("withdraw", expected, outcome)
        case 2:
            let expected = model.mayWrite(resident, at: now)
            let outcome = board.refusal { try board.ask("q\(step)", by: resident, text) }
            if expected {
                model.wrote(resident, text, at: now)
                model.questions["q\(step)"] = .init(asker: resident, content: text, due: now + 5 * Instant.day)
            }
            return ("ask", expected, outcome)
        case 3, 4:
            let known = model.questions[question]
            let expected =
                model.isOpen(question) && known?.asker != resident && known?.upvoters.contains(resident) == false
            let outcome = board.refusal {
                try board.bench.run(UpvoteQuestion(question: question), as: try board.resident(resident))
            }
            if expected { model.questions[question]?.upvoters.insert(resident) }
            return ("upvote", expected, outcome)
        case 5:
            let expected = model.isOpen(question)
            let outcome = board.refusal { try board.answer(question, text) }
            if expected {
                model.questions[question]?.answers += 1
                if model.questions[question]?.answered == nil { model.questions[question]?.answered = now }
                model.contents[text] = .init()
            }
            return ("answer", expected, outcome)
        case 6:
            let onNotice = random.chance(50)
            let expected =
                model.mayWrite(resident, at: now) && (onNotice ? model.isUp(notice, at: now) : model.isOpen(question))
            let outcome = board.refusal {
                try board.bench.run(
                    AddComment(
                        comment: "c\(step)", on: onNotice ? .notice(notice) : .question(question), content: content),
                    as: try board.resident(resident))
            }
            if expected { model.wrote(resident, text, at: now) }
            return ("comment", expected, outcome)
        default: return try mask(board, &model, &random, party)
        }
    }

    private func mask(
        _ board: Board, _ model: inout Model, _ random: inout SeededGenerator, _ party: String
    ) throws -> (name: String, expected: Bool, outcome: String?) {
        let waiting = model.contents.filter { $0.value.waiting != nil }.map(\.key).sorted()
        let text =
            random.chance(60) && !waiting.isEmpty
            ? random.pick(waiting) : random.pick(["nothing"] + model.contents.keys.sorted())
        let known = model.contents[text]
        let content = Board.digest(text)
        let caller = Board.moderator(party)
        switch Int.random(in: 0..<3, using: &random) {
        case 0:
            let masks = random.chance(50)
            let expected = known.map { $0.waiting == nil && $0.masked != masks } ?? false
            let outcome = board.refusal {
                try board.bench.run(
                    ProposeMask(content: content, action: masks ? .mask : .unmask, reason: .other), as: caller)
            }
            if expected {
                model.contents[text]?.waiting = (party, masks)
                model.contents[text]?.proposals += 1
            }
            return ("propose", expected, outcome)
        case 1:
            let number = max(1, (known?.proposals ?? 0) - (random.chance(20) ? 1 : 0))
            let expected =
                known.map { $0.waiting != nil && $0.waiting?.party != party && $0.proposals == number } ?? false
            let outcome = board.refusal {
                try board.bench.run(ConfirmMask(content: content, proposal: number), as: caller)
            }
            if expected {
                model.contents[text]?.masked = known?.waiting?.masks ?? false
                model.contents[text]?.waiting = nil
            }
            return ("confirm", expected, outcome)
        default:
            let expected = known.map { $0.waiting != nil && $0.waiting?.party != party } ?? false
            let outcome = board.refusal {
                try board.bench.run(RejectMask(content: content, proposal: max(1, known?.proposals ?? 1)), as: caller)
            }
            if expected { model.contents[text]?.waiting = nil }
            return ("reject", expected, outcome)
        }
    }

    private func compare(_ board: Board, _ model: Model, _ seed: UInt64) throws {
        for (id, row) in try board.bench.state.rows(of: NoticesTables.questions) {
            let known = try #require(model.questions[id])
            #expect(row.upvotes == Int64(known.upvoters.count), "seed \(seed) \(id)")
            #expect(row.answers == Int64(known.answers), "seed \(seed) \(id)")
            #expect(row.answered?.milliseconds == known.answered, "seed \(seed) \(id)")
            #expect(row.due.milliseconds == known.due, "seed \(seed) \(id)")
        }
        for (text, known) in model.contents {
            #expect(try board.row(content: text).isMasked == known.masked, "seed \(seed) \(text)")
        }
        #expect(try board.bench.state.rows(of: NoticesTables.contents).count == model.contents.count)
        #expect(try board.bench.state.rows(of: NoticesTables.notices).count == model.notices.count)
        // The period is proven by the events alone: what came down had been up for as long as it must.
        var begun: [String: Int64] = [:]
        for event in board.bench.events {
            switch event.eventName {
            case "notices.begun":
                let event = try NoticeBegun(event: event)
                begun[event.notice] = event.from.milliseconds
            case "notices.ended":
                let event = try NoticeEnded(event: event)
                let up = event.until.milliseconds - (begun[event.notice] ?? .max)
                #expect(up >= event.mustPostDays * Instant.day, "seed \(seed) \(event.notice)")
            case "notices.withdrawn":
                let event = try NoticeWithdrawn(event: event)
                guard event.from != nil else { continue }
                let up = event.until.milliseconds - (begun[event.notice] ?? .max)
                #expect(up >= event.mustPostDays * Instant.day, "seed \(seed) \(event.notice)")
            default: continue
            }
        }
    }

    /// No body makes a parser trap, and what is read is written back canonically.
    @Test(arguments: [UInt64(31), 32]) func bodiesAreFuzzed(seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        let names = [
            "notice", "kind", "title", "text", "audience", "begins", "ends", "attachments", "replaces", "building",
            "digest", "mediaType", "name", "size", "reason", "question", "topic", "content", "comment", "on", "id",
            "action", "note", "proposal",
        ]
        let board = try Board()
        let valid = board.notice(
            "n",
            attachments: [
                NoticeAttachment(digest: Board.digest("f"), mediaType: "text/csv", name: "a.csv", size: 3)
            ]
        ).canonicalJSON
        var read = 0
        for round in 0..<3_000 {
            let bytes =
                round % 2 == 0
                ? Array(RandomJSON.object(names: names, using: &random).utf8)
                : RandomJSON.damaged(valid, using: &random)
            for command in NoticesContract.commands {
                guard let parsed = try? command.init(json: bytes) else { continue }
                read += 1
                #expect(CanonicalJSON.isCanonical(parsed.canonicalJSON), "seed \(seed) round \(round)")
            }
        }
        #expect(read > 0, "seed \(seed): some bodies must be readable")
    }
}
