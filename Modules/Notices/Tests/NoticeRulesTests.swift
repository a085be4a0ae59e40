import ContractKit
import LedgerTesting
import NoticesContract
import Primitives
import Testing

@Suite("Rules of notices")
struct NoticeRulesTests {
    @Test("a notice goes up at once, comes down by itself, and both moments are events")
    func posted() throws {
        let board = try Board()
        let events = try board.bench.run(board.notice("n", .works, days: 4), as: Board.publisher)
        #expect(events.map(\.eventName) == ["notices.published", "notices.begun"])
        let row = try board.row(notice: "n")
        #expect(row.status == .posted)
        #expect(row.begins == board.bench.time)
        board.bench.advance(to: row.ends.advanced(byMilliseconds: -1))
        #expect(try board.row(notice: "n").status == .posted)
        board.bench.advance(to: row.ends)
        let ended = try NoticeEnded(event: try #require(board.bench.events.last))
        #expect(try board.row(notice: "n").status == .ended)
        #expect(ended.from == row.begins)
        #expect(ended.until == row.ends)
        #expect(ended.mustPostDays == 3)
    }

    @Test("a beginning in the future waits; one that has passed means at once")
    func beginning() throws {
        let board = try Board()
        let later = board.bench.time.advanced(byDays: 2)
        try board.bench.run(board.notice("later", begins: later), as: Board.publisher)
        #expect(try board.row(notice: "later").status == .coming)
        board.bench.advance(to: later)
        #expect(try board.row(notice: "later").status == .posted)
        try board.bench.run(board.notice("past", begins: later.advanced(byDays: -1)), as: Board.publisher)
        #expect(try board.row(notice: "past").begins == board.bench.time)
    }

    @Test("the must-post period of each kind", arguments: NoticeKind.allCases)
    func mustPost(kind: NoticeKind) throws {
        let board = try Board()
        let definition = NoticesParameters.mustPost(kind)
        guard case .integer(let days) = definition.default else { throw Reason.fieldType }
        if days > 0 {
            #expect(
                board.refusal { try board.bench.run(board.notice("n", kind, days: days - 1), as: Board.publisher) }
                    == (days == 1 ? "notices.period" : "notices.mustPost"))
        }
        try board.bench.run(board.notice("n", kind, days: days + 1), as: Board.publisher)
        let withdraw = WithdrawNotice(notice: "n", reason: "内容有误")
        let end = try board.row(notice: "n").mustPostUntil
        if days > 0 {
            #expect(
                board.refusal {
                    try board.bench.run(withdraw, as: Board.publisher, at: end.advanced(byMilliseconds: -1))
                } == "notices.mustPost")
        }
        try board.bench.run(withdraw, as: Board.publisher, at: max(end, board.bench.time))
    }

    @Test("a notice that went up late stays up for its whole must-post period")
    func lateBeginning() throws {
        let board = try Board()
        let begins = board.bench.time.advanced(byDays: 1)
        try board.bench.run(board.notice("n", .finance, begins: begins, days: 15), as: Board.publisher)
        board.bench.advance(to: begins.advanced(byDays: 10))
        let row = try board.row(notice: "n")
        #expect(row.begins == begins.advanced(byDays: 10))
        #expect(row.ends == row.begins.advanced(byDays: 15))
        board.bench.advance(to: begins.advanced(byDays: 15))
        #expect(try board.row(notice: "n").status == .posted)
        board.bench.advance(to: row.ends)
        #expect(try board.row(notice: "n").status == .ended)
    }

    @Test("what cannot be published")
    func refusals() throws {
        let board = try Board()
        try board.bench.run(board.notice("n"), as: Board.publisher)
        func refusal(_ notice: PublishNotice, as caller: Caller = Board.publisher) -> String? {
            board.refusal { try board.bench.run(notice, as: caller) }
        }
        #expect(refusal(board.notice("n")) == "notices.noticeKnown")
        #expect(refusal(board.notice("x", audience: .building("b9"))) == "notices.buildingUnknown")
        #expect(refusal(board.notice("x", audience: .building("b1"))) == nil)
        #expect(refusal(board.notice("y", days: 367)) == "notices.period")
        #expect(refusal(board.notice("y", days: 0)) == "notices.period")
        #expect(refusal(board.notice("z", begins: board.bench.time.advanced(byDays: 1), days: -1)) == "notices.period")
        #expect(refusal(board.notice("z"), as: Board.moderator("wuye")) == "account.role")
        var long = board.notice("z")
        long.text = String(repeating: "a", count: NoticesLimits.text + 1)
        #expect(refusal(long) == "field.range")
        long.text = "a\u{202E}b"
        #expect(refusal(long) == "field.range")
    }

    @Test("nine attachments are too many, and a damaged digest is no digest")
    func attachments() throws {
        let board = try Board()
        func file(_ index: Int) -> NoticeAttachment {
            NoticeAttachment(
                digest: Board.digest("\(index)"), mediaType: "application/pdf", name: "账目.pdf", size: 1_000)
        }
        let eight = board.notice("n", attachments: (1...8).map(file))
        try board.bench.run(eight, as: Board.publisher)
        #expect(try NoticesTables.texts.find("n", in: board.bench.state)?.attachments.count == 8)
        let nine = board.notice("m", attachments: (1...9).map(file))
        #expect(board.refusal { try board.bench.run(nine, as: Board.publisher) } == "field.range")
    }

    @Test("a correction is the same party's, once, and does not take the earlier notice down")
    func corrections() throws {
        let board = try Board()
        try board.bench.run(board.notice("n"), as: Board.publisher)
        func replace(_ id: String, _ earlier: String, as caller: Caller = Board.publisher) -> String? {
            board.refusal { try board.bench.run(board.notice(id, replaces: earlier), as: caller) }
        }
        #expect(replace("m", "none") == "notices.replaces")
        #expect(replace("m", "n", as: Board.otherPublisher) == "notices.replaces")
        #expect(replace("m", "n") == nil)
        #expect(try board.row(notice: "n").status == .posted)
        #expect(try board.row(notice: "n").replacedBy == "m")
        #expect(replace("o", "n") == "notices.replaces")
        try board.bench.run(WithdrawNotice(notice: "m", reason: "误发"), as: Board.publisher)
        #expect(try board.row(notice: "n").replacedBy == nil)
        #expect(replace("o", "n") == nil)
        #expect(replace("p", "m") == "notices.replaces")
    }

    @Test("only the publisher takes down, and nothing twice")
    func withdrawing() throws {
        let board = try Board()
        let begins = board.bench.time.advanced(byDays: 3)
        try board.bench.run(board.notice("n", .election, begins: begins), as: Board.publisher)
        let withdraw = WithdrawNotice(notice: "n", reason: "改期")
        #expect(board.refusal { try board.bench.run(withdraw, as: Board.otherPublisher) } == "notices.notPublisher")
        let events = try board.bench.run(withdraw, as: Board.publisher)
        #expect(try NoticeWithdrawn(event: try #require(events.first)).from == nil)
        #expect(board.refusal { try board.bench.run(withdraw, as: Board.publisher) } == "notices.over")
        let unknown = WithdrawNotice(notice: "none", reason: "改期")
        #expect(board.refusal { try board.bench.run(unknown, as: Board.publisher) } == "notices.noticeUnknown")
        board.bench.advance(to: begins.advanced(byDays: 40))
        #expect(try board.row(notice: "n").status == .withdrawn)
    }

    @Test("the largest notice fits a leaf")
    func size() throws {
        let board = try Board()
        var notice = board.notice(String(repeating: "n", count: 64))
        notice.title = String(repeating: "\"", count: NoticesLimits.title)
        notice.text = String(repeating: "\"", count: NoticesLimits.text)
        notice.attachments = (1...8).map {
            NoticeAttachment(
                digest: Board.digest("\($0)"), mediaType: String(repeating: "m", count: 100),
                name: String(repeating: "\"", count: NoticesLimits.fileName), size: NoticesLimits.fileSize)
        }
        try board.bench.run(notice, as: Board.publisher)
        #expect(board.bench.lastSize < 60_000)
    }
}
