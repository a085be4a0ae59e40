/// Turning a home into business premises (Civil Code article 279): every interested owner must consent.
///
/// Interested are the other owners of the same building, and owners of other buildings who show that the value or use
/// of their home suffers (Supreme Court interpretation on condominium ownership, article 11). Silence is not consent,
/// and a majority does not replace it (article 10).
package struct UnanimousConsent: Sendable, Hashable {
    /// Owners whose consent is needed.
    package let interested: Int64
    /// Those who consent.
    package let consenting: Int64
    /// Those who refuse.
    package let refusing: Int64
    /// Those who have not answered.
    package var silent: Int64 { interested - consenting - refusing }
    /// Whether the change is allowed: all consent. With nobody interested nothing is decided.
    package var granted: Bool { interested > 0 && consenting == interested }

    /// A count of consents.
    ///
    /// - Throws: ``TallyError`` when numbers are negative, exceed the interested owners, or nobody is interested.
    package init(interested: Int64, consenting: Int64, refusing: Int64) throws(TallyError) {
        guard interested >= 0, consenting >= 0, refusing >= 0 else { throw .negative }
        guard interested > 0 else { throw .noOwners }
        let (answers, overflow) = consenting.addingReportingOverflow(refusing)
        guard !overflow else { throw .tooLarge }
        guard answers <= interested else { throw .exceedsWhole }
        self.interested = interested
        self.consenting = consenting
        self.refusing = refusing
    }
}
