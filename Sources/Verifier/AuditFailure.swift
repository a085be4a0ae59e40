/// What a check found: where, which check, what should be there and what is.
package struct AuditFailure: Error, CustomStringConvertible, Sendable {
    /// The place: a leaf, a tile, a checkpoint, a key of the state.
    package let place: String
    /// Stable code of the check, such as `audit.signature`.
    package let check: String
    /// What should be there.
    package let expected: String
    /// What is there.
    package let found: String

    /// Names a finding.
    package init(at place: String, check: String, expected: String, found: String) {
        self.place = place
        self.check = check
        self.expected = expected
        self.found = found
    }

    /// One line.
    package var description: String { "\(place): \(check): expected \(expected), found \(found)" }
}
