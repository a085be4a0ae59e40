/// Something a person who runs a node must know: a stable code, what happened, and what to do.
package struct NodeError: Error, CustomStringConvertible, Sendable {
    /// Stable code, such as `data.missing`.
    package let code: String
    /// What happened.
    package let message: String
    /// What to do.
    package let help: String

    /// Names a fault.
    package init(_ code: String, _ message: String, help: String) {
        self.code = code
        self.message = message
        self.help = help
    }

    /// One line.
    package var description: String { "\(message) (\(code)); \(help)" }
}
