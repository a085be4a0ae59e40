import AppCatalog
import ArgumentParser
import ContractCatalog
import ContractKit
import PageKit

/// `linlian modules`: what this build can do.
struct ModulesCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "modules", abstract: "List the modules, their transaction types and parameters.")

    func run() {
        let pages = Set(AppCatalog.modules.map(\.name))
        for contract in ContractCatalog.contracts {
            print("\(contract.name)\(pages.contains(contract.name) ? "" : " (no pages)")")
            for command in contract.commands { print("  \(command.type)") }
            for parameter in contract.parameters { print("  parameter \(parameter.name)") }
        }
    }
}
