/// Who may sign a transaction type.
package enum Callers: Sendable, Equatable {
    /// Staff of a party (`as` = `party:<id>`) who hold the role.
    case staff(role: String)
    /// Any staff account of any party.
    case anyStaff
    /// A resident (`as` = `resident`).
    case resident
    /// A key that no account has yet and that the transaction introduces (`as` = `guest`).
    case guest
}

/// One transaction type: its body, who may sign it, and its rule.
package protocol Command: Record {
    /// `module.action`, stable.
    static var type: StaticString { get }
    /// Who may sign it.
    static var callers: Callers { get }
    /// The key that a `guest` transaction introduces: its signature is checked against it.
    var introducedKey: PublicKey? { get }
    /// Plausibility that needs no state; checked at the gate and again in the block.
    func check() throws(Reason)
    /// The rule. It changes the state and emits events, or throws and changes nothing.
    func execute(_ execution: inout Execution) throws(Reason)
}

extension Command {
    /// Most transactions introduce no key.
    package var introducedKey: PublicKey? { nil }
    /// Most bodies are plausible when they can be read.
    package func check() throws(Reason) {}
}

/// What the ledger does by itself when its time has come.
package struct DueAction: Sendable {
    /// `module.action`, as given to `Execution.schedule`.
    package let name: String
    /// The rule. What it throws is recorded as the event `ledger.dueFailed`; the entry is gone either way.
    package let run: @Sendable (_ id: String, _ execution: inout Execution) throws(Reason) -> Void

    /// Binds a name to a rule.
    package init(
        _ name: String, run: @escaping @Sendable (_ id: String, _ execution: inout Execution) throws(Reason) -> Void
    ) {
        self.name = name
        self.run = run
    }
}

/// A module's rules, as the catalog lists them.
package protocol Contract: Sendable {
    /// The module's name in state keys and type names, lower case.
    static var name: String { get }
    /// Its transaction types.
    static var commands: [any Command.Type] { get }
    /// Its due actions.
    static var dueActions: [DueAction] { get }
    /// Every reason its rules give, for the documentation and the message files.
    static var reasons: [Reason] { get }
    /// Every rule value it uses, with default, range and source; the constitution may set another value.
    static var parameters: [ParameterDefinition] { get }
}

extension Contract {
    /// Most modules wait for nothing.
    package static var dueActions: [DueAction] { [] }
    /// A module without rule values.
    package static var parameters: [ParameterDefinition] { [] }
}
