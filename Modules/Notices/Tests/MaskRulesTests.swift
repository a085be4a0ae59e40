import ContractKit
import LedgerTesting
import NoticesContract
import Primitives
import Testing

@Suite("Rules of masking")
struct MaskRulesTests {
    @Test("two parties mask and show again; a masked question takes nothing more")
    func dualApproval() throws {
        let board = try Board()
        try board.ask("q", "广告")
        let content = Board.digest("广告")
        let propose = ProposeMask(content: content, action: .mask, reason: .advertising, note: "推销")
        try board.bench.run(propose, as: Board.moderator("juweihui"))
        #expect(try !board.row(content: "广告").isMasked)
        #expect(board.refusal { try board.bench.run(propose, as: Board.moderator("wuye")) } == "notices.proposalWaits")
        let confirm = ConfirmMask(content: content, proposal: 1)
        #expect(board.refusal { try board.bench.run(confirm, as: Board.moderator("juweihui")) } == "notices.sameParty")
        #expect(
            board.refusal {
                try board.bench.run(
                    RejectMask(content: content, proposal: 1), as: Board.moderator("juweihui"))
            } == "notices.sameParty")
        #expect(board.refusal { try board.bench.run(confirm, as: Board.publisher) } == "account.role")
        try board.bench.run(confirm, as: Board.moderator("yeweihui"))
        let decision = try #require(try board.row(content: "广告").decision)
        #expect(try board.row(content: "广告").isMasked)
        #expect(decision.confirmedBy == "yeweihui" && decision.proposal.party == "juweihui")
        #expect(decision.proposal.reason == .advertising && decision.proposal.note == "推销")

        #expect(board.refusal { try board.bench.run(propose, as: Board.moderator("juweihui")) } == "notices.maskStands")
        #expect(board.refusal { try board.answer("q", "x") } == "notices.masked")
        #expect(board.refusal { try board.comment("c", on: .question("q")) } == "notices.masked")
        #expect(
            board.refusal { try board.bench.run(UpvoteQuestion(question: "q"), as: try board.resident(2)) }
                == "notices.masked")
        board.bench.advance(to: try board.question("q").due)
        #expect(try !board.question("q").overdue)

        try board.decide("广告", .unmask)
        #expect(try !board.row(content: "广告").isMasked)
        try board.comment("c", on: .question("q"))
    }

    @Test("an agreement is to the proposal that was read")
    func numbered() throws {
        let board = try Board()
        try board.ask("q")
        let content = Board.digest("q")
        let propose = ProposeMask(content: content, action: .mask, reason: .rumour)
        try board.bench.run(propose, as: Board.moderator("juweihui"))
        try board.bench.run(RejectMask(content: content, proposal: 1), as: Board.moderator("yeweihui"))
        #expect(try board.row(content: "q").proposal == nil)
        let stale = ConfirmMask(content: content, proposal: 1)
        #expect(board.refusal { try board.bench.run(stale, as: Board.moderator("wuye")) } == "notices.proposalUnknown")
        try board.bench.run(propose, as: Board.moderator("yeweihui"))
        #expect(board.refusal { try board.bench.run(stale, as: Board.moderator("wuye")) } == "notices.proposalUnknown")
        try board.bench.run(ConfirmMask(content: content, proposal: 2), as: Board.moderator("wuye"))
        #expect(try board.row(content: "q").isMasked)
    }

    @Test("answers and comments can be masked too; what nobody wrote cannot")
    func contributions() throws {
        let board = try Board()
        try board.ask("q")
        try board.answer("q", "答复")
        try board.comment("c", on: .question("q"), "评论")
        for text in ["答复", "评论"] {
            try board.decide(text)
            #expect(try board.row(content: text).isMasked)
        }
        #expect(try board.row(content: "答复").kind == .answer)
        #expect(try board.row(content: "答复").number == 1)
        try board.comment("d", on: .question("q"))
        let unknown = ProposeMask(content: Board.digest("nothing"), action: .mask, reason: .other)
        #expect(
            board.refusal { try board.bench.run(unknown, as: Board.moderator("wuye")) } == "notices.contentUnknown")
        let shown = ProposeMask(content: Board.digest("q"), action: .unmask, reason: .other)
        #expect(board.refusal { try board.bench.run(shown, as: Board.moderator("wuye")) } == "notices.maskStands")
    }
}
