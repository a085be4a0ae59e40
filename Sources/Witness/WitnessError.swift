/// Something the person who runs a witness must know: a stable code, what happened, and what to do.
package struct WitnessError: Error, CustomStringConvertible, Sendable {
    /// Stable code, such as `witness.missing`.
    package let code: String
    /// What happened.
    package let message: String
    /// What to do.
    package let help: String

    init(_ code: String, _ message: String, help: String) {
        self.code = code
        self.message = message
        self.help = help
    }

    /// One line.
    package var description: String { "\(message) (\(code)); \(help)" }
}
