package import ContractKit

/// Why a constitution rule refuses; the codes are on the ledger and never change their meaning.
package enum ConstitutionReason {
    /// The ledger has been founded already, or its first block has passed.
    package static let founded = Reason("constitution.founded")
    /// The key that signs the founding is not among the staff it names.
    package static let founderMissing = Reason("constitution.founderMissing")
    /// The ledger has not been founded.
    package static let missing = Reason("constitution.missing")
    /// No party has this id.
    package static let partyUnknown = Reason("constitution.partyUnknown")
    /// A party with this id exists.
    package static let partyKnown = Reason("constitution.partyKnown")
    /// Another party has this cosigner key or node name.
    package static let partyTaken = Reason("constitution.partyTaken")
    /// More parties or staff accounts than the ledger allows.
    package static let tooMany = Reason("constitution.tooMany")
    /// A text is not a verifier key (C2SP signed-note) of the algorithm needed here, or its key hash is wrong.
    package static let verifierKey = Reason("constitution.verifierKey")
    /// A staff account may not hold this role.
    package static let roleReserved = Reason("constitution.roleReserved")
    /// The key is known already.
    package static let keyKnown = Reason("constitution.keyKnown")
    /// No staff account has this key.
    package static let keyUnknown = Reason("constitution.keyUnknown")
    /// No module declares a parameter with this name.
    package static let parameterUnknown = Reason("constitution.parameterUnknown")
    /// The parameter's value has the wrong type or is outside its range.
    package static let parameterRange = Reason("constitution.parameterRange")
    /// The same parameter is set twice.
    package static let parameterRepeated = Reason("constitution.parameterRepeated")
    /// A threshold must be at least a half and less than the whole, so that two majorities share a party and all
    /// parties together always suffice.
    package static let threshold = Reason("constitution.threshold")
    /// The groups would let two sets of parties without a common member each decide, so that the ledger could part in
    /// two.
    package static let quorumApart = Reason("constitution.quorumApart")
    /// A group needs more parties than it has.
    package static let quorumSize = Reason("constitution.quorumSize")
    /// A proposal or founding sets the groups twice.
    package static let quorumRepeated = Reason("constitution.quorumRepeated")
    /// A group has the name of another group, of a party, or a word that policies use themselves.
    package static let groupName = Reason("constitution.groupName")
    /// A party is named twice in the groups.
    package static let groupTwice = Reason("constitution.groupTwice")
    /// A party that has to agree, or that watches, has no cosigner key.
    package static let cosignerMissing = Reason("constitution.cosignerMissing")
    /// A cosigner key is not named `<ledger>/<party>`, the name in which the party's node signs.
    package static let cosignerName = Reason("constitution.cosignerName")
    /// The party is in a group that has to agree, so it stays, with a cosigner key, until the groups are set anew.
    package static let partyInGroup = Reason("constitution.partyInGroup")
    /// Every party with a node would only watch.
    package static let nobodyOrders = Reason("constitution.nobodyOrders")
    /// No party would be left that can vote.
    package static let noDelegate = Reason("constitution.noDelegate")
    /// A proposal with this id exists or existed.
    package static let proposalKnown = Reason("constitution.proposalKnown")
    /// No proposal has this id.
    package static let proposalUnknown = Reason("constitution.proposalUnknown")
    /// The proposal is no longer open.
    package static let proposalClosed = Reason("constitution.proposalClosed")
    /// The proposal's changes are too large for one leaf.
    package static let proposalTooLarge = Reason("constitution.proposalTooLarge")
    /// The party has too many open proposals.
    package static let tooManyProposals = Reason("constitution.tooManyProposals")
    /// The proposal was written against a constitution that has changed since.
    package static let versionOld = Reason("constitution.versionOld")
    /// The party has voted on this proposal.
    package static let votedAlready = Reason("constitution.votedAlready")
    /// Only the party that made a proposal may withdraw it.
    package static let notProposer = Reason("constitution.notProposer")

    /// All of them.
    package static let all = [
        founded, founderMissing, missing, partyUnknown, partyKnown, partyTaken, tooMany, verifierKey, roleReserved,
        keyKnown, keyUnknown, parameterUnknown, parameterRange, parameterRepeated, threshold, quorumApart,
        quorumSize, quorumRepeated, groupName, groupTwice, cosignerMissing, cosignerName, partyInGroup, nobodyOrders,
        noDelegate,
        proposalKnown, proposalUnknown, proposalClosed, proposalTooLarge, tooManyProposals, versionOld, votedAlready,
        notProposer,
    ]
}
