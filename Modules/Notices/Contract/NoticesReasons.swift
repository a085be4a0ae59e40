package import ContractKit

/// Why a rule of notices refuses; the codes are on the ledger and never change their meaning.
package enum NoticesReason {
    /// A notice with this id exists or existed.
    package static let noticeKnown = Reason("notices.noticeKnown")
    /// No notice has this id.
    package static let noticeUnknown = Reason("notices.noticeUnknown")
    /// The audience names a building that is not on the roll.
    package static let buildingUnknown = Reason("notices.buildingUnknown")
    /// The notice would end before it begins, or stay up for more than a year.
    package static let period = Reason("notices.period")
    /// The notice would come down, or be taken down, before its must-post period is over.
    package static let mustPost = Reason("notices.mustPost")
    /// The notice to be corrected is another party's, was withdrawn, or is corrected already.
    package static let replaces = Reason("notices.replaces")
    /// Only the party that published a notice may take it down.
    package static let notPublisher = Reason("notices.notPublisher")
    /// The notice is down already.
    package static let over = Reason("notices.over")
    /// The notice is not up, so that it takes no comments.
    package static let notPosted = Reason("notices.notPosted")
    /// A question with this id exists.
    package static let questionKnown = Reason("notices.questionKnown")
    /// No question has this id.
    package static let questionUnknown = Reason("notices.questionUnknown")
    /// A comment with this id exists.
    package static let commentKnown = Reason("notices.commentKnown")
    /// A contribution with this very content exists: each has a random beginning of its own.
    package static let contentKnown = Reason("notices.contentKnown")
    /// No contribution has this content.
    package static let contentUnknown = Reason("notices.contentUnknown")
    /// The account has written as much today as is allowed.
    package static let tooMany = Reason("notices.tooMany")
    /// Nobody supports his own question.
    package static let ownQuestion = Reason("notices.ownQuestion")
    /// The account supports the question already.
    package static let upvoted = Reason("notices.upvoted")
    /// The question has as many official answers as it can have.
    package static let answers = Reason("notices.answers")
    /// The question is masked and takes neither comments nor support nor answers.
    package static let masked = Reason("notices.masked")
    /// The contribution is masked already, or shown already.
    package static let maskStands = Reason("notices.maskStands")
    /// A proposal about this contribution waits already.
    package static let proposalWaits = Reason("notices.proposalWaits")
    /// The proposal does not wait any more, or is another one.
    package static let proposalUnknown = Reason("notices.proposalUnknown")
    /// Another party than the proposing one decides.
    package static let sameParty = Reason("notices.sameParty")

    /// All of them.
    package static let all = [
        noticeKnown, noticeUnknown, buildingUnknown, period, mustPost, replaces, notPublisher, over, notPosted,
        questionKnown, questionUnknown, commentKnown, contentKnown, contentUnknown, tooMany, ownQuestion, upvoted,
        answers, masked, maskStands, proposalWaits, proposalUnknown, sameParty,
    ]
}
