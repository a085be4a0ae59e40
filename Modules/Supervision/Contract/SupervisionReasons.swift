package import ContractKit

/// Why a rule of supervision refuses; the codes are on the ledger and never change their meaning.
package enum SupervisionReason {
    /// A finding with this id exists.
    package static let known = Reason("supervision.known")
    /// No finding has this id.
    package static let unknown = Reason("supervision.unknown")
    /// No party has this id.
    package static let partyUnknown = Reason("supervision.partyUnknown")
    /// A party raises findings about others, not about itself.
    package static let ownParty = Reason("supervision.ownParty")
    /// Only the party that the finding is about may answer it.
    package static let notConcerned = Reason("supervision.notConcerned")
    /// Only the party that raised the finding may close or reopen it.
    package static let notRaiser = Reason("supervision.notRaiser")
    /// The finding does not wait for an answer.
    package static let notOpen = Reason("supervision.notOpen")
    /// The finding has no answer that could be accepted.
    package static let notAnswered = Reason("supervision.notAnswered")
    /// The finding waits for an answer already.
    package static let openAlready = Reason("supervision.openAlready")
    /// The finding has gone back and forth too often.
    package static let tooMany = Reason("supervision.tooMany")

    /// All of them.
    package static let all = [
        known, unknown, partyUnknown, ownParty, notConcerned, notRaiser, notOpen, notAnswered, openAlready, tooMany,
    ]
}
