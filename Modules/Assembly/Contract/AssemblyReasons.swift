package import ContractKit

/// Why an assembly rule refuses; the codes are on the ledger and never change their meaning.
package enum AssemblyReason {
    /// The matter is none of items 1 to 9 of article 278 and not article 279 (279).
    package static let matter = Reason("assembly.matter")
    /// A conversion (article 279) names its building as scope and the home concerned as `unit`; other matters name none.
    package static let conversion = Reason("assembly.conversion")
    /// A motion with this id exists or existed.
    package static let motionKnown = Reason("assembly.motionKnown")
    /// No motion has this id.
    package static let motionUnknown = Reason("assembly.motionUnknown")
    /// There is no unit in the scope.
    package static let scopeEmpty = Reason("assembly.scopeEmpty")
    /// The roll has more units than one count may walk over.
    package static let rollTooLarge = Reason("assembly.rollTooLarge")
    /// Voting would begin sooner than the notice allows, or in the past.
    package static let notice = Reason("assembly.notice")
    /// The voting period is shorter or longer than the parameters allow.
    package static let period = Reason("assembly.period")
    /// Only the party that announced a motion may withdraw it.
    package static let notConvener = Reason("assembly.notConvener")
    /// Voting has not begun.
    package static let notOpen = Reason("assembly.notOpen")
    /// Voting has begun, so the motion cannot be withdrawn.
    package static let begun = Reason("assembly.begun")
    /// Voting has ended; a ballot that comes later is refused.
    package static let closed = Reason("assembly.closed")
    /// The motion was withdrawn.
    package static let withdrawn = Reason("assembly.withdrawn")
    /// No unit has this id.
    package static let unitUnknown = Reason("assembly.unitUnknown")
    /// The unit has no vote on this motion: another building, not yet on the roll when voting began, or the very home
    /// that is to be converted (the same owner's other homes included).
    package static let unitOutside = Reason("assembly.unitOutside")
    /// The caller's account does not own the unit.
    package static let notOwner = Reason("assembly.notOwner")
    /// The unit has voted and the ballot stands.
    package static let ballotSecond = Reason("assembly.ballotSecond")

    /// All of them.
    package static let all = [
        matter, conversion, motionKnown, motionUnknown, scopeEmpty, rollTooLarge, notice, period, notConvener, notOpen,
        begun, closed, withdrawn, unitUnknown, unitOutside, notOwner, ballotSecond,
    ]
}
