/// Why something was refused: a stable, documented code, and where it helps the field it concerns.
///
/// The code goes on the ledger (`rejected <code>`), so it never changes its meaning; the sentence a person reads is
/// looked up from it in both languages.
package struct Reason: Error, Hashable, Sendable {
    /// `module.what`, ASCII, at most 64 bytes.
    package let code: String
    /// Path of the field concerned, such as `body.unit`.
    package let field: String?

    /// A reason without a field.
    package init(_ code: String) {
        self.code = code
        self.field = nil
    }

    /// A reason about one field.
    package init(_ code: String, field: String?) {
        self.code = code
        self.field = field
    }

    /// The same reason, told about a field.
    package func at(_ field: String) -> Reason { Reason(code, field: field) }
}

/// Reasons that every module shares.
extension Reason {
    /// A required field is missing.
    package static let fieldMissing = Reason("field.missing")
    /// A field has the wrong JSON type.
    package static let fieldType = Reason("field.type")
    /// A value is outside its limits (length, range, characters).
    package static let fieldRange = Reason("field.range")
    /// A field that the transaction type does not have.
    package static let fieldUnknown = Reason("field.unknown")
    /// The caller does not hold the role that the transaction needs.
    package static let notAllowed = Reason("account.role")
    /// The signing key belongs to no account, or the account was closed.
    package static let unknownKey = Reason("account.unknown")
    /// A sum or product left the 64-bit range.
    package static let overflow = Reason("amount.overflow")
    /// A stored row could not be read: the state is damaged or written by a newer rule version.
    package static let stateDamaged = Reason("state.damaged")
}

extension Int64 {
    /// Sum, or `amount.overflow`.
    package func adding(_ other: Int64) throws(Reason) -> Int64 {
        let (sum, overflow) = addingReportingOverflow(other)
        if overflow { throw .overflow }
        return sum
    }

    /// Product, or `amount.overflow`.
    package func multiplied(by other: Int64) throws(Reason) -> Int64 {
        let (product, overflow) = multipliedReportingOverflow(by: other)
        if overflow { throw .overflow }
        return product
    }
}
