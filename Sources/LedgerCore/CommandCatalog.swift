package import ContractKit
import Primitives

/// Every transaction type and due action of a list of contracts, by name: what the core knows of the modules.
package struct CommandCatalog: Sendable {
    /// The contracts, in the order of the catalog.
    package let contracts: [any Contract.Type]
    /// The parameters that the contracts declare.
    package let parameters: ParameterDefinitions
    private let commands: [[UInt8]: any Command.Type]
    private let dueActions: [String: DueAction]

    /// Indexes a list of contracts.
    package init(_ contracts: [any Contract.Type]) {
        self.contracts = contracts
        var commands: [[UInt8]: any Command.Type] = [:]
        var dueActions: [String: DueAction] = [:]
        for contract in contracts {
            for command in contract.commands { commands[Array("\(command.type)".utf8)] = command }
            for action in contract.dueActions { dueActions[action.name] = action }
        }
        self.commands = commands
        parameters = ParameterDefinitions(contracts)
        self.dueActions = dueActions
    }

    /// The names of all transaction types, sorted.
    package var types: [String] { commands.keys.map { String(decoding: $0, as: UTF8.self) }.sorted() }

    /// The transaction type called `type`.
    package func command(_ type: ArraySlice<UInt8>) -> (any Command.Type)? { commands[Array(type)] }

    /// The due action called `name`.
    package func dueAction(_ name: String) -> DueAction? { dueActions[name] }
}
