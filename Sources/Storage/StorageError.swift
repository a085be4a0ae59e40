/// A ledger's files could not be read or do not fit together: an opaque code, the place, and what to do.
package struct StorageError: Error, CustomStringConvertible, Sendable {
    /// Stable code, such as `storage.leaf`.
    package let code: String
    /// What was found where.
    package let place: String

    /// Names a fault.
    package init(_ code: String, _ place: String) {
        self.code = code
        self.place = place
    }

    /// Code and place in one line.
    package var description: String { "\(code): \(place)" }
}
