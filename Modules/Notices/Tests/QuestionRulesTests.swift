import ContractKit
import LedgerTesting
import NoticesContract
import Primitives
import Testing

@Suite("Rules of questions and comments")
struct QuestionRulesTests {
    @Test("an answer within the promised time keeps the promise; further answers add to it")
    func inTime() throws {
        let board = try Board()
        try board.ask("q")
        let due = try board.question("q").due
        #expect(due == board.bench.time.advanced(byDays: 5))
        let first = try QuestionAnswered(
            event: try #require(try board.answer("q", "a", at: due.advanced(byMilliseconds: -1)).first))
        #expect(first.inTime && first.number == 1)
        let second = try QuestionAnswered(
            event: try #require(try board.answer("q", "b", as: Board.otherPublisher).first))
        #expect(second.inTime && second.number == 2)
        #expect(second.answer.party == "juweihui")
        board.bench.advance(to: due.advanced(byDays: 1))
        #expect(try !board.question("q").overdue)
        #expect(board.bench.events.allSatisfy { $0.eventName != "notices.replyOverdue" })
    }

    @Test("without an answer the question is overdue, and the first answer is late")
    func late() throws {
        let board = try Board()
        try board.ask("q")
        let due = try board.question("q").due
        board.bench.advance(to: due.advanced(byMilliseconds: 1))
        #expect(try board.question("q").overdue)
        let event = try ReplyOverdue(event: try #require(board.bench.events.last))
        #expect(event.question == "q" && event.due == due)
        let answered = try QuestionAnswered(event: try #require(try board.answer("q", "a").first))
        #expect(!answered.inTime)
    }

    @Test("support counts once for each account, and not one's own")
    func upvotes() throws {
        let board = try Board()
        try board.ask("q")
        func upvote(_ index: Int, _ id: String = "q") -> String? {
            board.refusal { try board.bench.run(UpvoteQuestion(question: id), as: try board.resident(index)) }
        }
        #expect(upvote(1) == "notices.ownQuestion")
        #expect(upvote(2) == nil)
        #expect(upvote(2) == "notices.upvoted")
        #expect(upvote(3) == nil)
        #expect(upvote(3, "none") == "notices.questionUnknown")
        #expect(try board.question("q").upvotes == 2)
        #expect(
            board.refusal { try board.bench.run(UpvoteQuestion(question: "q"), as: Board.publisher) } == "account.role")
    }

    @Test("an account writes so much a day; the day is China's")
    func perDay() throws {
        let board = try Board()
        board.set(NoticesParameters.perDay, .integer(3))
        // 2026-01-02T15:59:59.999Z is the last moment of 2 January in China.
        let midnight = Instant(milliseconds: 1_767_369_600_000)
        board.bench.advance(to: midnight.advanced(byMilliseconds: -100))
        try board.ask("q1")
        try board.ask("q2")
        try board.comment("c1", on: .question("q1"))
        #expect(board.refusal { try board.ask("q3") } == "notices.tooMany")
        #expect(board.refusal { try board.comment("c2", on: .question("q1")) } == "notices.tooMany")
        try board.comment("c3", on: .question("q1"), by: 2)
        board.bench.advance(to: midnight)
        try board.ask("q3")
    }

    @Test("ids and contents are new, and what they are about exists")
    func refusals() throws {
        let board = try Board()
        try board.ask("q", "水压低")
        #expect(board.refusal { try board.ask("q", "x") } == "notices.questionKnown")
        #expect(board.refusal { try board.ask("r", "水压低") } == "notices.contentKnown")
        #expect(board.refusal { try board.answer("q", "水压低") } == "notices.contentKnown")
        #expect(board.refusal { try board.ask("new", "x") } == "field.range")
        #expect(board.refusal { try board.answer("none", "x") } == "notices.questionUnknown")
        #expect(board.refusal { try board.comment("c", on: .question("none")) } == "notices.questionUnknown")
        #expect(board.refusal { try board.comment("c", on: .notice("none")) } == "notices.noticeUnknown")
        try board.comment("c", on: .question("q"))
        #expect(board.refusal { try board.comment("c", on: .question("q"), "other") } == "notices.commentKnown")
        let about = AskQuestion(question: "s", topic: .other, content: Board.digest("s"), notice: "none")
        #expect(board.refusal { try board.bench.run(about, as: try board.resident(1)) } == "notices.noticeUnknown")
    }

    @Test("a notice takes comments while it is up")
    func commentsOnNotices() throws {
        let board = try Board()
        let begins = board.bench.time.advanced(byDays: 1)
        try board.bench.run(board.notice("n", begins: begins, days: 2), as: Board.publisher)
        #expect(board.refusal { try board.comment("c", on: .notice("n")) } == "notices.notPosted")
        board.bench.advance(to: begins)
        try board.comment("c", on: .notice("n"))
        board.bench.advance(to: begins.advanced(byDays: 2))
        #expect(board.refusal { try board.comment("d", on: .notice("n")) } == "notices.notPosted")
    }

    @Test("a question has 99 official answers at most")
    func answersAreBounded() throws {
        let board = try Board()
        try board.ask("q")
        for number in 1...NoticesLimits.answers { try board.answer("q", "answer \(number)") }
        #expect(board.refusal { try board.answer("q", "one more") } == "notices.answers")
    }
}
